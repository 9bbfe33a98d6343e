"""Examine the books and the installation; rebuild totals from their entries on demand."""

import os
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from budgets.management.reporting import Answer, ReportingCommand
from budgets.operations.repair import Repaired, repair
from budgets.reports.diagnostics.audit import Difference, audit
from budgets.reports.diagnostics.installation import Finding, Level, findings, migrations

MARKS = {Level.GOOD: "ok   ", Level.NOTE: "note ", Level.WRONG: "WRONG"}


class Command(ReportingCommand):
    """Recompute every total from the entries, and look at what the service stands on."""

    help = (
        "Recompute every total from the entries and show the first that differs; check "
        "migrations, broker, recurring tasks, time zones and schedules. Fails when something is "
        "wrong. --repair sets totals to the sum of their entries and restates statements; a day "
        "total that has no entries, made with bulk_create or in SQL, is set to nothing."
    )
    writes = True

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--repair", action="store_true", help="rebuild the totals that are wrong"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Examine and tell; fail when something is wrong."""
        self.wrong = 0
        super().handle(*args, **options)
        if self.wrong:
            raise CommandError("Something is wrong; see the lines above.")

    def run(self, *, repair: bool, dry_run: bool, **_: Any) -> Answer:
        """Examine everything, after repairing if that is asked for."""
        now = timezone.now()
        looked_at = [migrations()]
        if looked_at[0].verdict == Level.WRONG:
            return self.told(looked_at, None, None)
        repaired = self.rebuilt(dry_run=dry_run) if repair else None
        looked_at += findings(broker_url=os.environ.get("REDIS_URL", ""), now=now)
        return self.told(looked_at, audit(), repaired)

    def rebuilt(self, *, dry_run: bool) -> Repaired:
        """Repair the books; undo it again for a dry run."""
        if not dry_run:
            return repair(now=timezone.now(), clock=timezone.now)
        with transaction.atomic():
            repaired = repair(now=timezone.now(), clock=timezone.now)
            transaction.set_rollback(True)
        return repaired

    def told(
        self,
        looked_at: Sequence[Finding],
        differences: Sequence[Difference] | None,
        repaired: Repaired | None,
    ) -> Answer:
        bad = [finding for finding in looked_at if finding.verdict == Level.WRONG]
        self.wrong = len(bad) + len(differences or [])
        facts = {
            "ok": not self.wrong,
            "differences": None if differences is None else list(map(asdict, differences)),
            "findings": [asdict(finding) for finding in looked_at],
            "repaired": repaired and asdict(repaired),
        }
        lines = [*repair_lines(repaired), *book_lines(differences)]
        lines += [f"{MARKS[each.verdict]} {each.check}: {each.words}" for each in looked_at]
        return facts, "\n".join(lines)


def repair_lines(repaired: Repaired | None) -> list[str]:
    if repaired is None:
        return []
    rows = (
        f"{repaired.days:,} day totals, {repaired.standings:,} campaign totals, "
        f"{repaired.statements:,} statements"
    )
    return [f"Rebuilt from their entries: {rows}. Campaigns changed: {repaired.changes:,}."]


def book_lines(differences: Sequence[Difference] | None) -> list[str]:
    if differences is None:
        return []
    if not differences:
        return [f"{MARKS[Level.GOOD]} books: every total is the sum of its entries"]
    return [
        f"{MARKS[Level.WRONG]} books: {each.number:,} {each.kind} differ; the first: {each.first}"
        for each in differences
    ]
