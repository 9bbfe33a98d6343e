"""Dated budgets: list what was, is and will be in force; plan ahead, change and delete plans."""

from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import TypeVar

from django.db.models import Q
from django.http import HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from budgets.access.makers import may_also
from budgets.api.edits import add, created, edit, sent, signature
from budgets.api.fields import ABSENT, Amount, Budget, Day, Id, Input
from budgets.api.http.idempotency import Created, IdempotencyKey, once
from budgets.api.http.keys import KeyRequest, may_add, may_change, may_delete, may_read
from budgets.api.http.pages import Page, Pages, page_of
from budgets.api.http.problems import Problem, invalid
from budgets.api.http.requests import JSON, SMALL_BYTES, accepts
from budgets.api.scope import brand_of, campaign_of, dated_budgets_of, one
from budgets.models import ApiKey, Brand, Campaign, DatedBudget, Period
from budgets.operations import edits
from budgets.operations.edits.dating import refuse_past_start
from budgets.reports.dated_budgets import DatedState, has_begun, lines

Row = TypeVar("Row", Brand, Campaign)

router = Router(tags=["dated budgets"])
router.add_decorator(accepts(JSON, most_bytes=SMALL_BYTES), mode="view")


class DatedBudgetShown(Schema):
    """A budget with its days; both included, on the brand's own clock."""

    id: Id
    brand_id: Id
    campaign_id: Id | None = Field(description="Null: for all campaigns of the brand together.")
    period: Period
    amount: Amount | None = Field(description="Null: no limit.")
    currency: str
    starts_on: Day
    ends_on: Day | None
    until: Day | None = Field(description="The last day on which it can count, if one is known.")
    state: DatedState


class DatedBudgetPage(Page[DatedBudgetShown]):
    """One page of dated budgets."""


class DatedBudgetFilters(Schema):
    """Which dated budgets."""

    brand_id: Id | None = None
    campaign_id: Id | None = None
    period: Period | None = None
    is_planned: bool | None = Field(None, description="Whether they have yet to begin.")

    def condition(self, *, now: datetime) -> Q:
        condition = Q()
        for name in ("brand_id", "campaign_id", "period"):
            value = getattr(self, name)
            if value is not None:
                condition &= Q(**{name: value})
        if self.is_planned is not None:
            begun = has_begun(now=now)
            condition &= ~begun if self.is_planned else begun
        return condition


class NewDatedBudget(Input):
    """A budget to plan, of a brand or of a campaign: one of the two."""

    brand_id: Id | None = None
    campaign_id: Id | None = None
    period: Period
    amount: Budget | None
    starts_on: Day
    ends_on: Day | None = None


class DatedBudgetPatch(Input):
    """What to change. What has begun takes another `ends_on` only; null means no end."""

    amount: Budget | None = None
    starts_on: Day = ABSENT
    ends_on: Day | None = None


@router.get("", auth=may_read("datedbudget"), response=DatedBudgetPage)
def list_dated_budgets(
    request: KeyRequest, paging: Pages, filters: Query[DatedBudgetFilters]
) -> DatedBudgetPage:
    """List dated budgets in the order they were made. A row that has none always had its budget."""
    now = timezone.now()
    page = page_of(dated_budgets_of(request.auth).filter(filters.condition(now=now)), paging)
    return DatedBudgetPage(items=all_shown(page.items, now=now), next_cursor=page.next_cursor)


@router.post("", auth=may_add("datedbudget"), response={201: DatedBudgetShown})
def plan_budget(
    request: KeyRequest, body: NewDatedBudget, idempotency_key: IdempotencyKey
) -> HttpResponse:
    """Plan a budget. It begins by itself on its first day, at once where that is today."""
    key = request.auth
    owner = owner_of(key, body)  # before a kept answer is given: the key may have been narrowed
    require_may_set(key, owner)

    def create() -> Created:
        dated = DatedBudget(**body.model_dump())
        dated.fill_in_brand()
        refuse_past_start(dated, now=timezone.now())
        add(dated, key=key)
        return created(shown(dated), f"{request.path}/{dated.pk}")

    return once(request, idempotency_key, create, now=timezone.now())


@router.get("/{dated_budget_id}", auth=may_read("datedbudget"), response=DatedBudgetShown)
def read_dated_budget(request: KeyRequest, dated_budget_id: Path[Id]) -> DatedBudgetShown:
    """Read one dated budget."""
    return shown(one(dated_budgets_of(request.auth), dated_budget_id))


@router.patch("/{dated_budget_id}", auth=may_change("datedbudget"), response=DatedBudgetShown)
def change_dated_budget(
    request: KeyRequest, dated_budget_id: Path[Id], body: DatedBudgetPatch
) -> DatedBudgetShown:
    """Change what is sent of a planned budget, or the last day of one that has begun."""
    dated, changes = one(dated_budgets_of(request.auth), dated_budget_id), sent(body)
    require_may_set(request.auth, dated.of)
    if "starts_on" in changes:
        dated.starts_on = changes["starts_on"]
        refuse_past_start(dated, now=timezone.now())
    edit(dated, changes, key=request.auth)
    return shown(dated)


@router.delete("/{dated_budget_id}", auth=may_delete("datedbudget"), response={204: None})
def delete_dated_budget(request: KeyRequest, dated_budget_id: Path[Id]) -> Status[None]:
    """Delete a planned budget. What has begun stays: days were judged by it."""
    dated = one(dated_budgets_of(request.auth), dated_budget_id)
    require_may_set(request.auth, dated.of)
    edits.delete([dated], **signature(request.auth))
    return Status(204, None)


def owner_of(key: ApiKey, body: NewDatedBudget) -> Brand | Campaign:
    """Return the brand or campaign to plan for. Raises `Problem`."""
    if (body.brand_id is None) == (body.campaign_id is None):
        raise invalid("/brand_id", "Send either brand_id or campaign_id.")
    if body.campaign_id is not None:
        return known("/campaign_id", lambda: campaign_of(key, body.campaign_id or 0))
    return known("/brand_id", lambda: brand_of(key, body.brand_id or 0))


def known(pointer: str, find: Callable[[], Row]) -> Row:
    """Return a row that the body names, or say that it is the body that is wrong."""
    try:
        return find()
    except Problem as problem:
        raise invalid(pointer, str(problem)) from None


def require_may_set(key: ApiKey, row: Brand | Campaign) -> None:
    """Refuse a key whose maker may not set the budget of today either. Raises `Problem`."""
    permission = f"change_{row._meta.model_name}"
    if not may_also(key, permission):
        what = permission.replace("_", " ")
        words = f"The person who made this key may not {what}."
        raise Problem(HTTPStatus.FORBIDDEN, "maker_may_not", words)


def shown(dated: DatedBudget) -> DatedBudgetShown:
    return all_shown([dated], now=timezone.now())[0]


def all_shown(rows: Sequence[DatedBudget], *, now: datetime) -> list[DatedBudgetShown]:
    return [
        DatedBudgetShown(
            id=line.row.pk,
            brand_id=line.row.brand_id,
            campaign_id=line.row.campaign_id,
            period=Period(line.row.period),
            amount=line.amount,
            currency=line.row.brand.currency,
            starts_on=line.row.starts_on,
            ends_on=line.row.ends_on,
            until=line.until,
            state=line.state,
        )
        for line in lines(rows, now=now)
    ]
