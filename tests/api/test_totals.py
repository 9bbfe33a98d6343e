"""Day totals through the API."""

from decimal import Decimal
from typing import Any

import pytest

from budgets.models import Spend
from tests.api.program import a_program
from tests.builders import a_campaign, an_instant, the_clock_at

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")


@pytest.fixture(autouse=True)
def noon() -> Any:
    with the_clock_at(NOON):
        yield


def a_row(campaign: Any, total: Any, **facts: Any) -> Any:
    return {
        "source": "google",
        "campaign_id": campaign.pk,
        "day": "2026-03-10",
        "total": total,
        "currency": "USD",
        "as_of": "2026-03-10T11:00:00Z",
    } | facts


def report(*rows: Any, program: Any = None) -> Any:
    response = (program or a_program()).post("/spend/totals", {"entries": list(rows)})
    assert response.status_code == 200, response.content
    return response.json()


def test_a_total_is_recorded() -> None:
    assert report(a_row(a_campaign(), "80"))["accepted"] == 1
    assert Spend.objects.get().amount == 80


def test_a_newer_total_replaces_the_older() -> None:
    campaign = a_campaign()
    report(a_row(campaign, "80"))
    report(a_row(campaign, "75.5", as_of="2026-03-10T11:30:00Z"))
    assert Spend.objects.get().amount == Decimal("75.5")


def test_an_older_total_counts_as_a_duplicate() -> None:
    campaign = a_campaign()
    report(a_row(campaign, "80"))
    assert report(a_row(campaign, "60", as_of="2026-03-10T10:00:00Z"))["duplicates"] == 1
    assert Spend.objects.get().amount == 80


def test_a_total_that_reaches_the_budget_stops_the_campaign() -> None:
    (change,) = report(a_row(a_campaign(daily="80"), "80"))["changes"]
    assert change["action"] == "stop"


@pytest.mark.parametrize(
    "fault, code",
    [
        ({"day": "tomorrow"}, "bad_day"),
        ({"day": "2026-03-11"}, "future"),
        ({"day": "0001-01-01"}, "too_old"),
        ({"total": "x"}, "bad_amount"),
        ({"as_of": "2026-03-10T11:00:00"}, "bad_time"),
        ({"campaign_id": 10**9}, "unknown_campaign"),
    ],
)
def test_a_bad_row_is_refused_with_its_index(fault: dict[str, Any], code: str) -> None:
    campaign = a_campaign()
    (refusal,) = report(a_row(campaign, "1"), a_row(campaign, "1", source="meta") | fault)[
        "refused"
    ]
    assert (refusal["index"], refusal["code"]) == (1, code)


def test_a_campaign_beyond_the_keys_brands_does_not_exist() -> None:
    mine, other = a_campaign(), a_campaign()
    (refusal,) = report(a_row(other, "1"), program=a_program(mine.brand))["refused"]
    assert refusal["code"] == "unknown_campaign"
