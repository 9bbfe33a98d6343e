"""Edits date budgets: what is set on a row counts from today, what was there counted until then.

What is planned is a row of its own, and begins by itself. Once begun it stays as it was, but for
its last day: days are judged by it.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _

from budgets.models import Brand, Campaign, DatedBudget, Period
from budgets.models.editable import SavedAsEdit
from budgets.models.periods.budget_in_force import FIELDS, micros
from budgets.models.periods.dated_budget import AT_ONCE
from budgets.operations.database import id_rows
from budgets.operations.reconcile.budgets_due import BEFORE_IT_WAS_MADE, begin_due
from budgets.operations.reconcile.budgets_on_rows import Dated, due_after, new_row
from budgets.operations.reconcile.decision_input import zone_now
from budgets.rules.clock import DAY
from budgets.rules.dated import DatedAmount


@contextmanager
def dated(row: SavedAsEdit, fields: Collection[str], *, now: datetime) -> Iterator[None]:
    """Date the budgets among the fields of a stored row that an edit writes meanwhile.

    Must be called inside a transaction that holds the locks of its brands, after what was due of
    them has begun. Raises `ValidationError` for a planned budget that has begun.
    """
    names: dict[Period, str] = {}
    before: dict[str, Decimal | None] = {}
    if isinstance(row, Brand | Campaign):
        names = {period: name for period, name in FIELDS.items() if name in fields}
    elif isinstance(row, DatedBudget) and fields:
        check_planned(row, fields, now=now)
    if names:
        before = type(row)._base_manager.values(*names.values()).get(pk=row.pk)
    yield
    for period, name in names.items():
        amount = getattr(row, name)
        if amount != before[name]:
            set_from_today(row, period, was=before[name], amount=amount, now=now)
    if isinstance(row, Campaign) and "brand" in fields:
        row.dated_budgets.update(brand=row.brand_id)
    if isinstance(row, DatedBudget):
        # The next decision, which is that of the edit, looks at it.
        DatedBudget.objects.filter(pk=row.pk).update(due_on=AT_ONCE)


def begin_due_of(brand_ids: Collection[int], *, now: datetime) -> bool:
    """Put in force what is due of the brands, before an edit of theirs; say if anything was.

    Must be called inside a transaction that holds their locks.
    """
    brands = Brand.objects.filter(pk__in=id_rows(brand_ids)).order_by()
    zones = brands.values_list("timezone", flat=True).distinct()
    return begin_due(brand_ids, [zone_now(zone, now=now) for zone in zones], now=now)


def set_from_today(
    row: Any, period: Period, *, was: Decimal | None, amount: Decimal | None, now: datetime
) -> None:
    """Let the budget that was on the row end yesterday, and the one that is there begin today.

    It ends when the one whose place it takes would have: a budget of some days stays one.
    """
    today = row.clock.day(now)
    dated = row.own_dated_budgets().filter(period=period)
    current = dated.filter(is_current=True).first()
    if current is None and row.clock.day(row.created_at) >= today:
        return  # the row is of today, and always had it
    if current is not None and current.starts_on >= today:
        dated.filter(pk=current.pk).update(amount=amount)
        return
    ends_on = current.ends_on if current else None
    if current is not None:
        dated.filter(pk=current.pk).update(amount=was, is_current=False)
    else:
        made = row.created_at.date() - BEFORE_IT_WAS_MADE
        insert(row, period, DatedAmount(starts_on=made, ends_on=None, micros=micros(was)), today)
    begun = DatedAmount(starts_on=today, ends_on=ends_on, micros=micros(amount))
    insert(row, period, begun, today, is_current=True)


def insert(
    row: Any, period: Period, budget: DatedAmount, today: date, *, is_current: bool = False
) -> None:
    dated = Dated(None, budget, due_after(budget, today), is_current)
    brand_id, campaign_id = (row.brand_id, row.pk) if isinstance(row, Campaign) else (row.pk, None)
    DatedBudget.objects.bulk_create([new_row(brand_id, campaign_id, period, dated)])


def check_planned(row: DatedBudget, fields: Collection[str], *, now: datetime) -> None:
    """Refuse to change what has begun, but for a last day that has yet to come."""
    stored = DatedBudget.objects.select_related("brand").get(pk=row.pk)
    today = stored.brand.clock.day(now)
    if stored.starts_on > today:
        return
    if set(fields) - {"ends_on"}:
        text = _(
            "It has begun: only its last day can be changed. Edit the budget of “%(of)s” itself."
        )
        raise ValidationError(text % {"of": stored.of})
    ended = stored.ends_on is not None and stored.ends_on < today
    if ended or (row.ends_on is not None and row.ends_on < today):
        raise ValidationError({"ends_on": _("Days that have passed were judged by it; they stay.")})
    if row.ends_on is not None and not is_followed(row, row.ends_on):
        text = _("Nothing would count after that day; plan first what does.")
        raise ValidationError({"ends_on": text})


def is_followed(row: DatedBudget, last: date) -> bool:
    """Say whether another budget of the same row and period covers the day after its last."""
    others = row.of.own_dated_budgets().filter(period=row.period).exclude(pk=row.pk)
    after = last + DAY
    on_its_day = others.filter(starts_on__lte=after)
    return bool(on_its_day.filter(Q(ends_on=None) | Q(ends_on__gte=after)).exists())


def refuse_past_start(row: DatedBudget, *, now: datetime) -> None:
    """Refuse that a budget is planned from a day that has passed: that was judged already.

    For doors; a script may date what was. Raises `ValidationError`.
    """
    today = row.brand.clock.day(now)
    if row.starts_on < today and row.starts_on != row.as_read("starts_on"):
        text = _("That day has passed; begin on %(today)s or later.")
        raise ValidationError({"starts_on": text % {"today": today.isoformat()}})


def check_deletable(row: SavedAsEdit, *, now: datetime) -> None:
    """Refuse to delete a dated budget that has begun. Raises `ProtectedError`."""
    if isinstance(row, DatedBudget) and row.starts_on <= row.brand.clock.day(now):
        raise ProtectedError(row.kept_because(), {row})
