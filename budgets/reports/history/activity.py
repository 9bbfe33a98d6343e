"""Activity: what people edited, what the system paused and resumed, who came in; newest first."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, TextChoices
from django.utils.translation import gettext_lazy as _

from budgets.access.scope import PATH_TO_BRAND, within
from budgets.models import AccessEvent, Brand, Campaign, Change, DatedBudget, Schedule, Trigger
from budgets.models.brand_scope import BrandScope
from budgets.reports.history.access import access_events
from budgets.reports.history.edits import EditInWords, edits_in_words, loaded
from budgets.reports.history.page_cursor import PageCursor
from budgets.rules.reasons import NO_REASON

HOLDS = (Trigger.HOLD, Trigger.RELEASE)

CHANGE, ACCESS = "change", "access"
MODELS: Any = (Brand, Schedule, Campaign, DatedBudget)
RECORDED = {model._meta.model_name: model for model in MODELS}
PATH_TO_CAMPAIGN = {Campaign: "id", DatedBudget: "campaign"}
SOURCES = (CHANGE, "campaign", "schedule", "brand", "datedbudget", ACCESS)
"""Events of one instant are told in this order: first what followed, then the edit itself."""


class EventKind(TextChoices):
    """What to list."""

    EDIT = "edit", _("Edits")
    HOLD = "hold", _("Holds and releases")
    PAUSE = "pause", _("Pauses")
    RESUME = "resume", _("Resumes")
    SIGN_IN = "sign_in", _("Signing in")
    RIGHTS = "rights", _("Changes of rights")


OF_ACCESS = (EventKind.SIGN_IN, EventKind.RIGHTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityFilter:
    """What somebody wants to see. `since` and `until` are instants, the last one excluded."""

    scope: BrandScope
    brand_ids: Collection[int] | None = None
    campaign_id: int | None = None
    person: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    sees_access: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An edit by a person, a change of a campaign's reasons, or one of access: one of the three."""

    source: str
    at: datetime
    id: int
    edit: EditInWords | None = None
    change: Change | None = None
    access: AccessEvent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPage:
    """Some events, and the cursor to read on from; none when these were the oldest."""

    events: list[Event]
    older: PageCursor | None


def activity(filters: ActivityFilter, *, cursor: PageCursor, limit: int) -> ActivityPage:
    """Return up to `limit` events from the cursor on, in a constant number of queries.

    Each source is read in its own order and remembered by its own cursor: none is missed and none
    told twice, though events of one instant lie on both sides of the end of a page.
    """
    read = [(source, newest(source, filters, cursor, limit + 1)) for source in SOURCES]
    heads = (as_heads(source, rows) for source, rows in read)
    found = list(islice(merge(*heads, key=lambda head: head[0], reverse=True), limit + 1))
    shown = [(source, row) for _at, source, row in found[:limit]]
    words = words_of(shown, scope=filters.scope)
    events = [event_of(source, row, words) for source, row in shown]
    for event in events:
        cursor = cursor.after(event.source, event.at, event.id)
    return ActivityPage(events=events, older=cursor if len(found) > limit else None)


def newest(source: str, filters: ActivityFilter, cursor: PageCursor, limit: int) -> list[Any]:
    if source in RECORDED:
        rows = records_for(RECORDED[source], filters)
    else:
        rows = changes_for(filters) if source == CHANGE else access_for(filters)
    return list(cursor.unread(source, rows)[:limit])


def as_heads(source: str, rows: Iterable[Any]) -> Iterator[tuple[datetime, str, Any]]:
    """Yield each row with its instant, newest first."""
    for row in rows:
        yield (row.history_date if source in RECORDED else row.at), source, row


def words_of(
    shown: list[tuple[str, Any]], *, scope: BrandScope
) -> dict[tuple[str, int], EditInWords]:
    """Put the records among the rows into words, by source and number."""
    words = {}
    for source in RECORDED:
        records = [row for each, row in shown if each == source]
        for edit in edits_in_words(records, scope=scope):
            words[source, edit.record.pk] = edit
    return words


