"""Inspect the first rows of a file: what somebody needs to see to say what its columns are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from budgets.operations.spend_file.given import NOTHING_GIVEN, Given, Question, Unanswered
from budgets.operations.spend_file.header.finding import SpendFile, likeliest, with_header
from budgets.operations.spend_file.header.names import OURS, role_of
from budgets.operations.spend_file.header.platforms import Platform, recognised
from budgets.operations.spend_file.survey import Survey
from budgets.operations.spend_file.terms import settled
from budgets.sheets.opening import opened_table
from budgets.sheets.records import Head, text_of

SAMPLE_ROWS = 5


class Line(NamedTuple):
    """A row of the first of a file, with its number."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What the first rows of a file show."""

    platform: Platform | None
    candidates: Sequence[Line]
    """Rows that may be the header: those in which more than one cell is filled."""
    header: Line
    """The likeliest of them."""
    columns: Mapping[str, str]
    """The header that may stand over each of our columns."""
    samples: Sequence[Line]
    """The first rows below the header."""
    questions: frozenset[Question]
    """What is open, as far as these rows show."""
    message: str
    """Why it is open."""


def inspect(path: Path, given: Given = NOTHING_GIVEN) -> Inspection:
    """Look at the first rows of a file, without reading on. Raises `BadFile` and `OSError`."""
    with opened_table(path) as table:
        try:
            file = with_header(table, given)
        except Unanswered as unanswered:
            head, index = likeliest(table.heads)
            return inspection(head, index, None, unanswered)
        return inspection(file.head, file.index, file, asked(file, given))


def asked(file: SpendFile, given: Given) -> Unanswered | None:
    """Return what the first rows leave open."""
    seen = Survey(file.layout)
    for record in file.head.records[file.index + 1 :]:
        seen.see(record)
    try:
        settled(file, seen, given)
    except Unanswered as unanswered:
        return unanswered
    return None


def inspection(
    head: Head, index: int, file: SpendFile | None, unanswered: Unanswered | None
) -> Inspection:
    lines = [
        Line(record.line, [text_of(field) for field in record.fields]) for record in head.records
    ]
    header = lines[index]
    if file:
        columns = {
            role: header.cells[at] for role, at in file.layout.columns.items() if role in OURS
        }
    else:
        columns = {role: text for text in header.cells if (role := role_of(text)) in OURS}
    return Inspection(
        platform=file.platform if file else recognised("", header.cells),
        candidates=[line for line in lines if sum(map(bool, line.cells)) > 1],
        header=header,
        columns=columns,
        samples=lines[index + 1 : index + 1 + SAMPLE_ROWS],
        questions=unanswered.questions if unanswered else frozenset(),
        message=str(unanswered or ""),
    )
