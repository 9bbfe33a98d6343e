"""Day totals: what ad platforms report, cumulative and restated, booked as differences (S4)."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from budgets.operations.database import Column, TemporaryTable, stage, to_instant
from budgets.operations.ingest.idempotency import insert_entries
from budgets.operations.ingest.running_totals import add_to_totals, lock_campaigns
from budgets.operations.ingest.types import (
    CampaignFacts,
    DayReport,
    DayTotal,
    Outcome,
    Posting,
    SpendKind,
)
from budgets.operations.ingest.validation import (
    EARLIEST,
    RESERVED_KEYS,
    Refused,
    checked_instant,
    checked_micros,
    moved_into_day,
)

REPORT_COLUMNS = (
    Column("number", "integer"),
    Column("source", "text"),
    Column("campaign_id", "bigint", is_looked_up=True),
    Column("day", "date"),
    Column("total_micros", "bigint"),
    Column("as_of", "timestamptz"),
)

KNOWN_DAYS = """
SELECT s.number, r.as_of, r.total_micros,
       COALESCE((SELECT SUM(e.amount_micros) FROM budgets_ledgerentry e
                 WHERE e.campaign_id = s.campaign_id AND e.day = s.day AND e.source = s.source), 0)
FROM {reports} s
LEFT JOIN budgets_reportedtotal r
    ON r.campaign_id = s.campaign_id AND r.day = s.day AND r.source = s.source
ORDER BY s.number
"""

REMEMBER = """
INSERT INTO budgets_reportedtotal (source, campaign_id, day, total_micros, as_of)
SELECT source, campaign_id, day, total_micros, as_of FROM {reports} WHERE true
ORDER BY campaign_id, day, source
ON CONFLICT (campaign_id, day, source)
DO UPDATE SET total_micros = excluded.total_micros, as_of = excluded.as_of
"""


class KnownDay(NamedTuple):
    """What is known of a source's day: its newest report, and what the ledger holds of it."""

    as_of: datetime | None
    total_micros: int | None
    booked_micros: int


DayLookup = Callable[[Sequence[DayReport]], Iterable[KnownDay]]
"""Answers what is known of the day of each report, in their order."""


class DayTotals(SpendKind[DayTotal, DayReport]):
    """Reports of all a campaign spent on a day, of which the newest of a source counts."""

    def validate(
        self, row: DayTotal, index: int, campaign: CampaignFacts, *, now: datetime
    ) -> DayReport:
        as_of = checked_instant(row.as_of, now=now)
        if type(row.day) is not date or row.day < EARLIEST.date():
            raise Refused("bad_day", f"{row.day!r} is no day; give a date such as 2026-03-31.")
        if row.day > campaign.clock.day(now):
            raise Refused("future", f"{row.day} has not begun where the brand is.")
        return DayReport(
            row=index,
            source=row.source,
            campaign_id=row.campaign_id,
            brand_id=campaign.brand_id,
            day=row.day,
            micros=checked_micros(row.total),
            as_of=as_of,
            occurred_at=moved_into_day(as_of, row.day, campaign.clock),
        )

    def post(self, checked: Sequence[DayReport], *, now: datetime) -> Outcome:
        news = news_among(checked, locked_days)
        remember(news)
        moved = [posting for posting in news.values() if posting.micros]
        if moved:
            insert_entries(moved, recorded_at=now)
            add_to_totals(moved, now=now)
        return Outcome(
            accepted=list(news.values()),
            duplicates=len(checked) - len(news),
            undecided={report.brand_id for report in checked},
        )


def news_among(reports: Sequence[DayReport], lookup: DayLookup) -> dict[DayReport, Posting]:
    """Return the reports that count, each with its difference from what is booked for its day."""
    newest = newest_of_each_day(reports)
    return {
        report: posting_of(report, known.booked_micros)
        for report, known in zip(newest, lookup(newest), strict=True)
        if is_news(report, known)
    }


def newest_of_each_day(reports: Sequence[DayReport]) -> list[DayReport]:
    """Keep the newest report of each source, campaign and day; of two as new, the larger.

    Taking the larger makes the result the same in whatever order they come.
    """
    newest: dict[tuple[str, int, date], DayReport] = {}
    for report in reports:
        key = (report.source, report.campaign_id, report.day)
        newest[key] = max(newest.get(key, report), report, key=precedence)
    return list(newest.values())


def precedence(report: DayReport) -> tuple[datetime, int]:
    """Return what decides which of two reports counts."""
    return report.as_of, report.micros


def is_news(report: DayReport, known: KnownDay) -> bool:
    """Say whether the report counts against the newest one known."""
    if known.as_of is None or known.total_micros is None:
        return True
    return precedence(report) > (known.as_of, known.total_micros)


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


def locked_days(reports: Sequence[DayReport]) -> list[KnownDay]:
    """Read what is known of the days, which stays true until the transaction ends."""
    staged = stage_reports(reports)
    lock_campaigns(staged)
    return read_days(staged)


def stage_reports(reports: Collection[DayReport]) -> TemporaryTable:
    rows = [
        (number, report.source, report.campaign_id, report.day, report.micros, report.as_of)
        for number, report in enumerate(reports)
    ]
    return stage("staged_report", REPORT_COLUMNS, rows)


def read_days(reports: TemporaryTable) -> list[KnownDay]:
    """Read what is known of the day of each staged report, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN_DAYS.format(reports=reports))
        return [
            KnownDay(as_of and to_instant(as_of), total_micros, int(booked_micros))
            for _, as_of, total_micros, booked_micros in cursor.fetchall()
        ]


def remember(reports: Collection[DayReport]) -> None:
    """Note the reports as the newest known."""
    staged = stage_reports(reports)
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER.format(reports=staged))
