"""What a planned budget stops and starts, found out by deciding the first day that it counts on."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.admin.confirm.confirmation import PlannedEdit, planned_edit
from budgets.models import DatedBudget, Period
from budgets.models.periods.budget_in_force import BudgetPlan, plans_of
from budgets.operations.edits.preview import Effect, preview, preview_at
from budgets.reports.words import day_in_words, money
from budgets.rules.clock import DAY
from budgets.rules.dated import days_of_change

MOST_DAYS = 10

Save = Callable[[], Sequence[int]]
"""Saves the edit and returns the ids of the changes that followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The local day on which an edit of dated budgets first counts, and what it does then."""

    day: date
    effect: Effect
    is_ahead: bool


def outlook_of(row: DatedBudget, save: Save, *, now: datetime) -> Outlook:
    """Return what an edit of a dated budget does, as it first counts; nothing of it is kept.

    Raises `ValidationError` where it cannot be saved.
    """
    clock = row.brand.clock
    today = clock.day(now)
    before = plan_of(row)
    with transaction.atomic():
        save()
        day = first_difference(before, plan_of(row), today)
        transaction.set_rollback(True)
    if day <= today:
        return Outlook(day=today, effect=preview(save, rows=[row], now=now), is_ahead=False)
    effect = preview_at(save, rows=[row], at=clock.start_of(day))
    return Outlook(day=day, effect=effect, is_ahead=True)


def plan_of(row: DatedBudget) -> BudgetPlan:
    """Return the budgets over time of the brand or campaign, as they are stored."""
    owner = type(row.of)._base_manager.get(pk=row.of.pk)
    (plan,) = plans_of([owner], Period(row.period)).values()
    return plan


def first_difference(before: BudgetPlan, after: BudgetPlan, today: date) -> date:
    """Return the first day from today on, on which another budget is in force; else today."""
    days = {*days_of_change(before.dated, after=today), *days_of_change(after.dated, after=today)}
    differing = (day for day in sorted(days) if before.micros_on(day) != after.micros_on(day))
    is_now = before.micros_on(today) != after.micros_on(today)
    return today if is_now else next(differing, today)


def new_amount(row: DatedBudget) -> PlannedEdit:
    """Return a new budget beside the one before it, and the jump if it is one. It is stored."""
    before = plan_of(row).on(row.starts_on - DAY)
    label = _("Budget a month") if row.period == Period.MONTH else _("Budget a day")
    edit = planned_edit(row, "amount", before, row.amount, label=label)
    # It is another number each time that it is saved and taken back.
    return replace(edit, row_id=None)


def remarks_on(row: DatedBudget, outlook: Outlook) -> tuple[str, ...]:
    """Say when a stored budget first counts, and what counts after it."""
    told = []
    if outlook.is_ahead:
        text = _("It counts by itself from %(day)s on (%(zone)s).")
        zone = row.brand.clock.zone.key
        told.append(text % {"day": day_in_words(outlook.day), "zone": zone})
        text = _(
            "What follows is for the first instant of that day, "
            "if nothing else is spent or edited by then."
        )
        told.append(text)
    if row.ends_on is not None:
        after = money(plan_of(row).on(row.ends_on + DAY), row.brand.currency)
        text = _("From %(day)s on %(after)s counts again.")
        told.append(text % {"day": day_in_words(row.ends_on + DAY), "after": after})
    return tuple(told)


def beginnings(rows: Iterable[DatedBudget]) -> tuple[str, ...]:
    """Say how many of these begin on each day."""
    days = sorted(Counter(row.starts_on for row in rows).items())
    return tuple(
        ngettext("%(n)s begins on %(day)s.", "%(n)s begin on %(day)s.", n)
        % {"day": day_in_words(day), "n": f"{n:,}"}
        for day, n in days[:MOST_DAYS]
    )
