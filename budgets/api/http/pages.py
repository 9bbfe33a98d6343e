"""Pages: lists by id, so that rows added or removed meanwhile neither repeat nor go missing."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from django.db.models import Model, QuerySet
from ninja import Query, Schema
from pydantic import Field

from budgets.api.fields import MAX_ID, Plain
from budgets.api.http.problems import invalid

DEFAULT_LIMIT = 50
MAX_LIMIT = 200

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")

Limit = Annotated[int, Plain, Field(ge=1, le=MAX_LIMIT, description="Rows a page.")]
Cursor = Annotated[
    str, Field(max_length=100, description="The `next_cursor` of the page before.", examples=[None])
]


class Paging(Schema):
    """Which page of a list."""

    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


class Page(Schema, Generic[Item]):
    """One page of a list; `next_cursor` is null on the last."""

    items: list[Item]
    next_cursor: str | None


Pages = Query[Paging]


@dataclass(frozen=True, slots=True)
class PageOf(Generic[Row]):
    """The rows of one page."""

    items: Sequence[Row]
    next_cursor: str | None


def page_of(rows: QuerySet[Row], paging: Paging) -> PageOf[Row]:
    """Return the page of the rows, in the order of their ids."""
    after = 0 if paging.cursor is None else read_cursor(paging.cursor, numbers=1, name="cursor")[0]
    found = list(rows.filter(pk__gt=after).order_by("pk")[: paging.limit + 1])
    items = found[: paging.limit]
    return PageOf(items, write_cursor(items[-1].pk) if len(found) > paging.limit else None)


def write_cursor(*numbers: int) -> str:
    """Write a place in a list as text that callers hand back and do not read."""
    text = ".".join(map(str, numbers))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str, *, numbers: int, name: str) -> tuple[int, ...]:
    """Read a place back. Raises `Problem` for what was never handed out."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        place = tuple(int(part) for part in text.split(".") if part.isdecimal())
    except (binascii.Error, ValueError):
        place = ()
    if len(place) != numbers or not all(0 <= number <= MAX_ID for number in place):
        raise invalid(f"query/{name}", "This is no cursor that the API gave; start without one.")
    return place
