"""The kinds of values in requests and answers, each with its limits."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

from budgets.rules.exceptions import MAX_CHARACTERS as MOST_OF_DATES
from budgets.rules.money import MAX_UNITS
from budgets.rules.reasons import PauseReason

MAX_ID = 2**63 - 1

PLAIN_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
PLAIN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def plain_number(value: Any) -> Any:
    """Refuse what Python takes for a number and nobody else does: “1_000”, “١٢”, “ 5 ”, true."""
    if isinstance(value, bool) or (isinstance(value, str) and not PLAIN_NUMBER.fullmatch(value)):
        raise ValueError("write a number in plain digits, like 1500 or 1500.00")
    return value


def plain_day(value: Any) -> Any:
    """Refuse a day that is no date as ISO 8601 writes it: a number of seconds, say."""
    if not isinstance(value, date) and not PLAIN_DAY.fullmatch(str(value)):
        raise ValueError("write a day like 2026-03-10")
    return value


Plain = BeforeValidator(plain_number)

Id = Annotated[int, Plain, Field(ge=1, le=MAX_ID)]

NO_NUL = "^[^\\x00]*$"
"""PostgreSQL cannot store the character 0."""

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]
Hours = Annotated[str, Field(min_length=1, max_length=2000, pattern=NO_NUL)]
Dates = Annotated[str, Field(max_length=MOST_OF_DATES, pattern=NO_NUL)]
DATES = "2026-12-25 closed # Christmas Day\n2026-12-31 10:00-14:00"
Note = Annotated[str, Field(max_length=300, pattern=NO_NUL)]
Search = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]

Budget = Annotated[
    Decimal,
    Plain,
    Field(ge=0, le=MAX_UNITS, decimal_places=6, examples=["1500.00"]),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^\d{1,12}(\.\d{1,6})?$"},
                {"type": "number", "minimum": 0, "maximum": int(MAX_UNITS)},
            ],
            "description": "In the brand's currency, exactly as written, with up to 6 decimals.",
            "examples": ["1500.00"],
        },
        mode="validation",
    ),
]

Amount = Annotated[
    Decimal,
    PlainSerializer(lambda amount: f"{amount:f}", return_type=str),
    WithJsonSchema({"type": "string", "examples": ["1500.00"]}, mode="serialization"),
]
"""Money in answers: text, so that no reader rounds it on the way in."""


Day = Annotated[
    date,
    BeforeValidator(plain_day),
    Field(ge=date(2000, 1, 1), le=date(2099, 12, 31), description="A local day of the brand."),
]


def known_reason(name: str) -> str:
    """Refuse a name that is no reason to pause."""
    if name not in PauseReason.__members__:
        raise ValueError(f"There is no such reason; it is one of {', '.join(REASONS)}.")
    return name


REASONS = [str(reason.name) for reason in PauseReason]
Reason = Annotated[
    str, AfterValidator(known_reason), WithJsonSchema({"type": "string", "enum": REASONS})
]

ABSENT: Any = None
"""The default of a field that may be left out of a patch but may not be null."""


def names_of(reasons: PauseReason) -> list[str]:
    return [str(reason.name) for reason in reasons]


class Input(Schema):
    """A body: a field that nobody knows is a mistake, not something to ignore."""

    model_config = ConfigDict(extra="forbid")
