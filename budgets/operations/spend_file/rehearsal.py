"""Rehearse a spend file: what the ledger would make of it, without writing any of it.

Keys are looked up in the ledger and, as the ledger does not grow, on a scratch pad; so are the
sums. Only the sums then go through the totals, brand by brand, in short transactions that are
undone: nobody waits for the preview of a long file.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from budgets.models import Campaign, Change, Trigger
from budgets.models.change import Cause
from budgets.models.locks import lock_brands
from budgets.operations.database import id_rows
from budgets.operations.ingest.bounds import TotalTooLarge
from budgets.operations.ingest.day_totals import DayTotals, read_days, stage_reports
from budgets.operations.ingest.idempotency import (
    KeyMatch,
    Name,
    booked_keys,
    digest,
    folded_keys,
    key_digest,
    match_of,
    payload_digest,
)
from budgets.operations.ingest.ledger import Entries, new_among
from budgets.operations.ingest.restating import KnownDay, compared
from budgets.operations.ingest.running_totals import add_to_totals
from budgets.operations.ingest.types import DayReport, Outcome, Posting, SpendKind
from budgets.operations.ingest.validation import campaign_facts, validate_rows
from budgets.operations.reconcile import settle
from budgets.operations.spend_file.given import NOTHING_GIVEN, Given
from budgets.operations.spend_file.layout import FileKind
from budgets.operations.spend_file.load import NO_CALLBACKS, Callbacks, reading
from budgets.operations.spend_file.result import Result
from budgets.operations.spend_file.scratch import Scratch

DAYS_A_TRANSACTION = 10_000
"""Campaign days of which the effect is tried at once; a brand is never cut in two."""


def rehearse(
    path: Path,
    *,
    now: datetime,
    given: Given = NOTHING_GIVEN,
    within: QuerySet[Campaign] | None = None,
    callbacks: Callbacks = NO_CALLBACKS,
) -> Result:
    """Return what importing the file at this instant would do. Raises `BadFile` and `OSError`."""
    with reading(path, given, as_of=now, within=within, callbacks=callbacks) as file:
        kind = REHEARSED[file.layout.kind](file.scratch)
        sums = FileSums(file.scratch)
        for batch in file.batches():
            facts = campaign_facts({row.campaign_id for row in batch.rows})
            checked, refused = validate_rows(list(enumerate(batch.rows)), kind, facts, now=now)
            with transaction.atomic():
                outcome = kind.post(checked, now=now)
            outcome.refused += refused
            sums.add(outcome.accepted)
            file.add(batch, outcome, now=now)
        try_effects(sums, file.result, now=now)
    return file.result


class RehearsedEntries(Entries):
    """Entries against the ledger and the rows before them; nothing is booked."""

    def __init__(self, scratch: Connection) -> None:
        self.seen = Scratch(scratch, "key_seen")

    def post(self, checked: Sequence[Posting], *, now: datetime) -> Outcome:
        outcome = Outcome()
        lookups = folded_keys, partial(booked_keys, now=now), self.seen_keys
        new = new_among(checked, *lookups, outcome=outcome)
        outcome.accepted = list(new.values())
        self.seen.put((key_digest(each), payload_digest(each)) for each in outcome.accepted)
        return outcome

    def seen_keys(self, postings: Mapping[Name, Posting]) -> dict[Name, KeyMatch]:
        """Return which keys the rows before had, and how they match."""
        return {
            name: match_of(posting, sent)
            for name, posting in postings.items()
            if (sent := self.seen.get(key_digest(posting))) is not None
        }


class RehearsedTotals(DayTotals):
    """Day totals against the ledger and the rows before them; nothing is booked."""

    def __init__(self, scratch: Connection) -> None:
        self.seen = Scratch(scratch, "report_seen")

    def post(self, checked: Sequence[DayReport], *, now: datetime) -> Outcome:  # noqa: ARG002
        news, outcome = compared(checked, self.known_days)
        self.seen.put(
            (day_digest(report), f"{report.as_of.isoformat()} {report.micros}") for report in news
        )
        return outcome

    def known_days(self, reports: Sequence[DayReport]) -> Iterator[KnownDay]:
        """Read what is known of the days: the ledger's, unless a row before reported the day."""
        for report, in_ledger in zip(reports, read_days(stage_reports(reports)), strict=True):
            yield self.seen_day(report) or in_ledger

    def seen_day(self, report: DayReport) -> KnownDay | None:
        """Return what a row before this one reported of the same day."""
        note = self.seen.get(day_digest(report))
        if note is None:
            return None
        as_of, _, micros = note.partition(" ")
        return KnownDay(datetime.fromisoformat(as_of), int(micros), int(micros))


REHEARSED: dict[FileKind, Callable[[Connection], SpendKind[Any, Any]]] = {
    FileKind.ENTRIES: RehearsedEntries,
    FileKind.TOTALS: RehearsedTotals,
}


def day_digest(report: DayReport) -> bytes:
    return digest(report.source, report.campaign_id, report.day)


class FileSums:
    """What a file adds to each campaign's days, in the order of brands."""

    def __init__(self, scratch: Connection) -> None:
        self.scratch = scratch
        scratch.execute(
            "CREATE TABLE day_sum (brand INTEGER, campaign INTEGER, day TEXT, micros INTEGER,"
            " PRIMARY KEY (brand, campaign, day)) WITHOUT ROWID"
        )

    def add(self, postings: Sequence[Posting]) -> None:
        self.scratch.executemany(
            "INSERT INTO day_sum VALUES (?, ?, ?, ?) ON CONFLICT (brand, campaign, day)"
            " DO UPDATE SET micros = micros + excluded.micros",
            [(p.brand_id, p.campaign_id, p.day.isoformat(), p.micros) for p in postings],
        )

    def chunks(self, *, now: datetime) -> Iterator[list[Posting]]:
        """Yield the sums as postings, many brands at once but each brand whole."""
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


def try_effects(sums: FileSums, result: Result, *, now: datetime) -> None:
    """Find out which campaigns the sums would stop or start."""
    for chunk in sums.chunks(now=now):
        try:
            result.add_changes(effects(chunk, now=now))
        except TotalTooLarge:
            result.too_large = True


def effects(postings: Sequence[Posting], *, now: datetime) -> list[Change]:
    """Return the changes that the sums would cause; write nothing."""
    brand_ids = {posting.brand_id for posting in postings}
    with transaction.atomic():
        lock_brands(brand_ids)
        add_to_totals(postings, now=now)
        ids = settle(now=now, brand_ids=brand_ids, cause=Cause(trigger=Trigger.SPEND))
        changes = list(Change.objects.filter(pk__in=id_rows(ids)).order_by("id"))
        transaction.set_rollback(True)
    return changes
