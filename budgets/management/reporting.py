"""What the commands share: an answer as words or JSON, and failure in one clear line."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

ERASE_LINE = "\x1b[K"

Answer = tuple[dict[str, Any], str]
"""What a command has to say, twice: for programs and for people."""


class ReportingCommand(BaseCommand):
    """Run one operation or report and print the result. Subclasses define `run`."""

    writes = False
    """Whether it takes `--dry-run`."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer with one JSON object")
        if self.writes:
            parser.add_argument(
                "--dry-run", action="store_true", help="change nothing, tell what would"
            )

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            facts, words = self.run(**options)
        except DatabaseError as error:
            cause = " ".join(str(error).split())
            raise CommandError(
                f"The database refused: {cause}. Is it running, and is manage.py migrate done?"
            ) from error
        self.show_progress("")
        self.stdout.write(json.dumps(facts, ensure_ascii=False) if options["json"] else words)

    def show_progress(self, text: str) -> None:
        """Show how far it has come in a line that the next one replaces, where a person watches."""
        if self.stderr.isatty():
            # It is no error, so not red.
            self.stderr.write(f"\r{ERASE_LINE}{text}", style_func=str, ending="")

    def run(self, *args: Any, **options: Any) -> Answer:
        raise NotImplementedError
