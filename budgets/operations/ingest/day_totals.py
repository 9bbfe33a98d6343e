"""Day totals: what ad platforms report, cumulative and restated, booked as differences (S4)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime

from django.db import connection

from budgets.operations.database import Column, TemporaryTable, stage, to_instant
from budgets.operations.ingest.idempotency import insert_entries
from budgets.operations.ingest.restating import KnownDay, compared, several_totals
from budgets.operations.ingest.running_totals import add_to_totals, lock_campaigns
from budgets.operations.ingest.types import (
    CampaignFacts,
    DayReport,
    DayTotal,
    Outcome,
    Refusal,
    SpendKind,
)
from budgets.operations.ingest.validation import (
    Refused,
    check_age,
    checked_instant,
    checked_micros,
    most_ahead,
    moved_into_day,
    utc_text,
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

# S4 once more: what is as old as what is known, or older, leaves it alone.
REMEMBER = """
INSERT INTO budgets_reportedtotal (source, campaign_id, day, total_micros, as_of)
SELECT source, campaign_id, day, total_micros, as_of FROM {reports} WHERE true
ORDER BY campaign_id, day, source
ON CONFLICT (campaign_id, day, source)
DO UPDATE SET total_micros = excluded.total_micros, as_of = excluded.as_of
WHERE excluded.as_of > budgets_reportedtotal.as_of
"""


class DayTotals(SpendKind[DayTotal, DayReport]):
    """Reports of all a campaign spent on a day, of which the newest of a source counts."""

    def validate(
        self, row: DayTotal, index: int, campaign: CampaignFacts, *, now: datetime
    ) -> DayReport:
        as_of = checked_instant(row.as_of, now=now)
        if type(row.day) is not date:
            raise Refused("bad_day", f"{row.day!r} is no day; give a date such as 2026-03-31.")
        clock = campaign.clock_of_source(row.source)
        if row.day > clock.day(now.astimezone(UTC) + most_ahead()):
            raise Refused(
                "future",
                f"{row.day} has not begun in {clock.zone}, by whose days “{row.source}” reports; "
                f"this server's time is {utc_text(now)}. If the account reports in another "
                "zone, set it under “Spend sources”.",
            )
        check_age(row.day, clock, now=now)
        return DayReport(
            row=index,
            source=row.source,
            campaign_id=row.campaign_id,
            brand_id=campaign.brand_id,
            day=row.day,
            micros=checked_micros(row.total),
            as_of=as_of,
            occurred_at=moved_into_day(min(as_of, now), row.day, campaign.clock),
        )

    def refuse_together(self, rows: Sequence[DayTotal]) -> dict[int, Refusal]:
        """Refuse totals of the same day as of the same instant: nobody can say which is meant."""
        alike: dict[object, list[int]] = defaultdict(list)
        for index, row in enumerate(rows):
            alike[row.source, row.campaign_id, row.day, as_instant(row.as_of)].append(index)
        return {
            index: Refusal(index, "conflict", several_totals(rows[index], len(indexes)))
            for indexes in alike.values()
            if len(indexes) > 1
            for index in indexes
        }

    def post(self, checked: Sequence[DayReport], *, now: datetime) -> Outcome:
        news, outcome = compared(checked, note_days)
        moved = [posting for posting in news.values() if posting.micros]
        if moved:
            insert_entries(moved, recorded_at=now)
            add_to_totals(moved, now=now, are_locked=True)
        outcome.undecided = {report.brand_id for report in checked}
        return outcome


def note_days(reports: Sequence[DayReport]) -> list[KnownDay]:
    """Note the reports where they are news; return what was known of their days before.

    Their campaigns are held, so nobody else notes any until the transaction ends.
    """
    staged = stage_reports(reports)
    lock_campaigns(staged)
    known = read_days(staged)
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER.format(reports=staged))
    return known


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


def as_instant(given: object) -> object:
    """Return what two times of the same instant have in common; what is no instant as it is."""
    if isinstance(given, datetime) and given.utcoffset() is not None:
        return given.astimezone(UTC)
    return given
