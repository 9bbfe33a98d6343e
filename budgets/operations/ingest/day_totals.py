"""Day totals: what ad platforms report, cumulative and restated, booked as differences (S4)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from budgets.operations.database.bulk_load import Column, stage
from budgets.operations.database.dialect import to_instant
from budgets.operations.ingest.entries import insert_entries
from budgets.operations.ingest.ledger import Outcome
from budgets.operations.ingest.running_totals import add_to_totals, lock_campaigns
from budgets.operations.ingest.validation import RESERVED_KEYS, CheckedTotal, Posting

REPORT_COLUMNS = (
    Column("number", "integer"),
    Column("source", "text"),
    Column("campaign_id", "bigint", is_looked_up=True),
    Column("day", "date"),
    Column("total_micros", "bigint"),
    Column("as_of", "timestamptz"),
)

KNOWN = """
SELECT s.number, r.as_of, r.total_micros,
       COALESCE((SELECT SUM(e.amount_micros) FROM budgets_ledgerentry e
                 WHERE e.campaign_id = s.campaign_id AND e.day = s.day AND e.source = s.source), 0)
FROM staged_report s
LEFT JOIN budgets_reportedtotal r
    ON r.campaign_id = s.campaign_id AND r.day = s.day AND r.source = s.source
ORDER BY s.number
"""

REMEMBER = """
INSERT INTO budgets_reportedtotal (source, campaign_id, day, total_micros, as_of)
SELECT source, campaign_id, day, total_micros, as_of FROM staged_report WHERE true
ORDER BY campaign_id, day, source
ON CONFLICT (campaign_id, day, source)
DO UPDATE SET total_micros = excluded.total_micros, as_of = excluded.as_of
"""


class Known(NamedTuple):
    """What is known of a source's day: its newest report, and what the ledger holds of it."""

    as_of: datetime | None
    total_micros: int | None
    booked_micros: int


def post_reports(reports: Sequence[CheckedTotal], *, now: datetime) -> Outcome:
    """Book each report's difference from what its source has booked for that day.

    Must be called inside a transaction. Raises `TotalTooLarge`; nothing is kept then.
    """
    newest = newest_of_each_day(reports)
    stage_reports(newest)
    lock_campaigns("staged_report")
    known = dict(zip(newest, read_known(), strict=True))
    news = [report for report in newest if is_news(report, known[report])]
    remember(news)
    differences = [difference(report, known[report].booked_micros) for report in news]
    moved = [posting for posting in differences if posting.micros]
    if moved:
        insert_entries(moved, recorded_at=now)
        add_to_totals(moved, now=now)
    return Outcome(
        accepted=differences,
        duplicates=len(reports) - len(news),
        undecided={report.brand_id for report in reports},
    )


def newest_of_each_day(reports: Sequence[CheckedTotal]) -> list[CheckedTotal]:
    """Keep the newest report of each source, campaign and day; of two as new, the larger.

    Taking the larger makes the result the same in whatever order they come.
    """
    newest: dict[tuple[str, int, object], CheckedTotal] = {}
    for report in reports:
        key = (report.source, report.campaign_id, report.day)
        newest[key] = max(newest.get(key, report), report, key=rank)
    return list(newest.values())


def rank(report: CheckedTotal) -> tuple[datetime, int]:
    """Return what decides which of two reports counts."""
    return report.as_of, report.micros


def is_news(report: CheckedTotal, known: Known) -> bool:
    """Say whether the report counts against the newest one known."""
    if known.as_of is None or known.total_micros is None:
        return True
    return rank(report) > (known.as_of, known.total_micros)


def stage_reports(reports: Sequence[CheckedTotal]) -> None:
    """Hand the reports to the database."""
    stage(
        "staged_report",
        REPORT_COLUMNS,
        [
            (number, report.source, report.campaign_id, report.day, report.micros, report.as_of)
            for number, report in enumerate(reports)
        ],
    )


def read_known() -> list[Known]:
    """Read what is known of each staged report, in its order."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN)
        return [
            Known(as_of and to_instant(as_of), total_micros, int(booked_micros))
            for _, as_of, total_micros, booked_micros in cursor.fetchall()
        ]


def difference(report: CheckedTotal, booked_micros: int) -> Posting:
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


def remember(reports: Sequence[CheckedTotal]) -> None:
    """Note these reports as the newest known."""
    stage_reports(reports)
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER)
