"""As much of Google's query language as is asked of the stand-in; anything else is refused."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

QUERY = re.compile(r"SELECT (?P<fields>.+?) FROM (?P<resource>\w+)(?: WHERE (?P<where>.+))?")
BETWEEN = re.compile(r"segments\.date BETWEEN '(\d{4}-\d\d-\d\d)' AND '(\d{4}-\d\d-\d\d)'")
AMONG = re.compile(r"campaign\.id IN \((\d+(?:, ?\d+)*)\)")
CONDITION_ENDS = re.compile(r" AND (?=campaign|segments)")


class BadQuery(Exception):
    """A query that Google would refuse, with the name of its `QueryError`."""


@dataclass(frozen=True, slots=True)
class Query:
    fields: tuple[str, ...]
    resource: str
    campaigns: frozenset[str] | None
    first: date | None
    last: date | None


def parse(text: str, row: Any) -> Query:
    """Read a query whose fields are those of `row`, the descriptor of a `GoogleAdsRow`."""
    match = QUERY.fullmatch(text.strip())
    if not match:
        raise BadQuery("EXPECTED_SELECT")
    fields = tuple(each.strip() for each in match["fields"].split(","))
    for field in fields:
        require_field(field, row)
    campaigns = first = last = None
    for condition in CONDITION_ENDS.split(match["where"] or ""):
        if found := BETWEEN.fullmatch(condition):
            first, last = (date.fromisoformat(day) for day in found.groups())
        elif found := AMONG.fullmatch(condition):
            campaigns = frozenset(each.strip() for each in found[1].split(","))
        elif condition:
            raise BadQuery("UNEXPECTED_INPUT")
    if "segments.date" in fields and first is None:
        raise BadQuery("EXPECTED_FILTERS_ON_DATE_RANGE")
    return Query(fields, match["resource"], campaigns, first, last)


def require_field(field: str, row: Any) -> None:
    there = row
    for name in field.split("."):
        if there is None or name not in there.fields_by_name:
            raise BadQuery("UNRECOGNIZED_FIELD")
        there = there.fields_by_name[name].message_type


def put(row: Any, field: str, value: object) -> None:
    """Set a field of a row, such as `campaign.id`."""
    *path, name = field.split(".")
    for each in path:
        row = getattr(row, each)
    setattr(row, name, value)
