"""What the sums of a file would stop and start: tried out brand by brand, and undone."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from sqlite3 import Connection

from django.db import transaction

from budgets.models import Change, Trigger
from budgets.models.change import Cause
from budgets.models.locks import lock_brands
from budgets.operations.database.dialect import id_rows
from budgets.operations.ingest.running_totals import add_to_totals
from budgets.operations.ingest.validation import Posting
from budgets.operations.reconcile import settle

DAYS_A_TRANSACTION = 10_000
"""Campaign days of which the effect is tried at once; a brand is never cut in two."""


class DaySums:
    """What a file adds to each campaign's days, in the order of brands."""

    def __init__(self, scratch: Connection) -> None:
        self.scratch = scratch
        scratch.execute(
            "CREATE TABLE day_sum (brand INTEGER, campaign INTEGER, day TEXT, micros INTEGER,"
            " PRIMARY KEY (brand, campaign, day)) WITHOUT ROWID"
        )

    def add(self, postings: Sequence[Posting]) -> None:
        """Add what would be booked."""
        self.scratch.executemany(
            "INSERT INTO day_sum VALUES (?, ?, ?, ?) ON CONFLICT (brand, campaign, day)"
            " DO UPDATE SET micros = micros + excluded.micros",
            [(p.brand_id, p.campaign_id, p.day.isoformat(), p.micros) for p in postings],
        )

    def chunks(self, *, now: datetime) -> Iterator[list[Posting]]:
        """Return the sums as postings, many brands at once but each brand whole."""
        rows = self.scratch.execute(
            "SELECT brand, campaign, day, micros FROM day_sum ORDER BY 1, 2"
        )
        chunk: list[Posting] = []
        for brand_id, of_brand in groupby(rows, key=lambda row: row[0]):
            chunk += [
                Posting(0, "", "", campaign_id, brand_id, now, date.fromisoformat(day), micros)
                for _, campaign_id, day, micros in of_brand
            ]
            if len(chunk) >= DAYS_A_TRANSACTION:
                yield chunk
                chunk = []
        if chunk:
            yield chunk


def effects(postings: Sequence[Posting], *, now: datetime) -> list[Change]:
    """Return the changes that these sums would cause; write nothing."""
    brand_ids = {posting.brand_id for posting in postings}
    with transaction.atomic():
        lock_brands(brand_ids)
        add_to_totals(postings, now=now)
        ids = settle(now=now, brand_ids=brand_ids, cause=Cause(trigger=Trigger.SPEND))
        changes = list(Change.objects.filter(pk__in=id_rows(ids)).order_by("id"))
        transaction.set_rollback(True)
    return changes
