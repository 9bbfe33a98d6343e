"""Statements: the closed figures of days and months."""

from typing import Literal

from django.db.models import QuerySet
from ninja import Path, Query, Router, Schema
from pydantic import AwareDatetime

from budgets.access.scope import within
from budgets.api.fields import Amount, Day, Id
from budgets.api.http.keys import KeyRequest, may_read
from budgets.api.http.pages import Page, PageOf, Pages, page_of
from budgets.api.http.requests import JSON, SMALL_BYTES, accepts
from budgets.api.scope import one
from budgets.models import ApiKey, Statement
from budgets.reports.minutes import Minutes, minutes_of

router = Router(tags=["statements"])
router.add_decorator(accepts(JSON, most_bytes=SMALL_BYTES), mode="view")

PeriodName = Literal["day", "month"]


class StatementShown(Schema):
    """Budget and spend of a period that ended; `campaign_id` is null for a whole brand.

    `carried` is what the month before handed to a brand's month, null where it hands nothing on.
    `difference` is spend minus budget and `carried`, null without a budget. Spend that came in
    after the close moves `spent`, never `spent_at_close`, and sets `restated_at`.
    """

    id: Id
    brand_id: Id
    campaign_id: Id | None
    period: PeriodName
    starts_on: Day
    currency: str
    budget: Amount | None
    carried: Amount | None
    spent: Amount
    spent_at_close: Amount
    difference: Amount | None
    closed_at: AwareDatetime
    restated_at: AwareDatetime | None


class MinutesShown(Schema):
    """Whole minutes of the period. Reasons overlap, so they add up to more than `paused`."""

    running: int
    paused: int
    paused_by: dict[str, int]


class StatementWithMinutes(StatementShown):
    """One statement; `minutes` is null for a whole brand's."""

    minutes: MinutesShown | None


class StatementFilters(Schema):
    """Which statements."""

    brand_id: Id | None = None
    campaign_id: Id | None = None
    period: PeriodName | None = None
    from_day: Day | None = None
    to_day: Day | None = None


@router.get("", auth=may_read("statement"), response=Page[StatementShown])
def list_statements(
    request: KeyRequest, filters: Query[StatementFilters], paging: Pages
) -> PageOf[Statement]:
    """List statements in the order in which they were written."""
    bounds = {
        "brand_id": filters.brand_id,
        "campaign_id": filters.campaign_id,
        "period": filters.period,
        "starts_on__gte": filters.from_day,
        "starts_on__lte": filters.to_day,
    }
    given = {name: value for name, value in bounds.items() if value is not None}
    return page_of(visible_statements(request.auth).filter(**given), paging)


@router.get("/{statement_id}", auth=may_read("statement"), response=StatementWithMinutes)
def read_statement(request: KeyRequest, statement_id: Path[Id]) -> StatementWithMinutes:
    """Read one statement, with how long the campaign ran and was paused."""
    statement = one(visible_statements(request.auth), statement_id)
    minutes = minutes_of(statement)
    figures = StatementShown.model_validate(statement, from_attributes=True)
    return StatementWithMinutes(
        **dict(figures), minutes=None if minutes is None else minutes_shown(minutes)
    )


def visible_statements(key: ApiKey) -> QuerySet[Statement]:
    return within(key, Statement.objects.select_related("brand", "campaign"))


def minutes_shown(minutes: Minutes) -> MinutesShown:
    by_name = {str(reason.name): number for reason, number in minutes.paused_by.items()}
    return MinutesShown(running=minutes.running, paused=minutes.paused, paused_by=by_name)
