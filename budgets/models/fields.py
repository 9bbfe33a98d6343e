"""Fields: money that is exact on every database."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError, ValidationError
from django.core.validators import MinValueValidator
from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Combinable, register_combinable_fields
from django.db.models.sql.compiler import SQLCompiler
from django.forms import DecimalField, Field

from budgets.rules.money import (
    MAX_UNITS,
    MICROS_PER_UNIT,
    BadAmount,
    parse_amount,
    to_micros,
    to_units,
)

if TYPE_CHECKING:
    _MoneyBase = models.Field[Decimal | int | str | None, Any]
else:
    _MoneyBase = models.Field


class MoneyField(_MoneyBase):
    """An amount in currency units: a BIGINT of micros at rest, a `Decimal` in Python.

    SQLite keeps a `DecimalField` as a float, in which ten times 0.10 does not reach 1.00. No kind
    of integer to Django, or `F("amount") + 2` would add two micros: Django refuses it instead.
    """

    description = "Amount of money"

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def from_db_value(self, value: Any, *_: Any) -> Decimal | None:
        return None if value is None else read_sum(value)

    def to_python(self, value: Any) -> Decimal | None:
        if value in (None, ""):
            return None
        try:
            to_micros(value)
        except BadAmount as error:
            # Not "invalid": forms say "Enter a number." for that, whatever the message.
            raise ValidationError(str(error), code="bad_amount") from None
        return parse_amount(value)

    def get_prep_value(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return to_micros(value)

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        return value if prepared else self.get_prep_value(value)

    def get_placeholder(
        self, value: Any, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> str:
        """Refuse, before it is written, an expression that takes a bare number for money."""
        if hasattr(value, "resolve_expression"):
            kind = value._output_field_or_none
            if kind is not None and not isinstance(kind, MoneyField):
                raise FieldError(
                    f"This would set {self.name} in micros; write amounts in an expression as "
                    "Value(2, output_field=MoneyField())."
                )
        return "%s"

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs: Any) -> Field | None:
        options: dict[str, Any] = {"max_digits": 19, "decimal_places": 6} | kwargs
        options.setdefault("form_class", DecimalField)
        return super().formfield(**options)


register_combinable_fields(MoneyField, Combinable.ADD, MoneyField, MoneyField)
register_combinable_fields(MoneyField, Combinable.SUB, MoneyField, MoneyField)
register_combinable_fields(MoneyField, Combinable.MUL, models.IntegerField, MoneyField)
register_combinable_fields(models.IntegerField, Combinable.MUL, MoneyField, MoneyField)


class BudgetField(MoneyField):
    """The most that may be spent in a period; empty is no limit, 0 is spend nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    default_validators = [
        MinValueValidator(0, "A budget cannot be negative; leave it empty for no limit.")
    ]


class MoneySum(models.Sum):
    """A sum of money, exact and of any size.

    PostgreSQL sums in numbers without a limit. SQLite's are of 64 bits, and it fails beyond: so it
    sums units and their remainders apart, and gives both back where they no longer fit in one.
    """

    def convert_value(self, value: Any, *_: Any) -> Any:
        """Leave it to `MoneyField`: what comes from SQLite may be no number."""
        return value

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        def part(operator: str) -> Any:
            summed = self.copy()
            summed.template = f"SUM(%(expressions)s {operator} {MICROS_PER_UNIT})"
            return summed.as_sql(compiler, connection)

        (units, of_units), (rest, of_rest) = part("/"), part("%%%%")
        return together(units, rest), (*of_units, *of_units, *of_rest, *of_units, *of_rest)


APART = "+"
MOST_UNITS = 9 * 10**12
"""So many units, and their remainders, are within 64 bits as micros."""


def together(units: str, rest: str) -> str:
    """Return the micros of both sums, as SQL for SQLite; apart where no number holds them."""
    return (
        f"CASE WHEN ABS({units}) < {MOST_UNITS} THEN {units} * {MICROS_PER_UNIT} + {rest}"
        f" ELSE {units} || '{APART}' || {rest} END"
    )


def sum_in_sql(column: str) -> str:
    """Return, for raw SQL, the sum that `MoneySum` is; `read_sum` reads it."""
    if connection.vendor != "sqlite":
        return f"SUM({column})"
    units = f"{column} / {MICROS_PER_UNIT}"
    return together(f"SUM({units})", f"SUM({column} - {units} * {MICROS_PER_UNIT})")


def read_sum(micros: Any) -> Decimal:
    """Return a sum, as a database gives it, in currency units."""
    if isinstance(micros, str):
        units, rest = map(int, micros.split(APART))
        return to_units(units * MICROS_PER_UNIT + rest)
    return to_units(int(micros))


def within_the_ledger(name: str, *totals: str) -> models.CheckConstraint:
    """Return a constraint that no total outgrows its column, where SQLite would turn to floats."""
    condition = models.Q()
    for total in totals:
        condition &= models.Q(**{f"{total}__gte": -MAX_UNITS, f"{total}__lte": MAX_UNITS})
    return models.CheckConstraint(name=name, condition=condition)
