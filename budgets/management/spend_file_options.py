"""Options that say what a file of spend leaves open."""

from argparse import ArgumentTypeError
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from budgets.operations.spend_file.given import Given, Question, Unanswered

OPTIONS = {
    Question.SOURCE: "--source NAME",
    Question.COLUMNS: "--column ROLE=HEADER",
    Question.CURRENCY: "--currency CODE",
    Question.DAY: "--day YYYY-MM-DD",
    Question.ORDER: "--date-order dmy or mdy",
    Question.BRAND: "--brand ID",
    Question.TOTALS: "--despite-totals",
}


def add_answers(parser: CommandParser) -> None:
    """Add an option for each question that a file may leave open."""
    parser.add_argument(
        "--source",
        default="",
        help="source of rows that name none, such as google or meta; day totals need one, unless "
        "the file is the report of a platform we know",
    )
    parser.add_argument(
        "--brand", type=int, metavar="ID", help="the brand whose campaigns are meant by name"
    )
    parser.add_argument("--currency", default="", help="of all rows, such as EUR")
    parser.add_argument("--day", type=date.fromisoformat, help="of all rows, such as 2026-03-31")
    parser.add_argument(
        "--date-order",
        choices=("dmy", "mdy"),
        help="whether 3/4/2026 has the day or the month first, where no day of the file shows it",
    )
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        type=choice_of_column,
        metavar="ROLE=HEADER",
        help="the header over one of our columns, such as total=Billed cost; may come many times",
    )
    parser.add_argument(
        "--remember", action="store_true", help="keep these columns for files with the same ones"
    )
    parser.add_argument(
        "--despite-totals",
        action="store_true",
        help="take the rows though they do not add up to the file's own total",
    )


def choice_of_column(text: str) -> tuple[str, str]:
    role, _, header = text.partition("=")
    if not (role.strip() and header.strip()):
        raise ArgumentTypeError(f"{text!r} is not like total=Billed cost")
    return role.strip(), header.strip()


def given_by(options: Mapping[str, Any]) -> Given:
    """Return what the options say."""
    return Given(
        source=options["source"],
        brand_id=options["brand"],
        currency=options["currency"].upper(),
        day=options["day"],
        order=options["date_order"],
        columns=dict(options["column"]),
        despite_totals=options["despite_totals"],
    )


def options_for(unanswered: Unanswered) -> str:
    """Say which options answer the questions."""
    return (
        "Say it with " + " and ".join(OPTIONS[each] for each in sorted(unanswered.questions)) + "."
    )
