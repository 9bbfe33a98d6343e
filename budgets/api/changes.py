"""The feed of changes."""

from typing import Annotated, Literal

from django.db.models import Q
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from budgets.api.fields import Amount, Id, Reason, names_of
from budgets.api.http.keys import KeyRequest, may_read
from budgets.api.http.pages import DEFAULT_LIMIT, Limit, read_cursor, write_cursor
from budgets.api.http.requests import JSON, SMALL_BYTES, accepts
from budgets.models import Change
from budgets.reports.history.change_feed import START, FeedCursor, changes_after
from budgets.reports.history.moves import called

router = Router(tags=["changes"])
router.add_decorator(accepts(JSON, most_bytes=SMALL_BYTES), mode="view")

Action = Literal["stop", "start"]


class ChangeShown(Schema):
    """One transition, with the figures it was decided on.

    `action` is null when a reason came or went and the campaign stays paused.
    """

    id: Id
    campaign_id: Id
    brand_id: Id
    external_id: str | None
    at: AwareDatetime
    before: list[Reason]
    after: list[Reason]
    action: Action | None
    trigger: str
    by: str | None
    note: str
    day_spent: Amount | None
    daily_budget: Amount | None
    month_spent: Amount | None
    monthly_budget: Amount | None
    brand_day_spent: Amount | None
    brand_daily_budget: Amount | None
    brand_month_spent: Amount | None
    brand_monthly_budget: Amount | None


class FeedShown(Schema):
    """Changes, oldest first. Ask again with `after` set to `next`, also when there were none."""

    items: list[ChangeShown]
    next: str
    has_more: bool


class FeedQuery(Schema):
    """Which changes."""

    after: Annotated[str, Field(max_length=100)] | None = Field(
        None, description="The `next` of the answer before; left out, the feed starts at the first."
    )
    limit: Limit = DEFAULT_LIMIT
    brand_id: Id | None = None
    campaign_id: Id | None = None


@router.get("", auth=may_read("change"), response=FeedShown)
def list_changes(request: KeyRequest, query: Query[FeedQuery]) -> FeedShown:
    """Read what changed after a place. Nothing is missed or repeated, however often you ask.

    A change shows up once every transaction begun before its own has ended: usually at once.
    """
    condition = Q()
    if query.brand_id is not None:
        condition &= Q(brand=query.brand_id)
    if query.campaign_id is not None:
        condition &= Q(campaign=query.campaign_id)
    cursor = START
    if query.after is not None:
        cursor = FeedCursor(*read_cursor(query.after, numbers=2, name="after"))
    page = changes_after(cursor, scope=request.auth, condition=condition, limit=query.limit)
    return FeedShown(
        items=[change_shown(change) for change in page.changes],
        next=write_cursor(*page.cursor),
        has_more=page.has_more,
    )


def change_shown(change: Change) -> ChangeShown:
    figures = {name: getattr(change, name) for name in FIGURES}
    return ChangeShown(
        id=change.pk,
        campaign_id=change.campaign_id,
        brand_id=change.brand_id,
        external_id=called(change.campaign, change.brand_id).external_id,
        at=change.at,
        before=names_of(change.reasons_before),
        after=names_of(change.reasons_after),
        action=change.action,
        trigger=change.trigger,
        by=change.by.get_username() if change.by else None,
        note=change.note,
        **figures,
    )


FIGURES = [name for name in ChangeShown.model_fields if name.endswith(("_spent", "_budget"))]
