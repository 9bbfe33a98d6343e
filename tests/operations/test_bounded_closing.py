"""Closing works in transactions of bounded size, and goes on where one was killed."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from budgets.models import Brand, Campaign, Spend, Statement, locks
from budgets.operations.close import close_periods, large_brand, periods, statements
from budgets.reports.diagnostics.audit import audit
from tests.builders import a_brand, a_campaign, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

BORN = an_instant("2026-02-20 12:00")
NOW = an_instant("2026-03-05 00:05")
DAY = timedelta(days=1)
PERIODS = 13 + 1  # from 20 February to 4 March, and February


AtTheEnd = Callable[[Callable[[], object]], None]


class Killed(BaseException):
    """Ends a run as a signal would."""


@pytest.fixture
def at_most(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Set how many statements a transaction may write."""

    def limit(number: int) -> None:
        for module in (periods, large_brand):
            monkeypatch.setattr(module, "STATEMENTS_A_TRANSACTION", number)

    return limit


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Collect how many statements there are when each transaction takes the books."""
    counts: list[int] = []
    for module in (periods, large_brand):
        monkeypatch.setattr(module, "close_books", lambda _: counts.append(number_stated()))
    return counts


def number_stated() -> int:
    return Statement.objects.count()


def an_old_brand(*, campaigns: int, daily: str = "10") -> Brand:
    """Save a brand that was made long ago, with campaigns that spend 1, 2, … on each tenth day."""
    with the_clock_at(BORN):
        brand = a_brand(daily="100", monthly="900")
        for number in range(1, campaigns + 1):
            campaign = a_campaign(brand=brand, daily=daily, monthly="50")
            for at in (BORN, BORN + 10 * DAY):
                spend(campaign, str(number), at=at, now=BORN + 10 * DAY)
    return brand


def stated() -> list[tuple[Any, ...]]:
    """Return what all statements say, but for what they are numbered."""
    facts = ("campaign", "period", "starts_on", "budget", "spent", "spent_at_close", "restated_at")
    rows = Statement.objects.values_list(*facts)
    return sorted(rows, key=lambda row: (row[2], row[1], row[0] or 0))


def test_days_that_were_missed_are_cut_into_transactions(
    at_most: Callable[[int], None], written: list[int]
) -> None:
    an_old_brand(campaigns=4)
    at_most(10)
    assert close_periods(now=NOW) == PERIODS
    steps = [after - before for before, after in pairwise(written)]
    assert len(written) == 7
    assert max(steps) <= 10 + 5  # two days, and a month
    assert number_stated() == 5 * PERIODS
    assert audit() == []


def test_brands_share_a_transaction_as_far_as_it_has_room(
    at_most: Callable[[int], None], written: list[int]
) -> None:
    for campaigns in (1, 0, 1, 3, 0):
        an_old_brand(campaigns=campaigns)
    Brand.objects.update(closed_day=date(2026, 3, 3))
    at_most(4)
    assert close_periods(now=NOW) == 5
    assert written == [0, 3, 5, 9]


def test_a_day_of_a_large_brand_is_cut_by_its_campaigns(
    at_most: Callable[[int], None], written: list[int]
) -> None:
    an_old_brand(campaigns=7)
    expected = closed_at_once()
    del written[:]
    at_most(3)
    assert close_periods(now=NOW) == PERIODS
    steps = [after - before for before, after in pairwise(written)]
    assert max(steps) == 3 * 2  # a day and a month of three campaigns
    assert stated() == expected
    assert Brand.objects.get().closing_day is None
    assert (Brand.objects.get().closed_day, Brand.objects.get().closed_month) == (
        date(2026, 3, 4),
        date(2026, 2, 1),
    )


@pytest.mark.parametrize("limit", [3, 10])
@pytest.mark.parametrize("turn", range(1, 9, 2))
def test_a_run_that_is_killed_is_gone_on_with(
    at_most: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, limit: int, turn: int
) -> None:
    an_old_brand(campaigns=7)
    expected = closed_at_once()
    at_most(limit)
    with monkeypatch.context() as patched:
        kill_at(turn, patched)
        with pytest.raises(Killed):
            close_periods(now=NOW)
    assert audit() == []
    assert 0 < close_periods(now=NOW) <= PERIODS
    assert stated() == expected
    assert close_periods(now=NOW) == 0


@pytest.mark.parametrize("turn", range(1, 6))
def test_what_is_spent_while_a_large_brand_is_closed_is_late_and_counted_once(
    at_most: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, turn: int
) -> None:
    an_old_brand(campaigns=7)
    close_periods(now=an_instant("2026-02-28 00:05"))
    at_most(3)
    with monkeypatch.context() as patched:
        kill_at(turn, patched)
        with pytest.raises(Killed):
            close_periods(now=NOW)
    first, *_, last = Campaign.objects.order_by("pk")
    for campaign in (first, last):
        spend(campaign, "40", at=an_instant("2026-02-28 12:00"), now=NOW)
    close_periods(now=NOW)
    assert audit() == []
    month = Statement.objects.get(campaign=None, period="month")
    day = Statement.objects.get(campaign=None, starts_on=date(2026, 2, 28), period="day")
    assert (month.spent, day.spent) == (28 + 80, 80)
    own = Statement.objects.exclude(campaign=None).filter(starts_on=date(2026, 2, 28), spent=40)
    assert own.count() == 2


@pytest.fixture
def at_the_end(at_most: Callable[[int], None], monkeypatch: pytest.MonkeyPatch) -> AtTheEnd:
    """Let something happen when a large brand's books are closed for the last time."""

    def call(act: Callable[[], object]) -> None:
        at_most(3)
        steps = iter([None, None, None, None, act])  # its beginning, three parts, its own statement

        def close_books(brand_ids: Any) -> None:
            (next(steps) or (lambda: None))()
            locks.close_books(brand_ids)

        monkeypatch.setattr(large_brand, "close_books", close_books)

    return call


