"""Dates with other hours on the pages of brands and schedules, and the holidays they offer."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from budgets.models import Brand, Schedule
from budgets.rules.reasons import PauseReason
from tests.admin.files import csv_rows, exported, take_in
from tests.admin.pages import A_BRAND, confirm, errors_of, send, text_of
from tests.builders import a_brand, a_campaign, a_schedule, the_clock_at

THIS_YEAR = timezone.now().year


def the_date() -> str:
    """Return the local day of a brand in UTC."""
    return timezone.now().date().isoformat()


def test_a_date_that_closes_a_brand_is_seen_before_it_is_saved(signed_in: Client) -> None:
    campaign = a_campaign()
    edit = A_BRAND | {"exceptions": f"{the_date()} closed\r\n{THIS_YEAR + 1}-01-01 closed"}
    seen = send(signed_in, "brand_change", edit, campaign.brand_id)
    assert "1 campaign stops" in text_of(seen)
    confirm(signed_in, seen)
    campaign.refresh_from_db()
    assert campaign.pause_reasons == PauseReason.OUTSIDE_SCHEDULE
    assert "\r" not in Brand.objects.get().exceptions


def test_what_a_month_hands_on_is_said_in_words_before_it_is_saved(signed_in: Client) -> None:
    brand = a_campaign().brand
    edit = {"rollover": "both", "rollover_cap": "2,500", "exceptions": f"{the_date()} closed"}
    seen = send(signed_in, "brand_change", A_BRAND | edit, brand.pk)
    text = text_of(seen)
    assert "A month hands on nothing what is unspent, or overspent" in text
    assert "Hands on at most no limit $2,500.00" in text
    confirm(signed_in, seen)
    brand.refresh_from_db()
    assert (brand.rollover, brand.rollover_cap) == ("both", 2500)


def test_a_line_that_cannot_be_read_is_named(signed_in: Client) -> None:
    schedule = a_schedule()
    edit = {"name": "Office", "hours": schedule.hours, "exceptions": "2026-12-25 closed\nEaster"}
    response = send(signed_in, "schedule_change", edit, schedule.pk)
    assert errors_of(response)["exceptions"] == ["Line 2: begin with a date such as 2026-12-25."]


def test_dates_and_rollover_go_out_and_come_in(signed_in: Client) -> None:
    brand, schedule = a_brand(monthly="1000"), a_schedule()
    take_in(
        signed_in,
        "brand",
        "id,rollover,rollover_cap,exceptions\n"
        f'{brand.pk},both,250,"2026-12-25 closed\n2026-12-31 open"\n',
    )
    brand.refresh_from_db()
    assert (brand.rollover, brand.rollover_cap) == ("both", 250)
    (row,) = csv_rows(exported(signed_in, "brand"))
    assert (row["rollover"], row["rollover_cap"]) == ("both", "250.00")
    assert row["exceptions"] == "2026-12-25 closed\n2026-12-31 open"
    take_in(signed_in, "schedule", f"id,exceptions\n{schedule.pk},2026-12-25 closed\n")
    assert Schedule.objects.get().exceptions == "2026-12-25 closed"
    take_in(signed_in, "brand", "name,currency,timezone,rollover\nNew,USD,UTC,\n")
    assert Brand.objects.get(name="New").rollover == "none"


def asked(client: Client, **question: str | int) -> tuple[int, dict[str, list[list[str]]]]:
    response = client.get(reverse("holidays"), question)
    return response.status_code, response.json()


def test_holidays_of_a_country_and_of_a_region_are_offered(signed_in: Client) -> None:
    status, germany = asked(signed_in, country="DE", year=THIS_YEAR + 1)
    assert status == 200
    assert [f"{THIS_YEAR + 1}-10-03", "German Unity Day"] in germany["days"]
    assert ["BY", "Bayern"] in germany["regions"]
    epiphany = f"{THIS_YEAR + 1}-01-06"
    assert epiphany not in dict(germany["days"])
    assert epiphany in dict(
        asked(signed_in, country="DE", region="BY", year=THIS_YEAR + 1)[1]["days"]
    )


def test_holidays_that_are_over_are_not_offered(signed_in: Client) -> None:
    yesterday = (timezone.now().date() - timedelta(days=1)).isoformat()
    assert all(day >= yesterday for day, _ in asked(signed_in, country="JP")[1]["days"])
    with the_clock_at(datetime(THIS_YEAR, 11, 28, tzinfo=UTC)):
        days = dict(asked(signed_in, country="US")[1]["days"])
    assert list(days.values()) == ["Christmas Day"]


@pytest.mark.parametrize(
    "question",
    [
        {"country": "XX"},
        {"country": "DE", "region": "Atlantis"},
        {"country": "DE", "year": THIS_YEAR + 3},
        {"country": "DE", "year": THIS_YEAR - 1},
        {"country": "DE", "year": "²"},
        {},
    ],
)
def test_what_is_not_offered_is_not_found(
    signed_in: Client, question: dict[str, str | int]
) -> None:
    assert asked(signed_in, **question) == (404, {"regions": [], "days": []})


@pytest.mark.parametrize("zone,country", [("Europe/Berlin", "DE"), ("UTC", None)])
def test_the_country_of_the_brands_zone_is_offered_first(
    signed_in: Client, zone: str, country: str | None
) -> None:
    brand = a_brand(zone=zone)
    page = signed_in.get(reverse("admin:budgets_brand_change", args=[brand.pk]))
    assert ('<option value="DE" selected>' in page.content.decode()) == (country == "DE")
