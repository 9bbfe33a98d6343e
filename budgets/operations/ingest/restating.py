"""Which report of a day counts: the newest. One that contradicts what is known is refused (S4)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from budgets.operations.ingest.types import (
    DayReport,
    DayTotal,
    Outcome,
    Posting,
    Refusal,
    Replaced,
)
from budgets.operations.ingest.validation import RESERVED_KEYS
from budgets.rules.money import to_units


class KnownDay(NamedTuple):
    """What is known of a source's day: its newest report, and what the ledger holds of it."""

    as_of: datetime | None
    total_micros: int | None
    booked_micros: int


DayLookup = Callable[[Sequence[DayReport]], Iterable[KnownDay]]
"""Answers what is known of the day of each report, in their order."""


def compared(
    reports: Sequence[DayReport], lookup: DayLookup
) -> tuple[dict[DayReport, Posting], Outcome]:
    """Compare the reports with what is known of their days.

    Returns those that count, each with its difference from what is booked, and what became of all.
    """
    newest = newest_of_each_day(reports)
    news: dict[DayReport, Posting] = {}
    outcome = Outcome(duplicates=len(reports) - len(newest))
    for report, known in zip(newest, lookup(newest), strict=True):
        if is_news(report, known):
            news[report] = posting_of(report, known.booked_micros)
            if known.booked_micros not in (0, report.micros):
                outcome.replaced.append(Replaced(report.row, known.booked_micros, report.micros))
        elif contradicts(report, known):
            outcome.refused.append(total_conflict(report, known))
        else:
            outcome.duplicates += 1
    outcome.accepted = list(news.values())
    return news, outcome


def newest_of_each_day(reports: Sequence[DayReport]) -> list[DayReport]:
    """Keep the newest report of each source, campaign and day; no two are of one instant."""
    newest: dict[tuple[str, int, date], DayReport] = {}
    for report in reports:
        key = (report.source, report.campaign_id, report.day)
        newest[key] = max(newest.get(key, report), report, key=lambda each: each.as_of)
    return list(newest.values())


def is_news(report: DayReport, known: KnownDay) -> bool:
    """Say whether the report is newer than what is known (S4)."""
    return known.as_of is None or report.as_of > known.as_of


def contradicts(report: DayReport, known: KnownDay) -> bool:
    """Say whether another amount is known as of the same instant."""
    return report.as_of == known.as_of and report.micros != known.total_micros


def total_conflict(report: DayReport, known: KnownDay) -> Refusal:
    return Refusal(
        report.row,
        "conflict",
        f"“{report.source}” has reported {to_units(known.total_micros or 0)} for {report.day} as "
        f"of {report.as_of.isoformat()}, and now {to_units(report.micros)} as of the same "
        "instant. If this corrects it, send it with a later as_of.",
    )


def several_totals(row: DayTotal, number: int) -> str:
    return (
        f"This call has {number} totals of {row.day} for campaign {row.campaign_id} by "
        f"“{row.source}” as of the same instant; send one that is their sum."
    )


def posting_of(report: DayReport, booked_micros: int) -> Posting:
    """Return the entry that brings the source's day to the reported total."""
    return Posting(
        row=report.row,
        source=report.source,
        key=f"{RESERVED_KEYS}{report.campaign_id}/{report.day}/{report.as_of.isoformat()}"
        f"/{report.micros}",
        campaign_id=report.campaign_id,
        brand_id=report.brand_id,
        occurred_at=report.occurred_at,
        day=report.day,
        micros=report.micros - booked_micros,
    )
