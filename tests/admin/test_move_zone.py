"""A brand is moved to another time zone on a page, and that is seen before."""

from typing import Any

import pytest
from django.test import Client

from budgets.admin.confirm import entries_to_move
from budgets.models import Brand, Campaign
from tests.admin.pages import A_BRAND, address, confirm, send, text_of, told
from tests.builders import a_brand, a_campaign, an_instant, spend, the_clock_at

PARIS, NEW_YORK = "Europe/Paris", "America/New_York"
NOON = an_instant("2026-03-10 12:00", PARIS)
EARLY = an_instant("2026-03-10 00:30", PARIS)


@pytest.fixture
def brand(db: None) -> Brand:
    """A brand in Paris whose campaign reached its limit at half past midnight."""
    with the_clock_at(NOON):
        campaign = a_campaign(brand=a_brand(zone=PARIS), daily="10")
        spend(campaign, "10", at=EARLY)
    return campaign.brand


def move(browser: Client, brand: Brand, zone: str = NEW_YORK, **what: str) -> Any:
    with the_clock_at(NOON):
        return send(browser, "brand_move_zone", {"timezone": zone, "note": ""} | what, brand.pk)


def zone_of(brand: Brand) -> str:
    brand.refresh_from_db()
    return brand.timezone


def test_the_page_of_a_brand_leads_to_it(signed_in: Client, brand: Brand) -> None:
    page = signed_in.get(address("brand_change", brand.pk)).content.decode()
    assert address("brand_move_zone", brand.pk) in page
    form = signed_in.get(address("brand_move_zone", brand.pk))
    assert "Day totals, amounts typed in and folded entries keep their dates." in text_of(form)


def test_what_would_move_is_shown_before_anything_is_saved(signed_in: Client, brand: Brand) -> None:
    page = text_of(move(signed_in, brand))
    assert f"Time zone {PARIS} {NEW_YORK}" in page
    assert "1 entry, of $10.00, goes to another day." in page
    assert "0 entries keep their dates" in page
    assert "Spring sale" in page
    assert zone_of(brand) == PARIS
    assert Campaign.objects.get().status == "paused"


def test_confirming_moves_it(signed_in: Client, brand: Brand) -> None:
    page = move(signed_in, brand, note="The office moved")
    with the_clock_at(NOON):
        done = confirm(signed_in, page)
    assert done.url == address("brand_change", brand.pk)
    assert f"“Acme” is in {NEW_YORK} now." in told(done)
    assert zone_of(brand) == NEW_YORK
    assert Campaign.objects.get().status == "running"
    record = Brand.history.first()
    assert (record.history_user.username, record.history_change_reason) == (
        "owner",
        "The office moved",
    )
    history = text_of(signed_in.get(address("brand_history", brand.pk)))
    assert f"{PARIS} → after: {NEW_YORK}" in history


def test_a_confirmation_of_something_else_is_asked_again(signed_in: Client, brand: Brand) -> None:
    page = move(signed_in, brand)
    with the_clock_at(NOON):
        again = confirm(signed_in, page, timezone="Asia/Tokyo")
    assert "Things have changed since you looked." in text_of(again)
    assert zone_of(brand) == PARIS


@pytest.mark.parametrize(
    "zone, words", [(PARIS, "in this time zone already"), ("Mars/Olympus", "not a time zone")]
)
def test_a_move_to_nowhere_is_refused(
    signed_in: Client, brand: Brand, zone: str, words: str
) -> None:
    assert words in text_of(move(signed_in, brand, zone))


def test_a_brand_with_very_many_entries_is_left_to_the_command(
    signed_in: Client, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries_to_move, "MOST_ENTRIES", 0)
    monkeypatch.setattr(entries_to_move, "MOST_ENTRIES_IN_A_REQUEST", 0)
    assert f"manage.py move_zone {brand.pk} ZONE" in text_of(move(signed_in, brand))
    assert zone_of(brand) == PARIS


def test_who_may_not_edit_the_brand_does_not_move_it(viewer: Client, brand: Brand) -> None:
    assert move(viewer, brand).status_code == 403
    page = viewer.get(address("brand_change", brand.pk)).content.decode()
    assert address("brand_move_zone", brand.pk) not in page


def test_the_form_of_the_brand_does_not_move_it(signed_in: Client, brand: Brand) -> None:
    with the_clock_at(NOON):
        send(signed_in, "brand_change", A_BRAND | {"timezone": NEW_YORK}, brand.pk)
    assert zone_of(brand) == PARIS


def test_undoing_a_move_is_refused_with_what_to_do(signed_in: Client, brand: Brand) -> None:
    with the_clock_at(NOON):
        confirm(signed_in, move(signed_in, brand))
        record = Brand.history.first()
        response = signed_in.post(address("brand_undo", brand.pk, record.pk))
    assert "move the brand on its page" in told(response)[-1]
    assert zone_of(brand) == NEW_YORK
