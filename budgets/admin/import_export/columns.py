"""Columns of imported and exported files: each reads a cell exactly, or says what is wrong."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import Widget

from budgets.cells.dates import DayEvidence, DayOrder, read_day
from budgets.cells.formulas import kept_as_text
from budgets.cells.identifiers import number_in, read_identifier
from budgets.cells.numbers import UNDETERMINED, NumberEvidence, read_number
from budgets.cells.readings import decimals_written
from budgets.cells.typed import refuse_decimals_beyond

FIRST_LINE = 2
"""The first line of a file is its header."""

LINE, WHY = "line", "what is wrong"
"""Columns that a file of refused lines adds; an import leaves them out, so it can be imported."""


class TextColumn(Widget):
    """Text that no spreadsheet takes for a formula, nor for a number."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        return written(value).strip()

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else kept_as_text(str(value))


class IdColumn(TextColumn):
    """An id, whole: one that a spreadsheet shortened could be several."""

    def clean(self, value: Any, row: Any = None, *, known: Any = None, **kwargs: Any) -> str:
        """Read the id; one that is `known` to be just that is left as it is."""
        as_text = super().clean(value)
        return as_text if known and as_text == known else read_identifier(value)


class AmountColumn(Widget):
    """An exact amount; empty is no limit."""

    style = UNDETERMINED
    """How the amounts of the file are written."""

    def clean(
        self, value: Any, row: Any = None, *, currency: str = "", known: Any = None, **kwargs: Any
    ) -> Decimal | None:
        """Read an amount of the currency, no finer than it unless it is the `known` one."""
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        amount = read_number(value, self.style, currency=currency or None)
        if amount != known and currency:
            refuse_decimals_beyond(currency, amount)
        return amount

    def render(self, value: Decimal | None, obj: Any = None, **kwargs: Any) -> Any:
        if value is None:
            return ""
        if kwargs.get("force_native_type"):
            return value
        # With three decimals it could be taken for thousands.
        return f"{value:.4f}" if decimals_written(value) == 3 else f"{value:f}"


class DayColumn(Widget):
    """A local day."""

    order: DayOrder | None = None
    """Whether the day or the month comes first in the file."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date | None:
        if value is None or value == "":
            return None
        return read_day(value, order=self.order)

    def render(self, value: date | None, obj: Any = None, **kwargs: Any) -> Any:
        if value is None:
            return ""
        return value if kwargs.get("force_native_type") else value.isoformat()


def learn(dataset: Any, fields: Iterable[Field]) -> None:
    """Learn from the whole file how its amounts and days are written.

    Raises `UnreadableCell` where two cells contradict each other.
    """
    numbers, days = NumberEvidence(), DayEvidence()
    columns = [field for field in fields if field.column_name in dataset.headers]
    columns = [field for field in columns if not field.readonly]
    for column in columns:
        for line, cell in enumerate(dataset[column.column_name], start=FIRST_LINE):
            if isinstance(column.widget, AmountColumn):
                numbers.observe(cell, line=line)
            elif isinstance(column.widget, DayColumn):
                days.observe(cell, line=line)
    for column in columns:
        if isinstance(column.widget, AmountColumn):
            column.widget.style = numbers.style()
        elif isinstance(column.widget, DayColumn):
            column.widget.order = days.order()


class RowColumn(Widget):
    """Another row by its name, or by its number where names repeat: “Acme #12”."""

    def __init__(self, what: Any) -> None:
        super().__init__()
        self.what = what
        self.rows: QuerySet[Any] | None = None
        """The rows in the person's scope."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = TextColumn().clean(value)
        if not text or self.rows is None:
            return None
        name, number = named(text)
        if number is None:
            found = list(self.rows.filter(name=name)[:2])
        else:
            found = [r for r in self.rows.filter(pk=number) if name in {"", r.name}]
        if len(found) == 1:
            return found[0]
        told = {"what": self.what, "text": text}
        if found:
            raise ValueError(_("Several are called “%(text)s”; add the number: “Name #12”.") % told)
        raise ValueError(_("There is no %(what)s “%(text)s”.") % told)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else TextColumn().render(f"{value.name} #{value.pk}")


def named(text: str) -> tuple[str, int | None]:
    """Return the name and the number that a cell gives for a row."""
    name, mark, number = text.rpartition("#")
    known = number_in(number) if mark else None
    return (text if known is None else name.rstrip()), known


def written(value: Any) -> str:
    """Return a cell as text; a whole number without decimals, as it was typed."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
