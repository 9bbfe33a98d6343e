"""A page that was open for an hour writes what its person changed, and nothing else."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from budgets.models import Brand, Campaign, Schedule, Source
from budgets.operations import edits
from budgets.operations.holds import hold
from tests.admin.pages import HiddenInputs, address, confirm, send, text_of
from tests.builders import (
    a_brand,
    a_campaign,
    a_person,
    a_schedule,
    an_instant,
    spend,
    the_clock_at,
)


class OpenPage:
    """The page of a row as a browser shows it, to be sent later."""

    def __init__(self, signed_in: Client, page: str, row: Any, language: str = "en") -> None:
        self.signed_in, self.page, self.row = signed_in, page, row
        response = signed_in.get(address(page, row.pk), headers={"Accept-Language": language})
        inputs = HiddenInputs()
        inputs.feed(response.content.decode())
        form = response.context["adminform"].form
        self.values = {name: values[-1] for name, values in inputs.values.items()}
        self.values |= {field.html_name: as_typed(field) for field in form}
        self.language = {"Accept-Language": language}

    def save(self, **typed: str) -> Any:
        """Send it with what its person has typed into some of the boxes."""
        url = address(self.page, self.row.pk)
        return self.signed_in.post(url, self.values | typed, headers=self.language)


def as_typed(field: Any) -> str:
    """Return what a box holds when nobody has touched it."""
    value = field.field.widget.format_value(field.value())
    value = value[0] if isinstance(value, list) else value
    return "" if value is None else str(value)


def edit(row: Any, **values: Any) -> None:
    """Edit a row as somebody else does, meanwhile."""
    fresh = type(row).objects.get(pk=row.pk)
    for name, value in values.items():
        setattr(fresh, name, value)
    fresh.save()


def test_a_brand_keeps_what_somebody_else_wrote_into_another_field(signed_in: Client) -> None:
    brand = a_brand(daily="100", monthly="3000")
    page = OpenPage(signed_in, "brand_change", brand)
    edit(brand, name="Acme Ltd", monthly_budget=Decimal(4000))
    assert page.save(daily_budget="120").status_code == 302
    brand.refresh_from_db()
    facts = (brand.name, brand.daily_budget, brand.monthly_budget)
    assert facts == ("Acme Ltd", Decimal(120), Decimal(4000))
    assert Brand.history.latest("history_id").name == "Acme Ltd"


def test_a_campaign_keeps_what_somebody_else_wrote_into_another_field(signed_in: Client) -> None:
    schedule = a_schedule("Mon-Sun 00:00-24:00")
    campaign = a_campaign(daily="100", schedule=schedule)
    page = OpenPage(signed_in, "campaign_change", campaign)
    edit(campaign, schedule=None, daily_budget=Decimal(200), ends_on=date(2099, 12, 31))
    assert page.save(name="Summer sale").status_code == 302
    campaign.refresh_from_db()
    facts = (campaign.name, campaign.schedule, campaign.daily_budget, campaign.ends_on)
    assert facts == ("Summer sale", None, Decimal(200), date(2099, 12, 31))


def test_a_schedule_keeps_what_somebody_else_wrote_into_another_field(signed_in: Client) -> None:
    schedule = a_schedule("Mon-Fri 09:00-17:00;\nSat 10:00-12:00")
    page = OpenPage(signed_in, "schedule_change", schedule)
    page.values = {name: value.replace("\n", "\r\n") for name, value in page.values.items()}
    edit(schedule, hours="Mon-Fri 08:00-20:00")
    assert page.save(name="Longer hours").status_code == 302
    schedule.refresh_from_db()
    assert (schedule.name, schedule.hours) == ("Longer hours", "Mon-Fri 08:00-20:00")


def test_a_source_keeps_what_somebody_else_wrote_into_another_field(signed_in: Client) -> None:
    source = Source.objects.create(brand=a_brand(), name="google", timezone="Asia/Tokyo")
    page = OpenPage(signed_in, "source_change", source)
    Source.objects.update(timezone="Asia/Seoul")
    assert page.save(name="google ads").status_code == 302
    source.refresh_from_db()
    assert (source.name, source.timezone) == ("google ads", "Asia/Seoul")


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_page_in_which_nothing_was_changed_writes_nothing(
    signed_in: Client, language: str
) -> None:
    campaign = a_campaign(daily="1234.50", monthly="1000", starts_on=date(2026, 3, 10))
    page = OpenPage(signed_in, "campaign_change", campaign, language)
    edit(campaign, daily_budget=Decimal("99.5"), starts_on=None, name="Summer sale")
    records = Campaign.history.count()
    assert page.save().status_code == 302
    campaign.refresh_from_db()
    facts = (campaign.name, campaign.daily_budget, campaign.starts_on)
    assert facts == ("Summer sale", Decimal("99.5"), None)
    assert Campaign.history.count() == records


def test_two_who_change_one_field_are_told_of_each_other(signed_in: Client) -> None:
    brand = a_brand(daily="200", monthly="3000")
    page = OpenPage(signed_in, "brand_change", brand)
    edit(brand, daily_budget=Decimal(300))
    asked = page.save(daily_budget="250", monthly_budget="4000")
    said = text_of(asked)
    assert "Nothing is saved yet." in said
    assert (
        "Daily budget was set from $200.00 to $300.00 while you had this page open; you wrote"
        in said
    )
    assert "Monthly budget was set" not in said
    brand.refresh_from_db()
    assert (brand.daily_budget, brand.monthly_budget) == (Decimal(300), Decimal(3000))

    assert confirm(signed_in, asked).status_code == 302
    brand.refresh_from_db()
    assert (brand.daily_budget, brand.monthly_budget) == (Decimal(250), Decimal(4000))


def test_what_somebody_cleared_meanwhile_is_told_too(signed_in: Client) -> None:
    campaign = a_campaign(daily="200", schedule=a_schedule("Mon-Sun 00:00-24:00"))
    other = a_schedule("Mon-Sun 00:00-24:00", name="All day")
    page = OpenPage(signed_in, "campaign_change", campaign)
    edit(campaign, daily_budget=None, schedule=None)
    said = text_of(page.save(daily_budget="250", schedule=str(other.pk)))
    assert "Daily budget was set from $200.00 to no limit while you had this page open" in said
    assert (
        "Schedule was set from Office hours to none while you had this page open; you wrote All day"
        in said
    )


def test_who_set_it_and_when_is_told(signed_in: Client) -> None:
    brand = a_brand(daily="200", zone="Asia/Tokyo")
    page = OpenPage(signed_in, "brand_change", brand)
    noon = an_instant("2026-03-10 12:00")
    brand.daily_budget = Decimal(300)
    with the_clock_at(noon):
        edits.save([brand], by=a_person("ada"), now=noon, clock=lambda: noon)
    assert (
        "ada set Daily budget from $200.00 to $300.00 on Tue 10 Mar 2026, 21:00 (Asia/Tokyo), "
        "while you had this page open; you wrote $250.00." in text_of(page.save(daily_budget="250"))
    )


def test_what_happened_to_the_brand_since_is_told(signed_in: Client) -> None:
    brand = a_brand(daily="200")
    page = OpenPage(signed_in, "brand_change", brand)
    campaign = a_campaign(brand=brand, name="Spring")
    spend(a_campaign(brand=brand, name="Autumn"), "100", at=timezone.now())
    asked = page.save(daily_budget="100")
    hold(campaign, by=a_person("ada"), now=timezone.now())
    again = text_of(confirm(signed_in, asked))
    assert "Things have changed since you looked." in again
    assert "ada: Held “Spring”" in again
    assert "ada: Paused “Spring”: Running → On hold" in again


def test_when_both_wrote_the_same_nothing_is_asked_and_nothing_written(signed_in: Client) -> None:
    brand = a_brand(daily="200")
    page = OpenPage(signed_in, "brand_change", brand)
    edit(brand, daily_budget=Decimal(250))
    records = Brand.history.count()
    assert page.save(daily_budget="250").status_code == 302
    assert Brand.history.count() == records


def test_who_is_told_and_meanwhile_it_is_changed_again_is_asked_again(signed_in: Client) -> None:
    brand = a_brand(daily="200")
    page = OpenPage(signed_in, "brand_change", brand)
    edit(brand, daily_budget=Decimal(300))
    asked = page.save(daily_budget="250")
    edit(brand, daily_budget=Decimal(310))
    again = confirm(signed_in, asked)
    assert "Things have changed since you looked." in text_of(again)
    assert "Daily budget: $300.00 → $310.00" in text_of(again)
    assert "Daily budget was set from $200.00 to $310.00" in text_of(again)
    brand.refresh_from_db()
    assert brand.daily_budget == Decimal(310)


def test_a_form_that_comes_back_with_an_error_still_knows_what_it_showed(signed_in: Client) -> None:
    brand = a_brand(daily="200")
    page = OpenPage(signed_in, "brand_change", brand)
    edit(brand, daily_budget=Decimal(300), name="Acme Ltd")
    wrong = page.save(daily_budget="250", monthly_budget="lots")
    assert 'name="initial-daily_budget" value="200.00"' in wrong.content.decode()
    assert 'value="Acme Ltd"' in wrong.content.decode()
    assert "Daily budget was set from $200.00 to $300.00" in text_of(page.save(daily_budget="250"))


def test_a_program_that_sends_no_first_values_is_taken_at_its_word(signed_in: Client) -> None:
    schedule = a_schedule()
    edit(schedule, name="Renamed")
    data = {"name": "Office hours", "hours": "Mon-Sun 09:00-17:00"}
    assert send(signed_in, "schedule_change", data, schedule.pk).status_code == 302
    assert Schedule.objects.get().name == "Office hours"
