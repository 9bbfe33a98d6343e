"""Which of the totals that a platform reports are news: most of a window repeats what is known."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db import connection

from budgets.operations.database import in_ids, to_date, to_sql
from budgets.operations.ingest.types import DayTotal
from budgets.rules.money import BadAmount, to_micros

KNOWN = """
SELECT campaign_id, day, total_micros FROM budgets_reportedtotal
WHERE source = %(source)s AND day >= %(first)s AND day <= %(last)s AND {campaigns}
"""


def moved(totals: Sequence[DayTotal], source: str, *, first: date, last: date) -> list[DayTotal]:
    """Return the totals that differ from what the source said last; no others cost anything more.

    A total that is said again keeps the `as_of` under which it was first known: a report from
    between the two, should one come another way, counts until the next reading.
    """
    known: dict[tuple[int, date], int] = {}
    for campaign_id, day, micros in known_totals(totals, source, first=first, last=last):
        known[campaign_id, day] = micros
    return [
        total
        for total in totals
        if known.get((total.campaign_id, total.day), 0) != micros_of(total)
    ]


def known_totals(
    totals: Sequence[DayTotal], source: str, *, first: date, last: date
) -> Iterator[tuple[int, date, int]]:
    condition, ids = in_ids("campaign_id", sorted({total.campaign_id for total in totals}))
    span = {"source": source, "first": to_sql(first), "last": to_sql(last), "ids": ids}
    with connection.cursor() as cursor:
        cursor.execute(KNOWN.format(campaigns=condition), span)
        for campaign_id, day, micros in cursor.fetchall():
            yield campaign_id, to_date(day), micros


def micros_of(total: DayTotal) -> int | None:
    """Return the total in micros; `None` for what the ledger will refuse."""
    try:
        return to_micros(total.total)
    except BadAmount:
        return None
