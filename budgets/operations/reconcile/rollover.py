"""What months hand to the next (B3): begun by whoever decides first, worked out anew when needed.

A month that is closed is judged by its statement; one that is not, by its budgets and its days.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from budgets.models import Brand, Period, RolledOver, Spend, Statement
from budgets.models.fields import MoneySum
from budgets.models.locks import close_books
from budgets.models.periods.budget_in_force import micros, plans_of
from budgets.models.periods.rollover import NOTHING
from budgets.operations.database import id_rows
from budgets.operations.reconcile.decision_input import ZoneNow
from budgets.rules.clock import DAY, month_of, next_month_of
from budgets.rules.money import sum_to_micros, to_micros, to_units
from budgets.rules.rollover import Rollover


def begin_months(brand_ids: Collection[int], zones: Sequence[ZoneNow], *, now: datetime) -> bool:
    """Let the months begin that have come, with what they are handed; say whether any did.

    Must be called inside a transaction that holds the locks of these brands' decisions. Their books
    are closed: what a month spent is known, but for what comes in late.
    """
    months = {zone.name: zone.month for zone in zones}
    due = Brand.objects.filter(has_to_begin(months), pk__in=id_rows(brand_ids)).order_by("pk")
    brands = list(due)
    if not brands:
        return False
    close_books([brand.pk for brand in brands])
    begun: list[RolledOver] = []
    for brand in brands:
        month = months[brand.timezone]
        begun += months_begun(brand, month)
        brand.carried_month = month
    # A clock that was ahead had begun them.
    for zone, month in months.items():
        ahead = RolledOver.objects.filter(brand__timezone=zone, month__gt=month)
        ahead.filter(brand__in=id_rows(brand.pk for brand in brands)).delete()
    RolledOver.objects.bulk_create(begun)
    Brand.objects.bulk_update(brands, ["carried_month"])
    first = min((row.month for row in begun), default=date.max)
    carry_over([brand.pk for brand in brands], since=first, now=now)
    put_on_brands([brand.pk for brand in brands])
    return True


def has_to_begin(months: dict[str, date]) -> Q:
    """Return the condition that a brand's newest month is not the one it is in by now."""
    condition = Q(pk__in=[])
    for zone, month in months.items():
        other = Q(carried_month__lt=month) | Q(carried_month__gt=month)
        never = Q(carried_month=None) & ~Q(rollover=Rollover.NONE.value)
        condition |= Q(timezone=zone) & (other | never)
    return condition


def months_begun(brand: Brand, until: date) -> Iterable[RolledOver]:
    """Yield the months that have come since the newest begun: each is handed what the rule says.

    The month in which a brand first hands on is handed nothing.
    """
    if brand.carried_month is None or brand.rollover == Rollover.NONE.value:
        return
    month = brand.carried_month
    while month < until:
        month = next_month_of(month)
        yield RolledOver(
            brand=brand, month=month, rollover=brand.rollover, rollover_cap=brand.rollover_cap
        )


class Ended(NamedTuple):
    """What a month that has ended was judged by, in micros."""

    budget: int | None
    spent: int


def carry_over(brand_ids: Collection[int], *, since: date, now: datetime) -> None:
    """Work out anew what the months from `since` on were handed, on rows and statements.

    Must be called inside a transaction that has closed the books of these brands, or holds the lock
    of their statements.
    """
    handed = RolledOver.objects.filter(brand__in=id_rows(brand_ids))
    rows = list(handed.filter(month__gte=since).order_by("month", "brand"))
    if not rows:
        return
    brands = Brand.objects.in_bulk({row.brand_id for row in rows})
    carried = {
        (brand_id, month): to_micros(amount)
        for brand_id, month, amount in handed.values_list("brand", "month", "amount")
    }
    for month, some in groupby(rows, key=lambda row: row.month):
        before = month_of(month - DAY)
        group = list(some)
        ended = ended_months([brands[row.brand_id] for row in group], before)
        for row in group:
            judged = ended[row.brand_id]
            row.amount = to_units(
                row.rule.hands_on(
                    budget=judged.budget,
                    carried=carried.get((row.brand_id, before), 0),
                    spent=judged.spent,
                )
            )
            carried[row.brand_id, month] = to_micros(row.amount)
    RolledOver.objects.bulk_update(rows, ["amount"])
    restate_carried(rows, now=now)
    put_on_brands(brands)


def ended_months(brands: Collection[Brand], month: date) -> dict[int, Ended]:
    """Return what each brand's month is judged by: its statement, or its days until it has one."""
    ids = [brand.pk for brand in brands]
    closed = Statement.objects.filter(
        brand__in=ids, campaign=None, period=Period.MONTH, starts_on=month
    )
    found = {
        pk: Ended(micros(budget), sum_to_micros(spent))
        for pk, budget, spent in closed.values_list("brand", "budget", "spent")
    }
    still_open = [brand for brand in brands if brand.pk not in found]
    spends: Any = Spend.objects.filter(campaign__brand__in=[brand.pk for brand in still_open])
    sums = spends.in_month(month).order_by().values_list("campaign__brand")
    spent = dict(sums.annotate(total=MoneySum("amount"))) if still_open else {}
    plans = plans_of(still_open, Period.MONTH)
    last = next_month_of(month) - DAY
    return found | {
        pk: Ended(micros(plan.on(last)), sum_to_micros(spent.get(pk) or NOTHING))
        for pk, plan in plans.items()
    }


def restate_carried(rows: Collection[RolledOver], *, now: datetime) -> None:
    """Restate the statements of closed months that were handed something else before."""
    amounts = {(row.brand_id, row.month): row.amount for row in rows}
    closed = Statement.objects.filter(
        brand__in=id_rows({row.brand_id for row in rows}),
        campaign=None,
        period=Period.MONTH,
        starts_on__in={row.month for row in rows},
    )
    moved = []
    for statement in closed:
        amount = amounts.get((statement.brand_id, statement.starts_on), statement.carried)
        if amount != statement.carried:
            statement.carried = amount
            # One that is being written is not restated.
            if statement.closed_at < now:
                statement.restated_at = now
            moved.append(statement)
    Statement.objects.bulk_update(moved, ["carried", "restated_at"])


def put_on_brands(brand_ids: Collection[int]) -> None:
    """Put on the brands what their newest months were handed."""
    newest = RolledOver.objects.filter(brand=OuterRef("pk"), month=OuterRef("carried_month"))
    nothing = Value(0, output_field=RolledOver._meta.get_field("amount"))
    handed = Coalesce(Subquery(newest.values("amount")), nothing)
    Brand.objects.filter(pk__in=id_rows(brand_ids)).update(carried=handed)
