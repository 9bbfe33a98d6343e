"""Import a file of spend: entries, or day totals as ad platforms report them."""

import sqlite3
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from budgets.management.reporting import Answer, ReportingCommand
from budgets.management.spend_file_options import add_answers, given_by, options_for
from budgets.management.spend_file_words import result_in_words
from budgets.operations.spend_file.facts import result_facts
from budgets.operations.spend_file.given import Given, Unanswered
from budgets.operations.spend_file.header.memory import remember_columns
from budgets.operations.spend_file.header.template import template_file
from budgets.operations.spend_file.layout import FileKind
from budgets.operations.spend_file.load import Callbacks, ignore, import_file
from budgets.operations.spend_file.refused_file import refused_file
from budgets.operations.spend_file.rehearsal import rehearse
from budgets.operations.spend_file.result import Result
from budgets.sheets.records import BadFile

SECONDS_BETWEEN_LINES = 10
TEMPLATES = {"totals": FileKind.TOTALS, "entries": FileKind.ENTRIES}


class Command(ReportingCommand):
    """Import a file; the same file again, or after a kill, changes nothing."""

    help = (
        "Import a file of spend, CSV or XLSX: a report as an ad platform gives it (Google Ads, "
        "Meta, Microsoft Advertising, Amazon Ads, TikTok, LinkedIn, Campaign Manager 360), or a "
        "file of your own (--template shows one). What the file leaves open is asked for by the "
        "name of the option that says it. How numbers and days are written is learned from their "
        "columns. Importing a file twice changes nothing, so an import that was interrupted is "
        "simply started again."
    )
    writes = True

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, nargs="?", help="the CSV or XLSX file")
        parser.add_argument(
            "--refused", type=Path, metavar="FILE", help="write the refused rows here, with reasons"
        )
        parser.add_argument(
            "--template",
            choices=TEMPLATES,
            help="print a file of day totals, or of entries, to be filled in, and do nothing else",
        )
        add_answers(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and report; fail when rows were refused."""
        self.refused = 0
        if options["template"]:
            content = template_file(TEMPLATES[options["template"]], today=timezone.now().date())
            self.stdout.write(content.decode(), ending="")
            return
        if options["file"] is None:
            raise CommandError("Name the file to import.")
        super().handle(*args, **options)
        if self.refused:
            rows = "1 row was" if self.refused == 1 else f"{self.refused:,} rows were"
            raise CommandError(f"{rows} refused; the others are as told above.")

    def run(self, *, file: Path, refused: Path | None, dry_run: bool, **options: Any) -> Answer:
        if refused and refused.exists() and refused.samefile(file):
            raise CommandError("The refused rows need a file of their own.")
        given = given_by(options)
        try:
            result = self.go_through(file, given, refused, dry_run=dry_run)
        except Unanswered as error:
            raise CommandError(f"{file}: {error} {options_for(error)}") from error
        except (BadFile, OSError) as error:
            raise CommandError(f"{file}: {error}") from error
        except (DatabaseError, sqlite3.Error) as error:
            cause = " ".join(str(error).split())
            raise CommandError(
                f"{file}: {cause}. What was recorded before that counts once; start the import "
                "again."
            ) from error
        if options["remember"] and given.columns and not dry_run:
            remember_columns(
                result.layout.header,
                given.columns,
                source=given.source,
                currency=given.currency,
                now=timezone.now(),
            )
        self.refused = result.refused
        words = result_in_words(result, name=file.name, dry_run=dry_run)
        return result_facts(result, dry_run=dry_run), words

    def go_through(
        self, file: Path, given: Given, refused: Path | None, *, dry_run: bool
    ) -> Result:
        """Read the file once, writing refused rows aside."""
        with refused_file(refused) if refused else nullcontext() as write:
            callbacks = Callbacks(write or ignore, ProgressLine(self.stderr))
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
