"""Budgets of many brands or campaigns changed at once: together, or not at all."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser

from budgets.models import Brand, Campaign
from budgets.operations.edits.operation import editing
from budgets.rules.adjusting import Adjustment, BelowZero
from budgets.rules.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetEdit:
    """One budget of a brand or campaign, before and after."""

    row: Brand | Campaign
    field: str
    before: Decimal | None
    after: Decimal | None


class CannotLower(ValueError):
    """A budget that would fall below zero; `row` is whose."""

    def __init__(self, row: Brand | Campaign, field: str, error: BelowZero) -> None:
        super().__init__(str(error))
        self.row = row
        self.field = field


def budget_edits(
    rows: Iterable[Brand | Campaign], adjustments: dict[str, Adjustment]
) -> list[BudgetEdit]:
    """Return what the adjustments, by field, change; nothing is written. Raises `CannotLower`."""
    edits = [
        edit_of(row, field, adjustment) for row in rows for field, adjustment in adjustments.items()
    ]
    return [edit for edit in edits if edit.before != edit.after]


def edit_of(row: Brand | Campaign, field: str, adjustment: Adjustment) -> BudgetEdit:
    brand = row.brand if isinstance(row, Campaign) else row
    before = getattr(row, field)
    try:
        after = adjustment.of(before, decimals=brand.currency_decimals)
    except BelowZero as error:
        raise CannotLower(row, field, error) from None
    return BudgetEdit(row=row, field=field, before=before, after=after)


def save_budgets(
    edits: Collection[BudgetEdit],
    *,
    by: AbstractBaseUser | None,
    now: datetime,
    note: str = "",
    clock: Clock | None = None,
) -> list[int]:
    """Write the new budgets as one edit; return the ids of the changes that followed.

    `now` is an aware instant, `clock` as for `editing`. Raises `ValidationError` and writes nothing
    when a row is refused.
    """
    fields: dict[Brand | Campaign, set[str]] = {}
    for each in edits:
        setattr(each.row, each.field, each.after)
        fields.setdefault(each.row, set()).add(each.field)
    brand_ids = {row.brand_id if isinstance(row, Campaign) else row.pk for row in fields}
    with editing(by=by, now=now, clock=clock, note=note, brand_ids=brand_ids) as edit:
        # One by one: each is validated. In the order every writer takes rows.
        for row in sorted(fields, key=lambda row: row.pk):
            edit.save(row, update_fields=fields[row])
    return edit.change_ids
