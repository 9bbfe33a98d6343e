"""`manage.py reconcile` decides now, or tells what it would decide."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from budgets.models import Campaign, Change, Trigger
from tests.builders import a_brand, a_campaign

pytestmark = pytest.mark.django_db


def the_command(*words: str) -> str:
    out = StringIO()
    call_command("reconcile", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def due() -> Campaign:
    """Return a campaign that should pause, edited past every save."""
    campaign = a_campaign(brand=a_brand(name="Acme"), name="Spring sale")
    Campaign.objects.filter(pk=campaign.pk).update(daily_budget=0)
    return campaign


def test_it_pauses_what_should_be_paused(due: Campaign) -> None:
    said = the_command()

    due.refresh_from_db()
    assert due.status == "paused"
    assert said == f"1 campaign changed.\n  Acme / Spring sale ({due.pk}): Daily budget reached\n"


def test_the_change_says_that_a_command_caused_it(due: Campaign) -> None:
    the_command()

    assert Change.objects.get().trigger == Trigger.COMMAND


def test_a_dry_run_tells_and_writes_nothing(due: Campaign) -> None:
    said = the_command("--dry-run")

    due.refresh_from_db()
    assert due.status == "running"
    assert not Change.objects.exists()
    assert said.startswith("1 campaign would change; nothing was written.")


def test_brands_that_are_not_named_are_left_alone(due: Campaign) -> None:
    other = a_brand(name="Other")

    assert the_command("--brand", str(other.pk)) == "Every campaign is as it should be.\n"


def test_the_named_brands_are_decided(due: Campaign) -> None:
    the_command("--brand", str(due.brand_id), str(a_brand(name="Other").pk))

    due.refresh_from_db()
    assert due.status == "paused"


def test_an_unknown_brand_is_refused() -> None:
    with pytest.raises(CommandError, match="There is no brand with ID 404\\."):
        the_command("--brand", "404")


def test_programs_get_the_reasons_before_and_after(due: Campaign) -> None:
    assert json.loads(the_command("--json")) == {
        "dry_run": False,
        "changed": 1,
        "changes": [
            {
                "campaign": due.pk,
                "brand": due.brand_id,
                "before": [],
                "after": ["DAILY_BUDGET"],
            }
        ],
    }


def test_many_changes_are_counted_and_the_first_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("budgets.management.commands.reconcile.CHANGES_LISTED", 2)
    for number in range(3):
        a_campaign(name=str(number))
    Campaign.objects.update(daily_budget=0)

    said = the_command().splitlines()

    assert said[0] == "3 campaigns changed."
    assert said[-1] == "  … and 1 more."
    assert len(said) == 4
