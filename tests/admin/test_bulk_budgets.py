"""The budgets of many rows are changed together, and seen before."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from budgets.models import Brand, Campaign, Change
from tests.admin.pages import address, confirm, text_of, told
from tests.builders import a_brand, a_campaign, spend

NOTHING = {
    "daily_how": "keep",
    "daily_by": "",
    "monthly_how": "keep",
    "monthly_by": "",
    "note": "",
}


def change(signed_in: Client, *rows: Brand | Campaign, **what: str) -> Any:
    """Send the form of the action for these rows."""
    page = f"{rows[0]._meta.model_name}_change_budgets"
    ids = ",".join(str(row.pk) for row in rows)
    return signed_in.post(address(page), NOTHING | {"ids": ids} | what)


def daily_budgets() -> list[Any]:
    return list(Campaign.objects.order_by("pk").values_list("daily_budget", flat=True))


def test_the_action_asks_what_to_do(signed_in: Client) -> None:
    pks = [a_campaign().pk, a_campaign().pk]
    choice = {"action": "change_budgets", "_selected_action": pks}
    page = signed_in.post(address("campaign_changelist"), choice)
    assert "Budgets of 2 selected" in text_of(page)
    assert f'value="{pks[0]},{pks[1]}"' in page.content.decode()


def test_old_and_new_are_shown_before_anything_is_saved(signed_in: Client) -> None:
    rows = [a_campaign(daily="100", name="Search"), a_campaign(daily="50", name="Video")]
    page = change(signed_in, *rows, daily_how="raise_by_percent", daily_by="10")
    assert "Search · Acme daily budget $100.00 $110.00" in text_of(page)
    assert "Video · Acme daily budget $50.00 $55.00" in text_of(page)
    assert daily_budgets() == [Decimal(100), Decimal(50)]


def test_confirming_saves_all_of_them(signed_in: Client) -> None:
    rows = [a_campaign(daily="100"), a_campaign(daily="50")]
    what = {"daily_how": "raise_by_percent", "daily_by": "10"}
    done = confirm(signed_in, change(signed_in, *rows, **what))
    assert done.url == address("campaign_changelist")
    assert daily_budgets() == [Decimal(110), Decimal(55)]
    assert "2 have new budgets." in told(done)


def test_both_budgets_of_a_brand_are_changed(signed_in: Client) -> None:
    brand = a_brand(daily="100", monthly="1000")
    what = {"daily_how": "set", "daily_by": "80", "monthly_how": "clear"}
    page = change(signed_in, brand, **what)
    assert "no limit after $1,000.00, nothing limits it then." in text_of(page)
    confirm(signed_in, page, _meant="1")
    brand.refresh_from_db()
    assert (brand.daily_budget, brand.monthly_budget) == (Decimal(80), None)


def test_no_limit_is_neither_raised_nor_lowered(signed_in: Client) -> None:
    rows = [a_campaign(), a_campaign(daily="50")]
    what = {"daily_how": "lower_by_amount", "daily_by": "10"}
    confirm(signed_in, change(signed_in, *rows, **what))
    assert daily_budgets() == [None, Decimal(40)]


def test_amounts_are_rounded_to_the_currencys_decimals(signed_in: Client) -> None:
    yen, dollars = a_brand(currency="JPY"), a_brand(currency="USD")
    rows = [a_campaign(brand=brand, daily="33") for brand in (yen, dollars)]
    what = {"daily_how": "raise_by_percent", "daily_by": "1.5"}
    confirm(signed_in, change(signed_in, *rows, **what))
    assert daily_budgets() == [Decimal(33), Decimal("33.50")]


@pytest.mark.parametrize("how", ["set", "raise_by_amount", "lower_by_amount"])
def test_an_amount_across_currencies_is_refused(signed_in: Client, how: str) -> None:
    brands = [a_brand(currency=code, daily="10") for code in ("EUR", "USD")]
    page = change(signed_in, *brands, daily_how=how, daily_by="5")
    assert "These rows are in EUR, USD" in text_of(page)


@pytest.mark.parametrize(
    "what, words",
    [
        ({}, "Choose what to do"),
        ({"daily_how": "set"}, "Write how much"),
        ({"daily_how": "set", "daily_by": "-1"}, "greater than or equal to 0"),
        ({"daily_how": "lower_by_percent", "daily_by": "101"}, "100 % at most"),
        ({"daily_how": "lower_by_amount", "daily_by": "60"}, "cannot be lowered to -10"),
        (
            {"daily_how": "raise_by_amount", "daily_by": "100,000,000,000"},
            "is beyond the largest amount",
        ),
    ],
)
def test_what_cannot_be_done_is_said_at_its_field(
    signed_in: Client, what: dict[str, str], words: str
) -> None:
    assert words in text_of(change(signed_in, a_campaign(daily="50"), **what))
    assert daily_budgets() == [Decimal(50)]


@pytest.mark.parametrize(
    "currency, how, by, becomes",
    [
        ("USD", "set", "1,000", "1000"),
        ("EUR", "set", "€1000", "1000"),
        ("EUR", "set", "1.000,50 €", "1000.50"),
        ("USD", "raise_by_amount", "$1,000", "1050"),
        ("USD", "raise_by_percent", "20 %", "60"),
        ("USD", "lower_by_percent", "12,5%", "43.75"),
    ],
)
def test_it_is_read_as_people_type_it(
    signed_in: Client, currency: str, how: str, by: str, becomes: str
) -> None:
    campaign = a_campaign(brand=a_brand(currency=currency), daily="50")
    # A budget twenty times as high has to be meant.
    page = change(signed_in, campaign, daily_how=how, daily_by=by, _meant="1")
    confirm(signed_in, page, _meant="1")
    assert daily_budgets() == [Decimal(becomes)]


@pytest.mark.parametrize(
    "currency, how, by, words",
    [
        ("USD", "set", "1.000", "“1.000” is 1000 or 1.000"),
        ("JPY", "set", "10.50", "JPY has no decimals"),
        ("USD", "raise_by_amount", "0.005", "USD has 2 decimals"),
        ("USD", "set", "€20", "amounts here are in USD"),
        ("USD", "set", "20 %", "is a percentage"),
        ("USD", "raise_by_percent", "$20", "names a currency where none is expected"),
        ("USD", "set", "lots", "“lots” is not an amount"),
    ],
)
def test_what_has_two_readings_or_fits_no_currency_is_refused(
    signed_in: Client, currency: str, how: str, by: str, words: str
) -> None:
    campaign = a_campaign(brand=a_brand(currency=currency), daily="50")
    assert words in text_of(change(signed_in, campaign, daily_how=how, daily_by=by))
    assert daily_budgets() == [Decimal(50)]


def test_it_shows_what_would_stop_and_records_the_person_and_the_note(
    signed_in: Client, owner: User
) -> None:
    campaign = a_campaign(daily="100")
    spend(campaign, "60", at=timezone.now())
    what = {"daily_how": "set", "daily_by": "50", "note": "Client cut"}
    page = change(signed_in, campaign, **what)
    assert "Daily budget reached" in text_of(page)
    confirm(signed_in, page)
    made = Change.objects.get()
    assert (made.by, made.note, made.trigger) == (owner, "Client cut", "edit")


def test_a_campaign_has_one_change_when_its_brand_changes_twice_over(signed_in: Client) -> None:
    brand = a_brand(daily="100", monthly="100")
    spend(a_campaign(brand=brand), "60", at=timezone.now())
    what = {"daily_how": "set", "daily_by": "50", "monthly_how": "set", "monthly_by": "50"}
    confirm(signed_in, change(signed_in, brand, **what))
    assert Change.objects.count() == 1


def test_a_jump_has_to_be_meant(signed_in: Client) -> None:
    campaign = a_campaign(daily="10")
    page = change(signed_in, campaign, daily_how="set", daily_by="100")
    asked = confirm(signed_in, page)
    assert "Tick the box to save" in text_of(asked)
    confirm(signed_in, asked, _meant="1")
    assert daily_budgets() == [Decimal(100)]


def test_a_budget_edited_meanwhile_is_shown_again(signed_in: Client) -> None:
    campaign = a_campaign(daily="100")
    page = change(signed_in, campaign, daily_how="raise_by_percent", daily_by="10")
    campaign.daily_budget = Decimal(200)
    campaign.save()
    again = confirm(signed_in, page)
    assert "$200.00 $220.00" in text_of(again)
    assert daily_budgets() == [Decimal(200)]


def test_one_can_go_back_and_choose_otherwise(signed_in: Client) -> None:
    page = change(signed_in, a_campaign(daily="100"), daily_how="set", daily_by="90")
    form = confirm(signed_in, page, _revise="1").content.decode()
    assert '<option value="set" selected>' in form


def test_more_than_can_be_read_is_refused(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("budgets.admin.confirm.bulk_budgets.MOST_AT_ONCE", 1)
    pks = [a_campaign().pk, a_campaign().pk]
    choice = {"action": "change_budgets", "_selected_action": pks}
    response = signed_in.post(address("campaign_changelist"), choice)
    assert "Select at most 1 at once" in told(response)[0]


def test_who_may_not_change_may_not_change_in_bulk(viewer: Client) -> None:
    campaign = a_campaign(daily="100")
    assert change(viewer, campaign, daily_how="clear").status_code == 403
