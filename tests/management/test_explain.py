"""`manage.py explain` tells why a campaign is paused."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.builders import a_brand, a_campaign, a_schedule, an_instant, the_clock_at

NOON = an_instant("2026-03-10 12:00")

pytestmark = pytest.mark.django_db


def the_command(*words: str) -> str:
    out = StringIO()
    with the_clock_at(NOON):
        call_command("explain", *words, stdout=out)
    return out.getvalue()


def test_a_campaign_is_found_by_its_id() -> None:
    with the_clock_at(NOON):
        campaign = a_campaign(name="Spring sale")

    assert the_command(str(campaign.pk)) == (
        f"Acme / Spring sale ({campaign.pk}): Running: no reason to pause.\n"
    )


def test_a_campaign_is_found_by_its_exact_name() -> None:
    with the_clock_at(NOON):
        a_campaign(name="Spring sale")
        a_campaign(name="Spring sale 2")

    assert the_command("Spring sale").startswith("Acme / Spring sale (")


def test_a_name_of_digits_is_found_when_no_id_is_meant() -> None:
    with the_clock_at(NOON):
        a_campaign(name="202603")

    assert the_command("202603").startswith("Acme / 202603 (")


def test_every_reason_has_a_line_with_its_end() -> None:
    with the_clock_at(NOON):
        campaign = a_campaign(
            schedule=a_schedule("Mon-Sun 14:00-18:00", name="Afternoons"), is_held=True
        )

    _, hold, schedule = the_command(str(campaign.pk)).splitlines()

    assert hold.endswith("until a person lifts it.")
    assert schedule.endswith("until Tue 10 Mar 2026, 14:00 (UTC).")


def test_programs_get_reasons_and_instants() -> None:
    with the_clock_at(NOON):
        campaign = a_campaign(daily="0")

    answer = json.loads(the_command(str(campaign.pk), "--json"))

    assert answer["status"] == "paused"
    assert answer["resumes_at"] is None
    assert [reason["reason"] for reason in answer["reasons"]] == ["DAILY_BUDGET"]
    assert answer["reasons"][0]["since"] == "2026-03-10T12:00:00+00:00"


@pytest.mark.parametrize("text", ["404", "Autumn sale", "99999999999999999999", "²", "-1"])
def test_an_unknown_campaign_is_refused(text: str) -> None:
    with pytest.raises(CommandError, match="There is no campaign with the ID or exact name"):
        the_command("--", text)


def test_a_name_that_several_campaigns_have_is_refused_with_their_ids() -> None:
    with the_clock_at(NOON):
        one = a_campaign(brand=a_brand(name="Acme"), name="Sale")
        other = a_campaign(brand=a_brand(name="Zenith"), name="Sale")

    with pytest.raises(CommandError) as refused:
        the_command("Sale")

    assert str(refused.value) == (
        f"Several campaigns are named 'Sale'; give an ID: {one.pk} (Acme); {other.pk} (Zenith)."
    )
