"""Fold old spend entries into one a source, campaign and day; no total changes."""

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from budgets.management.reporting import Answer, ReportingCommand
from budgets.operations.retention.folding import Folded, fold_entries
from budgets.operations.retention.old_entries import foldable

LONGEST_DAYS = 36_500


class Command(ReportingCommand):
    """Fold what is old; the sums stay, and what is sent again is still known."""

    help = (
        "Fold spend entries older than a number of days into one a source, campaign and day. "
        "Totals do not change, and an entry that is sent again is still known by its key. Keys "
        "are kept for KEY_RETENTION_DAYS, for ever if that is not set."
    )
    writes = True

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--older-than",
            type=int,
            metavar="DAYS",
            default=settings.ENTRY_RETENTION_DAYS,
            help="default: ENTRY_RETENTION_DAYS; if that is not set, nothing is folded",
        )

    def run(self, *, older_than: int | None, dry_run: bool, **_: Any) -> Answer:
        if older_than is None:
            facts = {"dry_run": dry_run, **asdict(Folded())}
            return facts, (
                "Nothing was folded: entries are kept for ever. Set ENTRY_RETENTION_DAYS or give "
                "--older-than DAYS."
            )
        now = timezone.now()
        before = day_before(now, days=older_than)
        if dry_run:
            entries, into = foldable(before=before)
            return {"dry_run": True, "entries": entries, "into": into}, (
                f"Would fold {entries:,} entries of days before {before} into {into:,}. "
                "Nothing was written."
            )
        folded = fold_entries(
            before=before, now=now, keys_since=keys_since(now), progress=self.show
        )
        return {"dry_run": False, **asdict(folded)}, (
            f"Folded {folded.entries:,} entries of days before {before} into {folded.into:,}. "
            f"Keys kept: {folded.keys_kept:,}, forgotten: {folded.keys_forgotten:,}."
        )

    def show(self, folded: Folded) -> None:
        self.show_progress(f"{folded.entries:,} entries folded ")


def keys_since(now: datetime) -> date | None:
    kept: int | None = settings.KEY_RETENTION_DAYS
    return None if kept is None else day_before(now, days=kept)


def day_before(now: datetime, *, days: int) -> date:
    """Return the date so many days ago. Raises `CommandError`."""
    if not 1 <= days <= LONGEST_DAYS:
        raise CommandError(f"{days} days is not between 1 and {LONGEST_DAYS:,}.")
    return (now - timedelta(days=days)).astimezone(UTC).date()
