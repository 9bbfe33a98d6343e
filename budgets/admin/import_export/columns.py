"""Columns of imported and exported files: each reads a cell exactly, or says what is wrong."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from import_export.widgets import Widget

from budgets.rules.money import BadAmount, parse_amount

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
"""A spreadsheet runs text that starts like this; a quote in front keeps it text."""

FLOAT_DIGITS = 15
"""A spreadsheet's number keeps this many digits; what has more was already rounded."""


class TextColumn(Widget):
    """Text that no spreadsheet takes for a formula."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = written(value).strip()
        return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_STARTS else text

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        text = "" if value is None else str(value)
        return f"'{text}" if text.startswith(FORMULA_STARTS) else text


class AmountColumn(Widget):
    """An exact amount; empty is no limit."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        if isinstance(value, float):
            value = exact(value)
        try:
            return parse_amount(value.strip() if isinstance(value, str) else value)
        except BadAmount as error:
            raise ValueError(str(error)) from None

    def render(self, value: Decimal | None, obj: Any = None, **kwargs: Any) -> Any:
        if value is None:
            return ""
        return value if kwargs.get("force_native_type") else f"{value:f}"


class DayColumn(Widget):
    """A local day, written 2026-03-31."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date | None:
        if value is None or value == "":
            return None
        if isinstance(value, datetime):
            return value.date()
        try:
            return date.fromisoformat(str(value).strip())
        except ValueError:
            text = _("“%(text)s” is no day; write it like 2026-03-31.")
            raise ValueError(text % {"text": value}) from None

    def render(self, value: date | None, obj: Any = None, **kwargs: Any) -> Any:
        if value is None:
            return ""
        return value if kwargs.get("force_native_type") else value.isoformat()


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
    match = re.fullmatch(r"(.*?)\s*#(\d{1,18})", text, re.DOTALL)
    return (match[1], int(match[2])) if match else (text, None)


def written(value: Any) -> str:
    """Return a cell as text; a whole number without decimals, as it was typed."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def exact(number: float) -> str:
    """Return a spreadsheet's number as it was typed. Raises `ValueError` past its precision."""
    text = repr(number)
    if len(Decimal(text).as_tuple().digits) > FLOAT_DIGITS:
        told = {"number": text, "digits": FLOAT_DIGITS}
        text = _("%(number)s has more digits than a spreadsheet's %(digits)s; type it as text.")
        raise ValueError(text % told)
    return text
