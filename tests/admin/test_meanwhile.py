"""Two people at once: who confirms what they saw is told what another one did meanwhile."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from budgets.models import Brand, Campaign, Schedule
from budgets.operations import edits
from budgets.operations.holds import hold, release
from tests.admin import long_edits
from tests.admin.files import confirm_import, upload
from tests.admin.long_edits import two_rows_are_many
from tests.admin.pages import address, confirm, send, text_of, told
from tests.admin.test_bulk_budgets import change
from tests.admin.test_long_edits import change_budgets
from tests.admin.test_old_pages import OpenPage
from tests.builders import a_brand, a_campaign, a_person, a_schedule, spend

__all__ = ["two_rows_are_many"]
MOVED_ON = "Things have changed since you looked. This is what it would do now."
STAYS = "“Spring sale” stays on hold: ada put it on hold on "


def ada() -> User:
    return User.objects.filter(username="ada").first() or a_person("ada")


def ada_sets(row: Brand | Campaign | Schedule, **values: Any) -> None:
    fresh = type(row).objects.get(pk=row.pk)
    for name, value in values.items():
        setattr(fresh, name, value)
    edits.save([fresh], by=ada(), now=timezone.now(), clock=timezone.now)


def is_held(campaign: Campaign) -> bool:
    campaign.refresh_from_db()
    return campaign.is_held


def test_a_bulk_edit_tells_who_set_a_budget_meanwhile(signed_in: Client) -> None:
    campaign = a_campaign(daily="100")
    page = change(signed_in, campaign, daily_how="raise_by_percent", daily_by="10")
    ada_sets(campaign, daily_budget=Decimal(200))
    again = confirm(signed_in, page)
    assert MOVED_ON in text_of(again)
    assert "ada: Edited “Spring sale”: Daily budget: $100.00 → $200.00" in text_of(again)
    assert confirm(signed_in, again).status_code == 302
    campaign.refresh_from_db()
    assert campaign.daily_budget == Decimal(220)


@pytest.mark.usefixtures("two_rows_are_many")
def test_a_long_bulk_edit_tells_it_too(signed_in: Client) -> None:
    one, two = long_edits.two_campaigns()
    page = change_budgets(signed_in, one, two, daily_how="set", daily_by="150")
    assert MOVED_ON not in text_of(page)
    ada_sets(one, daily_budget=Decimal(120))
    again = long_edits.confirm(signed_in, page)
    assert MOVED_ON in text_of(again)
    assert "ada: Edited “One”: Daily budget: $100.00 → $120.00" in text_of(again)


def test_an_import_tells_it_too(signed_in: Client) -> None:
    brand = a_brand(daily="100")
    page = upload(signed_in, "brand", f"id,daily_budget\n{brand.pk},150\n")
    ada_sets(brand, daily_budget=Decimal(120))
    again = text_of(confirm_import(signed_in, page))
    assert MOVED_ON in again
    assert "ada: Edited “Acme”: Daily budget: $100.00 → $120.00" in again
    brand.refresh_from_db()
    assert brand.daily_budget == Decimal(120)


def test_an_undo_tells_what_happened_meanwhile(signed_in: Client) -> None:
    brand = a_brand(daily="100")
    campaign = a_campaign(brand=brand)
    spend(campaign, "60", at=timezone.now())
    ada_sets(brand, daily_budget=Decimal(50))
    record = Brand.history.latest("history_id")
    page = signed_in.get(address("brand_undo", brand.pk, record.pk))
    assert "1 campaign starts" in text_of(page)
    hold(campaign, by=ada(), now=timezone.now(), note="wrong link")
    again = text_of(confirm(signed_in, page))
    assert MOVED_ON in again
    assert "ada: Held “Spring sale”" in again
    brand.refresh_from_db()
    assert brand.daily_budget == Decimal(50)


def test_a_move_of_zone_tells_what_happened_meanwhile(signed_in: Client) -> None:
    brand = a_brand(zone="Europe/Paris")
    page = send(signed_in, "brand_move_zone", {"timezone": "Asia/Tokyo", "note": ""}, brand.pk)
    ada_sets(brand, timezone="Europe/Madrid")
    again = text_of(confirm(signed_in, page))
    assert MOVED_ON in again
    assert "ada: Edited “Acme”: Time zone: Europe/Paris → Europe/Madrid" in again
    brand.refresh_from_db()
    assert brand.timezone == "Europe/Madrid"


def test_a_campaign_moved_by_two_is_moved_by_neither_unseen(signed_in: Client) -> None:
    campaign, beta, gamma = a_campaign(), a_brand(name="Beta"), a_brand(name="Gamma")
    page = OpenPage(signed_in, "campaign_change", campaign)
    ada_sets(campaign, brand=beta)
    asked = text_of(page.save(brand=str(gamma.pk)))
    assert "ada set Brand from Acme to Beta on" in asked
    assert "you wrote Gamma." in asked
    campaign.refresh_from_db()
    assert campaign.brand == beta


def test_two_who_draw_other_hours_are_told_of_each_other(signed_in: Client) -> None:
    schedule = a_schedule("Mon-Fri 09:00-17:00")
    page = OpenPage(signed_in, "schedule_change", schedule)
    ada_sets(schedule, hours="Mon-Fri 08:00-20:00")
    asked = page.save(hours="Mon-Fri 10:00-12:00")
    assert "ada set Hours from Mon-Fri 09:00-17:00 to Mon-Fri 08:00-20:00 on" in text_of(asked), (
        text_of(asked)[-900:]
    )
    assert "you wrote Mon-Fri 10:00-12:00." in text_of(asked)
    schedule.refresh_from_db()
    assert schedule.hours == "Mon-Fri 08:00-20:00"
    confirm(signed_in, asked)
    schedule.refresh_from_db()
    assert schedule.hours == "Mon-Fri 10:00-12:00"


def test_a_schedule_drawn_anew_while_it_is_confirmed_is_told(signed_in: Client) -> None:
    schedule = a_schedule("Mon-Sun 00:00-24:00")
    campaign = a_campaign(schedule=schedule)
    a_campaign(brand=campaign.brand, name="Video", schedule=schedule)
    asked = OpenPage(signed_in, "schedule_change", schedule).save(
        hours=f"{timezone.now() + timedelta(days=3):%a} 00:00-00:15"
    )
    hold(campaign, by=ada(), now=timezone.now())
    again = text_of(confirm(signed_in, asked))
    assert MOVED_ON in again
    assert "ada: Held “Spring sale”" in again


def test_a_hold_set_after_the_page_was_shown_is_not_lifted(signed_in: Client) -> None:
    campaign = a_campaign(is_held=True)
    page = signed_in.get(address("campaign_release_one", campaign.pk))
    release(campaign, by=a_person("ben"), now=timezone.now())
    hold(campaign, by=ada(), now=timezone.now(), note="Fraud")
    (said,) = told(confirm(signed_in, page))
    assert said.startswith(STAYS)
    assert said.endswith("(Fraud).")
    assert is_held(campaign)
    # Whoever knows of it may lift it.
    confirm(signed_in, signed_in.get(address("campaign_release_one", campaign.pk)))
    assert not is_held(campaign)


def test_a_hold_of_meanwhile_that_is_lifted_again_holds_nothing_up(signed_in: Client) -> None:
    campaign = a_campaign(is_held=True, daily="0")
    page = signed_in.get(address("campaign_release_one", campaign.pk))
    for act in (release, hold, release):
        act(campaign, by=None, now=timezone.now())
    assert told(confirm(signed_in, page)) == ["1 hold was released."]


def test_a_hold_set_in_a_shell_is_somebodys(signed_in: Client) -> None:
    campaign = a_campaign(is_held=True)
    page = signed_in.get(address("campaign_release_one", campaign.pk))
    for act in (release, hold):
        act(campaign, by=None, now=timezone.now())
    (said,) = told(confirm(signed_in, page))
    assert said.startswith("“Spring sale” stays on hold: somebody put it on hold on ")


@pytest.mark.usefixtures("two_rows_are_many")
def test_of_many_holds_the_newer_one_stays(signed_in: Client) -> None:
    campaign = a_campaign(is_held=True)
    other = a_campaign(brand=campaign.brand, name="Video", is_held=True)
    page = long_edits.select(signed_in, "release_selected", campaign, other)
    release(campaign, by=a_person("ben"), now=timezone.now())
    hold(campaign, by=ada(), now=timezone.now())
    done = text_of(long_edits.confirm(signed_in, page, note=""))
    assert STAYS in done
    assert (is_held(campaign), is_held(other)) == (True, False)


def test_a_release_that_would_start_more_than_was_shown_is_asked_again(signed_in: Client) -> None:
    campaign = a_campaign(is_held=True, daily="0")
    page = signed_in.get(address("campaign_release_one", campaign.pk))
    assert "none starts" in text_of(page)
    ada_sets(campaign, daily_budget=Decimal(100))
    again = confirm(signed_in, page)
    assert MOVED_ON in text_of(again)
    assert "ada: Edited “Spring sale”: Daily budget: $0.00 → $100.00" in text_of(again)
    assert "1 campaign starts" in text_of(again)
    assert is_held(campaign)
    confirm(signed_in, again)
    assert not is_held(campaign)


def test_a_hold_is_never_held_up(signed_in: Client) -> None:
    campaign = a_campaign(daily="0")
    page = signed_in.get(address("campaign_hold_one", campaign.pk))
    ada_sets(campaign, daily_budget=Decimal(100))
    confirm(signed_in, page)
    assert is_held(campaign)


def test_what_happened_elsewhere_is_not_told(signed_in: Client) -> None:
    campaign, elsewhere = a_campaign(daily="100"), a_brand(name="Beta", daily="100")
    page = change(signed_in, campaign, daily_how="raise_by_percent", daily_by="10")
    ada_sets(campaign, daily_budget=Decimal(200))
    ada_sets(elsewhere, daily_budget=Decimal(200))
    assert "“Beta”" not in text_of(confirm(signed_in, page))
