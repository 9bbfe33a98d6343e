"""Spend typed in by a person."""

from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.test import Client

from budgets.models import Campaign, Change, LedgerEntry, Spend
from tests.admin.pages import address, errors_of, send, text_of, told
from tests.builders import a_brand, a_campaign, an_instant, spend, the_clock_at

NOON = an_instant("2026-03-10 12:00")


def typed(campaign: Campaign, amount: str, **more: str) -> dict[str, Any]:
    """Return what a person sends: an amount for a campaign, under the key of the form."""
    empty = {"day": "", "time": "", "note": "", "key": str(UUID(int=1))}
    return {"campaign": str(campaign.pk), "amount": amount} | empty | more


def test_an_entry_counts_today_and_stops_the_campaign(signed_in: Client, owner: User) -> None:
    campaign = a_campaign(daily="100")
    with the_clock_at(NOON):
        response = send(signed_in, "spend_add", typed(campaign, "100", note="From the invoice"))
    assert told(response) == [
        "Recorded $100.00 for “Spring sale”.",
        "Stopped: “Spring sale” (Daily budget reached).",
    ]
    change = Change.objects.get()
    assert (change.by, change.note, change.trigger) == (owner, "From the invoice", "spend")


def test_an_amount_is_read_as_people_type_it(signed_in: Client) -> None:
    campaign = a_campaign()
    with the_clock_at(NOON):
        send(signed_in, "spend_add", typed(campaign, "$1,234.50"))
    assert str(Spend.objects.get().amount) == "1234.50"


def test_the_same_form_sent_twice_counts_once(signed_in: Client) -> None:
    campaign = a_campaign()
    for minute in (0, 1):
        with the_clock_at(an_instant(f"2026-03-10 12:0{minute}")):
            response = send(signed_in, "spend_add", typed(campaign, "100"))
    assert "counts once" in told(response)[-1]
    assert str(Spend.objects.get().amount) == "100.00"


def test_each_new_form_has_a_key_of_its_own(signed_in: Client) -> None:
    pages = [signed_in.get(address("spend_add")) for _ in range(2)]
    keys = {page.context["adminform"].form["key"].value() for page in pages}
    assert len(keys) == 2


def test_a_correction_starts_the_campaign_again(signed_in: Client) -> None:
    campaign = a_campaign(daily="100")
    spend(campaign, "100", at=NOON)
    with the_clock_at(NOON):
        response = send(signed_in, "spend_add", typed(campaign, "-20"))
    assert "Started: “Spring sale”." in told(response)


def test_day_and_time_are_those_of_the_brand(signed_in: Client) -> None:
    campaign = a_campaign(brand=a_brand(zone="Asia/Tokyo"))
    with the_clock_at(NOON):
        send(signed_in, "spend_add", typed(campaign, "1", day="2026-03-10", time="08:30"))
    entry = LedgerEntry.objects.get()
    assert entry.occurred_at == an_instant("2026-03-10 08:30", "Asia/Tokyo")
    assert entry.source == "admin"


def test_without_a_day_it_is_the_brands_today(signed_in: Client) -> None:
    campaign = a_campaign(brand=a_brand(zone="Pacific/Kiritimati"))
    with the_clock_at(NOON):
        send(signed_in, "spend_add", typed(campaign, "1"))
    assert str(Spend.objects.get().day) == "2026-03-11"


@pytest.mark.parametrize(
    "more, field, words",
    [
        ({"amount": "much"}, "amount", "is not an amount"),
        ({"amount": "1.000"}, "amount", "1000 or 1.000"),
        ({"amount": "€5"}, "amount", "amounts here are in USD"),
        ({"amount": "0.0000001"}, "amount", "more than 6 decimals"),
        ({"amount": "10,000,000,000,000"}, "amount", "largest amount"),
        ({"amount": "NaN"}, "amount", "is not an amount"),
        ({"campaign": "999999"}, "campaign", "valid choice"),
        ({"campaign": "x"}, "campaign", "valid choice"),
        ({"day": "2027-01-01"}, "day", "in the future"),
        ({"day": "0001-01-01"}, "day", ""),
        ({"key": "no key"}, "key", "valid UUID"),
    ],
)
def test_what_is_refused_is_named_at_its_field(
    signed_in: Client, more: dict[str, str], field: str, words: str
) -> None:
    with the_clock_at(NOON):
        response = send(signed_in, "spend_add", typed(a_campaign(), "1") | more)
    assert words in " ".join(errors_of(response)[field])
    assert not LedgerEntry.objects.exists()


def test_a_day_shows_the_entries_it_is_made_of(signed_in: Client) -> None:
    campaign = a_campaign(brand=a_brand(currency="JPY"))
    spend(campaign, "700", at=NOON, key="invoice-1")
    spend(campaign, "-200", at=NOON, key="invoice-2")
    page = text_of(signed_in.get(address("spend_change", Spend.objects.get().pk)))
    assert "¥500" in page
    assert "-¥200 test invoice-2" in page


def test_a_viewer_types_nothing_in(viewer: Client) -> None:
    assert send(viewer, "spend_add", typed(a_campaign(), "1")).status_code == 403
