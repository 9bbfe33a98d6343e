"""Which of the totals that a platform reports are news: most of a window repeats what is known."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db import connection

from budgets.connectors.base import ReportedDay
from budgets.operations.database import in_ids, to_date, to_sql
from budgets.operations.ingest.types import DayTotal

MICRO_DIGITS = 6

Days = dict[tuple[int, date], int]
"""Totals of campaigns and days, in micros."""

KNOWN = """
SELECT campaign_id, day, total_micros FROM budgets_reportedtotal
WHERE source = %(source)s AND day >= %(first)s AND day <= %(last)s AND {campaigns}
"""


def moved(
    reported: Sequence[ReportedDay],
    campaigns: Mapping[str, int],
    source: str,
    *,
    first: date,
    last: date,
) -> list[DayTotal]:
    """Return the totals that differ from what the source said last; no others cost anything more.

    `campaigns` says which of ours each one there is; rows of others are left out. A total that is
    said again keeps the `as_of` under which it was first known: a report from between the two,
    should one come another way, counts until the next reading.
    """
    known = known_totals(set(campaigns.values()), source, first=first, last=last)
    parts = Counter(campaigns.values())
    news: list[ReportedDay] = []
    for row in reported:  # a loop over millions: the rest is for what moved
        campaign_id = campaigns.get(row.campaign)
        if campaign_id is not None and (
            known.get((campaign_id, row.day), 0) != in_micros(row.total) or parts[campaign_id] > 1
        ):
            news.append(row)
    return [
        total
        for total in summed(news, campaigns, source=source)
        if known.get((total.campaign_id, total.day), 0) != in_micros(total.total)
    ]


def in_micros(total: Decimal) -> Decimal:
    """Return a total in micros, to be compared; the ledger checks what it may be."""
    return total.scaleb(MICRO_DIGITS)


def known_totals(campaign_ids: Collection[int], source: str, *, first: date, last: date) -> Days:
    condition, ids = in_ids("campaign_id", sorted(campaign_ids))
    span = {"source": source, "first": to_sql(first), "last": to_sql(last), "ids": ids}
    with connection.cursor() as cursor:
        cursor.execute(KNOWN.format(campaigns=condition), span)
        return {
            (campaign_id, to_date(day)): micros for campaign_id, day, micros in cursor.fetchall()
        }


def summed(
    reported: Iterable[ReportedDay], campaigns: Mapping[str, int], *, source: str
) -> Iterator[DayTotal]:
    """Yield a total a campaign and day: linked campaigns that are parts of one are added up."""
    parts: dict[tuple[int, date], list[ReportedDay]] = defaultdict(list)
    for row in reported:
        parts[campaigns[row.campaign], row.day].append(row)
    for (campaign_id, day), rows in parts.items():
        currencies = sorted({row.currency for row in rows})
        yield DayTotal(
            source=source,
            campaign_id=campaign_id,
            day=day,
            total=sum((row.total for row in rows[1:]), rows[0].total),
            currency="/".join(currencies),
            as_of=min(row.as_of for row in rows),
        )
