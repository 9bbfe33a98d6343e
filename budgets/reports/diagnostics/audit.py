"""Audit: recompute every total from the entries, and show the first that differs of each kind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from budgets.models.books import (
    DAYS,
    ORPHANED_ENTRIES,
    STANDINGS,
    STATEMENTS,
    UNSTATED,
    disagreements,
    sort_on_disk,
)
from budgets.models.fields import read_sum


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One kind of disagreement in the books: how many there are, and the first in words."""

    kind: str
    number: int
    first: str


class Comparison(NamedTuple):
    """What is compared, in which order, and how a difference is told."""

    name: str
    sql: str
    order: str
    words: Callable[[dict[str, Any]], str]


def day_words(row: dict[str, Any]) -> str:
    """Tell a day whose total is not the sum of its entries."""
    return (
        f"campaign {row['campaign_id']} on {row['day']}: its total is "
        f"{read_sum(row['total_micros'])}, its entries sum to {read_sum(row['entries_micros'])}"
    )


def standing_words(row: dict[str, Any]) -> str:
    """Tell a campaign whose current totals are not those of its newest day and month."""
    return (
        f"campaign {row['campaign_id']}: it stands at {read_sum(row['day_spent_micros'])} on "
        f"{row['day']} and {read_sum(row['month_spent_micros'])} in the month of {row['month']}, "
        f"its days say {read_sum(row['newest_day_micros'])} on {row['newest_day']} and "
        f"{read_sum(row['newest_month_micros'])} in the month of {row['newest_month']}"
    )


def statement_words(row: dict[str, Any]) -> str:
    """Tell a statement whose figure is not the sum of its days."""
    whose = (
        f"brand {row['brand_id']}"
        if row["campaign_id"] is None
        else f"campaign {row['campaign_id']}"
    )
    return (
        f"{whose}, {row['period']} of {row['starts_on']}: the statement says "
        f"{read_sum(row['spent_micros'])}, its days sum to {read_sum(row['days_micros'])}"
    )


def unstated_words(row: dict[str, Any]) -> str:
    """Tell a closed day that has spend and no statement."""
    return (
        f"campaign {row['campaign_id']} spent {read_sum(row['amount_micros'])} on {row['day']}, "
        "which is closed and has no statement"
    )


def orphaned_entry_words(row: dict[str, Any]) -> str:
    """Tell an entry whose campaign is gone."""
    return (
        f"entry {row['id']} is of campaign {row['campaign_id']}, which is not there: "
        f"{read_sum(row['amount_micros'])} that no total counts"
    )


KINDS = (
    Comparison("day totals", DAYS, "campaign_id, day", day_words),
    Comparison("campaign totals", STANDINGS, "campaign_id", standing_words),
    Comparison("statements", STATEMENTS, "id", statement_words),
    Comparison("missing statements", UNSTATED, "campaign_id, day", unstated_words),
    Comparison("entries of no campaign", ORPHANED_ENTRIES, "id", orphaned_entry_words),
)


def audit() -> list[Difference]:
    """Return what does not agree, one of each kind; nothing when the books are right (S5)."""
    sort_on_disk()
    found = (difference(kind) for kind in KINDS)
    return [each for each in found if each is not None]


def difference(kind: Comparison) -> Difference | None:
    """Return how often this kind disagrees, and where first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) OVER () AS number, found.* "  # noqa: S608 - texts of our own
            f"FROM ({disagreements(kind.sql)}) found ORDER BY {kind.order} LIMIT 1"
        )
        row = cursor.fetchone()
        if row is None:
            return None
        named = dict(zip((column[0] for column in cursor.description), row, strict=True))
    return Difference(kind=kind.name, number=named["number"], first=kind.words(named))