def test_what_is_spent_while_a_large_brand_is_summed_is_in_its_statement(
    at_the_end: AtTheEnd,
) -> None:
    brand = an_old_brand(campaigns=7)
    close_periods(now=an_instant("2026-02-28 00:05"))
    last_of_month, now = an_instant("2026-02-28 12:00"), an_instant("2026-03-01 00:05")
    campaigns = brand.campaigns.order_by("pk")

    def spend_late() -> None:
        spend(campaigns[0], "40", at=last_of_month, now=now)
        spend(campaigns[1], "5", at=last_of_month - DAY, now=now)

    at_the_end(spend_late)
    assert close_periods(now=now) == 2
    stated = brand.statements.filter(campaign=None, starts_on__in=["2026-02-28", "2026-02-01"])
    figures = {each.period: (each.spent_at_close, each.spent) for each in stated}
    assert figures == {"day": (0, 40), "month": (28, 28 + 45)}
    assert audit() == []


def test_the_books_of_a_large_brand_are_not_closed_while_its_statements_are_summed(
    at_the_end: AtTheEnd,
) -> None:
    an_old_brand(campaigns=7)
    close_periods(now=an_instant("2026-02-28 00:05"))
    queries = CaptureQueriesContext(connection)
    at_the_end(queries.__enter__)
    close_periods(now=an_instant("2026-03-01 00:05"))
    queries.__exit__(None, None, None)
    sent = [query["sql"] for query in queries if "budgets_statement" in query["sql"]]
    assert sent
    assert not [sql for sql in sent if re.search(r"(FROM|JOIN)\s+\W?budgets_statement", sql)]


def test_a_brand_that_cannot_be_closed_stops_no_other_and_is_named(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with the_clock_at(NOW - DAY):
        brands = [a_brand(name=name) for name in ("Before", "Beyond 64 bits", "After")]
        campaigns = Campaign.objects.bulk_create(
            [Campaign(brand=brands[1], name=str(number)) for number in range(100)]
        )
    most = Decimal(10) ** 11
    Spend.objects.bulk_create(
        [Spend(campaign=each, day=(NOW - DAY).date(), amount=most) for each in campaigns]
    )
    assert close_periods(now=NOW) == 2
    assert "Beyond 64 bits" in caplog.text
    assert [bool(brand.closed_day) for brand in Brand.objects.order_by("pk")] == [True, False, True]


def closed_at_once() -> list[tuple[Any, ...]]:
    """Return what closing all in one transaction would state; nothing of it is kept."""
    with transaction.atomic():
        close_periods(now=NOW)
        expected = stated()
        transaction.set_rollback(True)
    return expected


def kill_at(turn: int, patched: pytest.MonkeyPatch) -> None:
    """Kill a run when it is about to write its statements for this time."""
    turns = iter(range(turn))

    def write(*args: Any, **named: Any) -> None:
        if next(turns, None) is None:
            raise Killed
        statements.write_figures(*args, **named)

    def write_all(*args: Any, **named: Any) -> None:
        if next(turns, None) is None:
            raise Killed
        statements.write_statements(*args, **named)

    patched.setattr(large_brand, "write_figures", write)
    patched.setattr(periods, "write_statements", write_all)
