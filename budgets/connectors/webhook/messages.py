"""What is said to a webhook and what it answers, as JSON or CSV; docs/platforms.md shows both."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeVar

import msgspec

from budgets.connectors.base import AccountFacts, Answer, Login, Order, ReportedDay
from budgets.connectors.errors import ConnectorError, PermanentError, TemporaryError
from budgets.connectors.webhook.network import Response

Kind = TypeVar("Kind", bound=msgspec.Struct)

LONGEST_ERROR = 300
COLUMNS = ("campaign", "day", "total", "currency", "as_of")


class Stands(msgspec.Struct, frozen=True, kw_only=True):
    """How a campaign stands after an order, or why it does not."""

    id: str
    status: str = ""
    error: str = ""


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    campaigns: list[Stands]


class Day(msgspec.Struct, frozen=True, kw_only=True):
    campaign: str
    day: date
    total: Decimal
    currency: str
    as_of: datetime


class Days(msgspec.Struct, frozen=True, kw_only=True):
    days: list[Day]


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    name: str = ""
    timezone: str = ""
    currency: str = ""


def wanted(login: Login, orders: Sequence[Order], *, at: datetime) -> bytes:
    """Return the message that says which statuses campaigns are to have."""
    campaigns = [{"id": campaign, "status": status.value} for campaign, status in orders]
    data = {"account": login.external_id, "campaigns": campaigns}
    return message("campaigns.status_wanted", data, at=at)


def message(kind: str, data: Mapping[str, object], *, at: datetime) -> bytes:
    """Return a message as Standard Webhooks shapes it."""
    return msgspec.json.encode({"type": kind, "timestamp": at.isoformat(), "data": data})


def answers(response: Response, orders: Sequence[Order]) -> list[Answer]:
    """Read what became of orders. An empty answer confirms all of them."""
    if not response.body.strip():
        return [Answer(campaign) for campaign, _ in orders]
    stands = {each.id: each for each in decoded(response.body, Answers).campaigns}
    return [
        Answer(order.campaign, problem(stands[order.campaign], order))
        for order in orders
        if order.campaign in stands
    ]


def problem(stands: Stands, order: Order) -> ConnectorError | None:
    if stands.error:
        return PermanentError(stands.error[:LONGEST_ERROR])
    if stands.status != order.status.value:
        return TemporaryError(f"It is still “{stands.status[:LONGEST_ERROR]}” there.")
    return None


def facts(response: Response, login: Login) -> AccountFacts:
    """Read what the other side says of the account; what it leaves out is as we have it."""
    said = decoded(response.body, Facts) if response.body.strip() else Facts()
    return AccountFacts(
        name=said.name or login.external_id,
        timezone=said.timezone or login.timezone,
        currency=said.currency or login.currency,
    )


def reported_days(response: Response) -> list[ReportedDay]:
    """Read totals, as JSON or CSV by the media type."""
    if response.media_type == "text/csv":
        return list(days_of_csv(response.body))
    return [
        ReportedDay(each.campaign, each.day, each.total, each.currency, aware(each.as_of))
        for each in decoded(response.body, Days).days
    ]


def days_of_csv(body: bytes) -> Iterator[ReportedDay]:
    try:
        rows = csv.DictReader(body.decode("utf-8-sig").splitlines(), strict=True)
        missing = set(COLUMNS) - set(rows.fieldnames or ())
        if missing:
            raise PermanentError(
                f"The totals lack the columns {', '.join(sorted(missing))}; the first line must "
                f"name {', '.join(COLUMNS)}."
            )
        for row in rows:
            yield day_of(row, rows.line_num)
    except (UnicodeDecodeError, csv.Error) as error:
        raise PermanentError(f"The totals are no CSV in UTF-8: {error}.") from None


def day_of(row: Mapping[str, str], line: int) -> ReportedDay:
    try:
        return ReportedDay(
            row["campaign"],
            date.fromisoformat(row["day"]),
            Decimal(row["total"]),
            row["currency"],
            aware(datetime.fromisoformat(row["as_of"])),
        )
    except (ValueError, TypeError, InvalidOperation) as error:
        raise PermanentError(f"Line {line} of the totals cannot be read: {error}.") from None


def aware(at: datetime) -> datetime:
    """Return an instant; a time without its offset is none."""
    if at.utcoffset() is None:
        raise PermanentError(f"as_of {at} has no offset; write one, such as Z.")
    return at


def decoded(body: bytes, kind: type[Kind]) -> Kind:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.MsgspecError as error:
        raise PermanentError(f"The webhook's answer cannot be read: {error}.") from None
