"""Import a CSV file of spend: entries, or day totals as ad platforms report them."""

import sqlite3
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from budgets.management.reporting import Answer, ReportingCommand
from budgets.management.spend_file_words import result_in_words
from budgets.operations.spend_file.facts import result_facts
from budgets.operations.spend_file.given import Given
from budgets.operations.spend_file.layout import BadFile
from budgets.operations.spend_file.load import Callbacks, ignore, import_file
from budgets.operations.spend_file.refused_file import refused_file
from budgets.operations.spend_file.rehearsal import rehearse
from budgets.operations.spend_file.result import Result

SECONDS_BETWEEN_LINES = 10


class Command(ReportingCommand):
    """Import a file; the same file again, or after a kill, changes nothing."""

    help = (
        "Import a CSV file of spend. Entries have the columns occurred_at, amount, currency and, "
        "if there are any, source and key; day totals have day, total, currency and, if it is "
        "there, as_of, and their source must be named. Both name the campaign by campaign_id, "
        "which is our id, or by external_id with brand or brand_id. Separated by comma, semicolon "
        "or tab; how numbers and days are written is learned from their columns. Times without an "
        "offset are on the clock of the campaign's brand. Rows that share campaign, day and source "
        "are parts of one day total. Importing a file twice changes nothing, so an import that was "
        "interrupted is simply started again."
    )
    writes = True

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, help="the CSV file")
        parser.add_argument(
            "--source",
            default="",
            help="source of rows that name none, such as google or meta; day totals need one",
        )
        parser.add_argument(
            "--refused", type=Path, metavar="FILE", help="write the refused rows here, with reasons"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and report; fail when rows were refused."""
        self.refused = 0
        super().handle(*args, **options)
        if self.refused:
            rows = "1 row was" if self.refused == 1 else f"{self.refused:,} rows were"
            raise CommandError(f"{rows} refused; the others are as told above.")

    def run(
        self, *, file: Path, source: str, refused: Path | None, dry_run: bool, **_: Any
    ) -> Answer:
        if refused and refused.exists() and refused.samefile(file):
            raise CommandError("The refused rows need a file of their own.")
        try:
            result = self.go_through(file, source, refused, dry_run=dry_run)
        except (BadFile, OSError) as error:
            raise CommandError(f"{file}: {error}") from error
        except (DatabaseError, sqlite3.Error) as error:
            cause = " ".join(str(error).split())
            raise CommandError(
                f"{file}: {cause}. What was recorded before that counts once; start the import "
                "again."
            ) from error
        self.refused = result.refused
        words = result_in_words(result, name=file.name, dry_run=dry_run)
        return result_facts(result, dry_run=dry_run), words

    def go_through(self, file: Path, source: str, refused: Path | None, *, dry_run: bool) -> Result:
        """Read the file once, writing refused rows aside."""
        with refused_file(refused, of=file) if refused else nullcontext() as write:
            callbacks = Callbacks(write or ignore, ProgressLine(self.stderr))
            given = Given(source=source)
            if dry_run:
                return rehearse(file, now=timezone.now(), given=given, callbacks=callbacks)
            return import_file(file, clock=timezone.now, given=given, callbacks=callbacks)


class ProgressLine:
    """Shows how far a long file has come: in one line to a person, now and then to a log."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.started = self.shown = time.monotonic()

    def __call__(self, rows: int, share: float) -> None:
        now = time.monotonic()
        watched = self.stream.isatty()
        if not watched and now - self.shown < SECONDS_BETWEEN_LINES:
            return
        self.shown = now
        rate = rows / max(now - self.started, 1e-9)
        line = f"{rows:,} rows, {min(share, 1):.0%}, {rate:,.0f} rows/s"
        self.stream.write(f"\r{line} " if watched else line, ending="" if watched else "\n")
        if watched and share >= 1:
            self.stream.write("")
