"""Edits in words: what each record of the audit trail changed, field by field."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from budgets.access.scope import within
from budgets.models import Brand, Campaign, DatedBudget, Schedule, Trigger
from budgets.models.brand_scope import BrandScope
from budgets.models.fields import MoneyField
from budgets.reports.words import day_in_words, local_time, money
from budgets.rules.clock import LocalClock, clock_of

ADDED, DELETED = "+", "-"
EDITS_SHOWN = 100

NO_CURRENCY = "XXX"
"""What ISO 4217 has for money of a brand that is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldEdit:
    """One value before and after, in words; before is empty for what was added."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditInWords:
    """One record of the history as people read it."""

    record: Any
    act: str
    at: str
    who: str
    note: str
    fields: list[FieldEdit]
    previous: Any = None
    """The record before it, where there is one that the reader may know of."""

    @property
    def is_automatic(self) -> bool:
        """Whether nobody made it: a planned budget came into force."""
        return bool(self.record.trigger == Trigger.PLANNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names of rows that records point to, by id; those out of scope are missing."""

    brands: Mapping[int, str]
    campaigns: Mapping[int, str]
    schedules: Mapping[int, str]


def edits_in_words(records: Collection[Any], *, scope: BrandScope) -> list[EditInWords]:
    """Put records of one model, their users and brands loaded, into words; three queries."""
    before = records_before(records, scope=scope)
    pairs = [(record, before.get(record.history_id)) for record in records]
    names = names_for([each for pair in pairs for each in pair if each], scope=scope)
    return [
        EditInWords(
            record=record,
            act=act_of(record),
            at=local_time(record.history_date, clock_for(record)),
            who=record.history_user.get_username() if record.history_user else "",
            note=record.history_change_reason,
            fields=fields_of(record, previous, names),
            previous=previous,
        )
        for record, previous in pairs
    ]


def records_before(records: Collection[Any], *, scope: BrandScope) -> dict[int, Any]:
    """Return the record before each, by the number of the later one; two queries.

    What a campaign was in a brand beyond scope, before it was moved, stays unknown.
    """
    if not records:
        return {}
    rows: QuerySet[Any] = type(next(iter(records))).objects.all()
    earlier = within(scope, rows).filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    newest = earlier.order_by("-history_id").values("history_id")[:1]
    numbers = dict(
        rows.filter(pk__in=[record.pk for record in records])
        .order_by()
        .annotate(previous=Subquery(newest))
        .values_list("history_id", "previous")
    )
    found = rows.in_bulk([number for number in numbers.values() if number])
    return {later: found[number] for later, number in numbers.items() if number}


def names_for(records: Iterable[Any], *, scope: BrandScope) -> Names:
    """Look up the names of the brands, campaigns and schedules that records point to."""
    records = list(records)

    def named(model: Any, column: str) -> dict[int, str]:
        ids = {getattr(record, column, None) for record in records} - {None}
        rows = within(scope, model.objects.filter(pk__in=ids))
        return dict(rows.order_by().values_list("pk", "name")) if ids else {}

    return Names(
        brands=named(Brand, "brand_id"),
        campaigns=named(Campaign, "campaign_id"),
        schedules=named(Schedule, "schedule_id"),
    )


def act_of(record: Any) -> str:
    if record.history_type == ADDED:
        return _("Added")
    if record.history_type == DELETED:
        return _("Deleted")
    if record.trigger == Trigger.PLANNED:
        return _("Came into force")
    if record.trigger in {Trigger.HOLD, Trigger.RELEASE}:
        return _("Held") if record.is_held else _("Released")
    return _("Edited")


def fields_of(record: Any, previous: Any, names: Names) -> list[FieldEdit]:
    if record.history_type == DELETED:
        return []
    edits = []
    for field in record.tracked_fields:
        new = getattr(record, field.attname)
        old = getattr(previous, field.attname) if previous else None
        is_new = previous is None and new not in (None, "", False)
        if not field.primary_key and (is_new or (previous is not None and old != new)):
            edits.append(
                FieldEdit(
                    label=capitalised(str(field.verbose_name)),
                    before="" if previous is None else words_for(field, old, previous, names),
                    after=words_for(field, new, record, names),
                )
            )
    return edits


def capitalised(label: str) -> str:
    """Return a label with its first letter large and the others as they are."""
    return label[:1].upper() + label[1:]


def words_for(field: Any, value: Any, record: Any, names: Names) -> str:
    if isinstance(field, MoneyField):
        return money(value, currency_for(record))
    if field.name == "schedule":
        return _("always") if value is None else names.schedules.get(value, _("a schedule"))
    if field.name == "brand":
        return names.brands.get(value, _("a brand"))
    if field.name == "campaign" and value is not None:
        return names.campaigns.get(value, _("a campaign"))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return day_in_words(value)
    return str(value) if value not in (None, "") else _("none")


def currency_for(record: Any) -> str:
    brand = record if record.instance_type is Brand else record.brand
    return brand.currency if brand else NO_CURRENCY


def clock_for(record: Any) -> LocalClock:
    """Return the clock of the record's brand; UTC for schedules, which have none."""
    if record.instance_type is Schedule:
        return LocalClock.of("UTC")
    brand = record if record.instance_type is Brand else record.brand
    return clock_of(brand.timezone if brand else "UTC")


def history_of(
    row: Brand | Campaign | Schedule | DatedBudget, *, scope: BrandScope
) -> list[EditInWords]:
    """Return the newest edits of the row, newest first; a constant number of queries."""
    records = within(scope, type(row).history.filter(id=row.pk))
    return edits_in_words(list(loaded(records).order_by("-history_id")[:EDITS_SHOWN]), scope=scope)


def loaded(records: Any) -> Any:
    """Load with records the people who made them and, where they are of one, their brands."""
    related = ["history_user"]
    if records.model in {Campaign.history.model, DatedBudget.history.model}:
        related.append("brand")
    return records.select_related(*related)