def event_of(source: str, row: Any, words: dict[tuple[str, int], EditInWords]) -> Event:
    if source not in RECORDED:
        return Event(source=source, at=row.at, id=row.pk, **{source: row})
    return Event(source=source, at=row.history_date, id=row.pk, edit=words[source, row.pk])


def records_for(model: Any, filters: ActivityFilter) -> QuerySet[Any]:
    """Return the records of one model's history that the filters select, newest first."""
    records = within(filters.scope, loaded(model.history.all()))
    if model is Campaign:
        now = Campaign.objects.filter(pk=OuterRef("id")).values("brand")
        records = records.annotate(brand_now=Subquery(now))
    if filters.kind == EventKind.EDIT:
        records = records.exclude(trigger__in=HOLDS)
    elif filters.kind == EventKind.HOLD:
        records = records.filter(trigger__in=HOLDS)
    elif filters.kind:
        return records.none()
    if filters.person:
        records = records.filter(history_user__username__iexact=filters.person)
    records = records.filter(of_brand_and_campaign(model, filters))
    records = records.filter(in_time("history_date", filters))
    return records.order_by("-history_date", "-history_id")


def of_brand_and_campaign(model: Any, filters: ActivityFilter) -> Q:
    """Return the condition that a record is of the brands and campaign filtered by.

    A schedule is of every campaign that runs by it; a brand is of no single campaign.
    """
    condition = Q()
    campaigns = Campaign.objects.exclude(schedule=None).order_by().values("schedule")
    if filters.brand_ids is not None:
        users = Q(id__in=campaigns.filter(brand__in=filters.brand_ids))
        path = PATH_TO_BRAND.get(model.history.model)
        condition &= Q(**{f"{path}__in": filters.brand_ids}) if path else users
    if filters.campaign_id is not None:
        users = Q(id__in=campaigns.filter(pk=filters.campaign_id) if model is Schedule else ())
        path = PATH_TO_CAMPAIGN.get(model)
        condition &= Q(**{path: filters.campaign_id}) if path else users
    return condition


def changes_for(filters: ActivityFilter) -> QuerySet[Any]:
    """Return the changes that the filters select, newest first: their numbers rise with time."""
    changes = within(filters.scope, Change.objects.select_related("campaign", "brand", "by"))
    if filters.kind == EventKind.PAUSE:
        changes = changes.filter(before=int(NO_REASON))
    elif filters.kind == EventKind.RESUME:
        changes = changes.filter(after=int(NO_REASON))
    elif filters.kind:
        return changes.none()
    if filters.person:
        changes = changes.filter(by__username__iexact=filters.person)
    if filters.brand_ids is not None:
        changes = changes.filter(brand__in=filters.brand_ids)
    if filters.campaign_id is not None:
        changes = changes.filter(campaign=filters.campaign_id)
    return changes.filter(in_time("at", filters)).order_by("-id")


def access_for(filters: ActivityFilter) -> QuerySet[Any]:
    """Return the events of access that the filters select; they are of no brand."""
    is_of_brand = filters.brand_ids is not None or filters.campaign_id is not None
    if not filters.sees_access or is_of_brand or (filters.kind and filters.kind not in OF_ACCESS):
        return AccessEvent.objects.none()
    sign_ins, rights = filters.kind != EventKind.RIGHTS, filters.kind != EventKind.SIGN_IN
    events = access_events(sign_ins=sign_ins, rights=rights, person=filters.person)
    return events.filter(in_time("at", filters))


def in_time(column: str, filters: ActivityFilter) -> Q:
    """Return the condition that an instant is within what the filters select."""
    condition = Q()
    if filters.since:
        condition &= Q(**{f"{column}__gte": filters.since})
    if filters.until:
        condition &= Q(**{f"{column}__lt": filters.until})
    return condition
