"""What time it is in every zone that brands live in: computed once, handed to SQL as a table."""

from collections.abc import Collection, Iterable
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Any

from budgets.models import Brand
from budgets.models.brand import clock_of
from budgets.operations.database.dialect import id_rows
from budgets.rules.clock import month_of, next_month_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneNow:
    """One zone's local date, its month and the next (their first days), and slot (0 to 671)."""

    name: str
    today: date
    month: date
    next_month: date
    slot: int


def zones_now(*, now: datetime, brand_ids: Collection[int] | None = None) -> list[ZoneNow]:
    """Return the local time of every zone in use by the brands (all, or these)."""
    brands = Brand.objects.all()
    if brand_ids is not None:
        brands = brands.filter(pk__in=id_rows(brand_ids))
    names = brands.order_by().values_list("timezone", flat=True).distinct()
    return [zone_now(name, now=now) for name in names]


def zone_now(name: str, *, now: datetime) -> ZoneNow:
    """Return the local time of a zone."""
    clock = clock_of(name)
    today = clock.day(now)
    return ZoneNow(
        name=name,
        today=today,
        month=month_of(today),
        next_month=next_month_of(today),
        slot=clock.slot(now),
    )


def zone_table(zones: Iterable[ZoneNow]) -> tuple[str, dict[str, Any]]:
    """Return the rows as an SQL `VALUES` list and its named parameters."""
    rows: list[str] = []
    parameters: dict[str, Any] = {}
    for number, zone in enumerate(zones):
        columns = astuple(zone)
        names = [f"z{number}_{column}" for column in range(len(columns))]
        rows.append(f"({', '.join(f'%({name})s' for name in names)})")
        parameters |= zip(names, columns, strict=True)
    return ", ".join(rows), parameters
