"""What stands above the header of a report: its title, its days, its currency and its clock."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from budgets.cells.currencies import currencies_named
from budgets.cells.dates import DayEvidence, read_day
from budgets.cells.refusal import UnreadableCell
from budgets.cells.writing import alike
from budgets.sheets.records import BadFile, Record, text_of

LABELLED = re.compile(r"([^:\d]{2,40}): *(.+)")
FROM_TO = re.compile(r" *[–—] *| +(?:-|to|bis|au|al|a|até|tot) +|(?<=[/.]\d{4})(?:-|, ?)(?=\d)")
TIME_OF_DAY = re.compile(
    r",? +\d{1,2}:\d\d(?::\d\d)?(?: *[ap]m)?(?: +\(?(?:utc|gmt)\S*\)?)?$", re.IGNORECASE
)
AN_AMOUNT = re.compile(r"[^\w\s]{0,3} ?-?\d[\d.,' ]*[.,]\d+(?: ?[^\d\s]{1,3})?")

FIRST = (
    "report start", "start date", "from", "berichtsbeginn", "startdatum", "von", "début", "inicio",
    "início",
)  # fmt: skip
LAST = ("report end", "end date", "to", "berichtsende", "enddatum", "bis", "fin", "fim", "fine")
RANGE = (
    "date range", "report time", "report period", "reporting period", "period", "time period",
    "report dates", "zeitraum", "berichtszeitraum", "datumsbereich", "période", "plage de dates",
    "período", "intervalo de fechas", "intervalo de datas", "periodo", "intervallo di date",
    "periode",
)  # fmt: skip
CURRENCY = (
    "currency", "report currency", "account currency", "currency code", "währung", "devise",
    "moneda", "divisa", "moeda", "valuta",
)  # fmt: skip
ZONE = (
    "time zone", "timezone", "report time zone", "reporting time zone", "account time zone",
    "zeitzone", "fuseau horaire", "zona horaria", "fuso horário", "fuso orario", "tijdzone",
)  # fmt: skip


class Preamble(NamedTuple):
    """What a report says of all its rows; empty where it says nothing, or two things."""

    first_day: date | None = None
    last_day: date | None = None
    currency: str = ""
    zone: str = ""
    lone_day: date | None = None
    """A day that stands there alone: what it is, only some platforms make certain."""
    text: str = ""
    """All of it, in small letters, a line a row."""

    @property
    def only_day(self) -> date | None:
        """The day of all rows, where it is one."""
        return self.first_day if self.first_day == self.last_day else None


def read_preamble(records: Sequence[Record]) -> Preamble:
    """Read the rows above the header. Raises `BadFile` where they may be rows of spend."""
    for record in records:
        refuse_spend(record)
    firsts: set[date] = set()
    lasts: set[date] = set()
    currencies: set[str] = set()
    zones: set[str] = set()
    lone: set[date] = set()
    for label, value in facts_in(records):
        if label in CURRENCY and len(named := currencies_named(value)) == 1:
            currencies |= named
        elif label in ZONE:
            zones.add(value)
        elif label in ("", *RANGE) and (days := days_in(value)):
            if not label and not FROM_TO.search(value):
                lone.add(days[0])
            else:
                firsts.add(days[0])
                lasts.add(days[1])
        elif label in (*FIRST, *LAST) and (days := days_in(value)):
            (firsts if label in FIRST else lasts).add(days[0])
    is_certain = len(firsts) == len(lasts) == 1
    return Preamble(
        first_day=firsts.pop() if is_certain else None,
        last_day=lasts.pop() if is_certain else None,
        currency=currencies.pop() if len(currencies) == 1 else "",
        lone_day=lone.pop() if len(lone) == 1 else None,
        zone=zones.pop() if len(zones) == 1 else "",
        text="\n".join(" ".join(map(text_of, record.fields)) for record in records).casefold(),
    )


def refuse_spend(record: Record) -> None:
    """Refuse a header below what looks like rows of a table. Raises `BadFile`."""
    filled = [text for field in record.fields if (text := text_of(field))]
    if len(filled) > 2 and any(AN_AMOUNT.fullmatch(alike(text)) for text in filled):
        raise BadFile(
            f"Line {record.line} stands above the header and looks like a row of a table. Is it "
            "one table, with its header first? Make one file of each table."
        )


def facts_in(records: Sequence[Record]) -> Iterator[tuple[str, str]]:
    """Yield what is said, each with its label: `Time zone: UTC`, or in two cells; “” for none."""
    for record in records:
        filled = whole_facts([alike(text) for field in record.fields if (text := text_of(field))])
        for text in filled:
            if found := LABELLED.fullmatch(text):
                yield found[1].strip().casefold(), found[2].strip()
        if len(filled) == 2:
            yield filled[0].rstrip(": ").casefold(), filled[1]
        elif len(filled) == 1 and not LABELLED.fullmatch(filled[0]):
            yield "", filled[0]


def whole_facts(cells: Sequence[str]) -> list[str]:
    """Return the cells with what a comma split off put back: `Report Time: 3/9/2026,3/10/2026`."""
    facts: list[str] = []
    for cell in cells:
        if facts and LABELLED.fullmatch(facts[-1]) and not LABELLED.fullmatch(cell):
            facts[-1] += f", {cell}"
        else:
            facts.append(cell)
    return facts


def days_in(text: str) -> tuple[date, date] | None:
    """Return the first and the last day that the text names; `None` where it is not certain."""
    parts = [TIME_OF_DAY.sub("", part.strip()) for part in FROM_TO.split(text.strip('()" '))]
    if len(parts) not in (1, 2):
        return None
    evidence = DayEvidence()
    for part in parts:
        evidence.observe(part)
    try:
        days = [read_day(part, order=evidence.order()) for part in parts]
    except UnreadableCell:
        return None
    return (days[0], days[-1]) if days[0] <= days[-1] else None
