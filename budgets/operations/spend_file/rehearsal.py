"""Rehearse a spend file: what the ledger would make of it, without writing any of it.

Keys are looked up in the ledger and, as the ledger does not grow, on a scratch pad; so are the
sums. Only these sums then go through the totals, brand by brand, in short transactions that are
undone: nobody waits for the preview of a long file.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from budgets.models import Campaign
from budgets.operations.ingest.day_totals import (
    Known,
    difference,
    is_news,
    newest_of_each_day,
    read_known,
    stage_reports,
)
from budgets.operations.ingest.entries import Found, known_among
from budgets.operations.ingest.fingerprints import fingerprint, name_print, payload_print
from budgets.operations.ingest.ledger import Outcome, first_of_each_key, set_folded_aside
from budgets.operations.ingest.record import refusals
from budgets.operations.ingest.running_totals import TotalTooLarge
from budgets.operations.ingest.types import Receipt
from budgets.operations.ingest.validation import CheckedTotal, Posting, read_rows
from budgets.operations.spend_file.effects import DaySums, effects
from budgets.operations.spend_file.layout import FileKind
from budgets.operations.spend_file.load import (
    DEFAULT_SOURCE,
    NOBODY,
    Told,
    count_money,
    read_through,
    spend_file,
    ways,
)
from budgets.operations.spend_file.result import Result
from budgets.operations.spend_file.rows import AnyRow
from budgets.operations.spend_file.scratch import Scratch


def rehearse(
    path: Path,
    *,
    now: datetime,
    source: str = DEFAULT_SOURCE,
    within: QuerySet[Campaign] | None = None,
    told: Told = NOBODY,
) -> Result:
    """Tell what importing the file at this instant would do. Raises `BadFile` and `OSError`."""
    with spend_file(path, source=source, within=within) as opened_file:
        rehearsal = Rehearsal(opened_file.scratch, opened_file.file.layout.kind, now=now)
        result = read_through(opened_file, rehearsal.take, clock=lambda: now, told=told)
        rehearsal.try_effects(result)
    return result


class Rehearsal:
    """Takes the rows of one file as the ledger would."""

    def __init__(self, scratch: Connection, kind: FileKind, *, now: datetime) -> None:
        self.now = now
        self.keys = Scratch(scratch, "key_taken")
        self.reports = Scratch(scratch, "report_taken")
        self.days = DaySums(scratch)
        self.read, _ = ways(kind)
        self.book: Callable[[Any], Outcome] = (
            self.entries if kind == FileKind.ENTRIES else self.totals
        )

    def take(self, rows: Sequence[AnyRow], result: Result) -> Receipt:
        """Tell what would become of the rows, after all that were taken before."""
        good, refused = read_rows(rows, partial(self.read, now=self.now), first_index=0)
        with transaction.atomic():
            outcome = self.book(good)
        count_money(rows, outcome, result)
        self.days.add(outcome.accepted)
        return Receipt(
            accepted=len(outcome.accepted),
            duplicates=outcome.duplicates,
            refused=sorted([*refused, *refusals(outcome)]),
        )

    def entries(self, postings: Sequence[Posting]) -> Outcome:
        """Tell which entries are new, which are known, and which are in conflict."""
        outcome = Outcome()
        firsts = first_of_each_key(postings, outcome)
        set_folded_aside(firsts, outcome)
        known = known_among(firsts, now=self.now)
        for name, posting in firsts.items():
            if name in known:
                outcome.count_known(posting, is_repeat=known[name] != Found.OTHERWISE)
            else:
                self.count_taken(posting, outcome)
        return outcome

    def count_taken(self, posting: Posting, outcome: Outcome) -> None:
        """Judge an entry that the ledger does not know against the rows before it."""
        name, sent = name_print(posting), payload_print(posting)
        taken = self.keys.get(name)
        if taken is None:
            self.keys.put([(name, sent)])
            outcome.accepted.append(posting)
        else:
            outcome.count_known(posting, is_repeat=taken == sent)

    def totals(self, reports: Sequence[CheckedTotal]) -> Outcome:
        """Tell which day totals are news, and by how much they differ from what is booked."""
        newest = newest_of_each_day(reports)
        stage_reports(newest)
        outcome = Outcome()
        for report, in_ledger in zip(newest, read_known(), strict=True):
            name = fingerprint(report.source, report.campaign_id, report.day)
            known = self.taken_report(name) or in_ledger
            if is_news(report, known):
                self.reports.put([(name, f"{report.as_of.isoformat()} {report.micros}")])
                outcome.accepted.append(difference(report, known.booked_micros))
        outcome.duplicates = len(reports) - len(outcome.accepted)
        return outcome

    def taken_report(self, name: bytes) -> Known | None:
        """Return what a row before this one reported of the same day."""
        note = self.reports.get(name)
        if note is None:
            return None
        as_of, _, micros = note.partition(" ")
        return Known(datetime.fromisoformat(as_of), int(micros), int(micros))

    def try_effects(self, result: Result) -> None:
        """Find out which campaigns the sums would stop or start."""
        for chunk in self.days.chunks(now=self.now):
            try:
                changes = effects(chunk, now=self.now)
            except TotalTooLarge:
                result.too_large = True
                continue
            for change in changes:
                result.change(change.campaign_id, change.reasons_before, change.reasons_after)
