"""Budgets that begin or end by themselves: put on their rows by whoever decides the brand first.

Decisions read the amount on the row. Whether another should be there by now is found out with each
brand's clock, and it is put there in the transaction that decides. Nothing rests on when that is:
the days before are judged by the dates, and what a machine with a clock too far ahead has done is
put right by the next that decides.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from budgets.models import Brand, Campaign, DatedBudget, Period
from budgets.models.hours.exception_day import read_exceptions
from budgets.models.locks import close_books
from budgets.models.periods.budget_in_force import FIELDS, micros
from budgets.operations.database import id_rows
from budgets.operations.reconcile.budgets_on_rows import Dated, Owner, write
from budgets.operations.reconcile.decision_input import ZoneNow
from budgets.operations.reconcile.rollover import begin_months
from budgets.rules.clock import DAY
from budgets.rules.dated import DatedAmount, in_force

BEFORE_IT_WAS_MADE = timedelta(days=2)
"""So far a brand that moves to another zone moves the local day on which its rows were made."""


def begin_due(brand_ids: Collection[int], zones: Sequence[ZoneNow], *, now: datetime) -> bool:
    """Put on the rows of these brands what counts by now, if another amount does; say whether so.

    That is the budgets in force, what the months that have begun were handed, and the dates with
    other hours that somebody wrote.

    Must be called inside a transaction that holds the locks of their decisions, and no row but an
    edit's own. Their books are closed: no ingest holds a row that is written here.
    """
    brands = Brand.objects.filter(pk__in=id_rows(brand_ids))
    has_begun = bool(read_exceptions(brands, "brand")) | begin_months(brand_ids, zones, now=now)
    rows = DatedBudget.objects.filter(is_due(zones), brand__in=id_rows(brand_ids)).order_by()
    due = set(rows.values_list("brand", "campaign", "period"))
    if not due:
        return has_begun
    close_books(brand_ids)
    today = {zone.name: zone.today for zone in zones}
    turn(Brand, {(pk, period) for pk, of, period in due if not of}, today, now=now)
    turn(Campaign, {(of, period) for _, of, period in due if of}, today, now=now)
    turned = Brand.objects.filter(pk__in=id_rows({brand for brand, _, _ in due}))
    for zone in zones:
        turned.filter(timezone=zone.name).update(budgets_as_of=zone.today)
    return True


def is_due(zones: Sequence[ZoneNow]) -> Q:
    """Return the condition that a dated budget begins or has ended by now, or did so too early."""
    condition = Q(pk__in=[])
    for zone in zones:
        by_now = Q(due_on__lte=zone.today) | Q(brand__budgets_as_of__gt=zone.today)
        condition |= Q(brand__timezone=zone.name) & by_now
    return condition


def turn(
    model: type[Brand] | type[Campaign],
    due: set[tuple[int, str]],
    today: dict[str, date],
    *,
    now: datetime,
) -> None:
    """Put in force what is due of the rows of one model, by id and period."""
    if not due:
        return
    owners = owners_of(model, {pk for pk, _ in due})
    dated = dated_of(model, due)
    # A loop over rows that turn, each by the one statement of the rule.
    for pk, period in due:
        owner = owners[pk]
        put_in_force(owner, dated[pk, period], Period(period), today[owner.zone])
    lines = [
        (owners[pk], Period(period), each) for (pk, period), of in dated.items() for each in of
    ]
    write(model, list(owners.values()), lines, now=now)


def owners_of(model: Any, ids: Collection[int]) -> dict[int, Owner]:
    """Return the rows with the amounts on them, as they are stored."""
    path = "" if model is Brand else "brand__"
    columns = ("pk", f"{path}pk", f"{path}timezone", "created_at", *FIELDS.values())
    rows = model._base_manager.filter(pk__in=id_rows(ids)).order_by("pk").values_list(*columns)
    return {
        pk: Owner(pk, brand_id, zone, made, dict(zip(FIELDS, map(micros, amounts), strict=True)))
        for pk, brand_id, zone, made, *amounts in rows
    }


def dated_of(model: Any, due: set[tuple[int, str]]) -> dict[tuple[int, str], list[Dated]]:
    """Return all dated budgets of the rows and periods."""
    key = model._meta.get_field("dated_budgets").field.attname
    ids = id_rows({pk for pk, _ in due})
    rows = DatedBudget.objects.filter(**{f"{key}__in": ids}).filter(**model.own_budgets)
    columns = (key, "period", "pk", "starts_on", "ends_on", "amount", "due_on", "is_current")
    found = defaultdict(list)
    for pk, period, number, starts_on, ends_on, amount, *state in rows.values_list(*columns):
        if (pk, period) in due:
            budget = DatedAmount(starts_on=starts_on, ends_on=ends_on, micros=micros(amount))
            found[pk, period].append(Dated(number, budget, *state))
    return found


def put_in_force(owner: Owner, dated: list[Dated], period: Period, today: date) -> None:
    """Make the row and its dated budgets what they should be on the day.

    What is on the row, by whomever, is the amount of the budget that was in force; where none was
    dated it had always been there.
    """
    on_row = owner.amounts[period]
    if not any(each.is_current for each in dated):
        dated.append(the_one_before(owner, dated, period))
    for each in dated:
        if each.is_current:
            each.budget = replace(each.budget, micros=on_row)
    # Where all have ended, as only SQL can have them, what is on the row goes on.
    found = in_force((each.budget for each in dated), today) or next(
        each.budget for each in dated if each.is_current
    )
    for each in dated:
        each.stand(is_current=each.budget is found, today=today)
    if found.micros != on_row:
        owner.give(period, found.micros)


def the_one_before(owner: Owner, dated: Sequence[Dated], period: Period) -> Dated:
    """Return the amount on a row as the budget that was there before any was dated."""
    before = owner.made_at.date() - BEFORE_IT_WAS_MADE
    starts_on = min(before, *(each.budget.starts_on - DAY for each in dated))
    budget = DatedAmount(starts_on=starts_on, ends_on=None, micros=owner.amounts[period])
    return Dated(None, budget, None, is_current=True)
