"""What a planned budget stops and starts on its first day, found out by deciding that day."""

from copy import deepcopy
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from budgets.models import DatedBudget, Period
from budgets.models.periods.budget_in_force import plans_of
from budgets.operations import edits
from budgets.operations.edits.preview import Effect, preview
from budgets.reports.words import day_in_words, money
from budgets.rules.clock import DAY


def begins_at(row: DatedBudget, *, now: datetime) -> datetime:
    """Return the first instant of its first day, or this one where that has come."""
    return max(now, row.brand.clock.start_of(row.starts_on))


def effect_as_it_begins(row: DatedBudget, *, by: Any, now: datetime) -> Effect:
    """Return what would stop and start as it begins, if nothing is spent or edited until then.

    Whatever else begins or ends by then is no part of it. Raises `ValidationError`.
    """
    begins = begins_at(row, now=now)

    def plan() -> list[int]:
        # A copy: what is rolled back must not look saved.
        return edits.save([deepcopy(row)], by=by, now=begins)

    return preview(plan, rows=[row], now=begins)


def remarks_on(row: DatedBudget, *, now: datetime) -> tuple[str, ...]:
    """Say when a stored budget begins, and what counts before and after it."""
    clock, currency = row.brand.clock, row.brand.currency
    (plan,) = plans_of([row.of], Period(row.period)).values()
    told = []
    if row.starts_on > clock.day(now):
        before = money(plan.on(row.starts_on - DAY), currency)
        text = _("It begins by itself on %(day)s (%(zone)s), and takes the place of %(before)s.")
        told.append(
            text % {"day": day_in_words(row.starts_on), "zone": clock.zone.key, "before": before}
        )
        told.append(
            _("What follows is for its first instant, if nothing is spent or edited by then.")
        )
    if row.ends_on is not None:
        after = money(plan.on(row.ends_on + DAY), currency)
        text = _("From %(day)s on %(after)s counts again.")
        told.append(text % {"day": day_in_words(row.ends_on + DAY), "after": after})
    return tuple(told)
