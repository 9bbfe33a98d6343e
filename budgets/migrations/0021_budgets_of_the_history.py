"""Budgets that were edited become dated ones, each from the local day of its edit on.

Of a day the last edit counts. The oldest record stands for what came before it, and what is on the
row is the newest.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db import migrations
from django.db.models import Count

from budgets.rules.clock import clock_of

ROWS_AT_ONCE = 1_000
FIELDS = {"day": "daily_budget", "month": "monthly_budget"}


def date_budgets(apps: Any, _schema_editor: Any) -> None:
    dated_budgets = apps.get_model("budgets", "DatedBudget")
    for model in ("Brand", "Campaign"):
        rows = apps.get_model("budgets", model)
        records = apps.get_model("budgets", f"Historical{model}")
        edited = records.objects.order_by("id").values_list("id").annotate(n=Count("pk"))
        ids = [pk for pk, _ in edited.filter(n__gt=1)]
        for start in range(0, len(ids), ROWS_AT_ONCE):
            some = ids[start : start + ROWS_AT_ONCE]
            stored = rows.objects.in_bulk(some)
            known = records.objects.filter(id__in=some).order_by("id", "history_date", "pk")
            for pk, of_row in groupby(known.iterator(), key=lambda record: record.id):
                if pk in stored:
                    listed = list(of_row)
                    found = [dated(stored[pk], listed, period) for period in FIELDS]
                    dated_budgets.objects.bulk_create(
                        dated_budgets(**each) for of_period in found for each in of_period
                    )


def dated(row: Any, records: list[Any], period: str) -> Iterator[dict[str, Any]]:
    """Yield what the dated budgets of a row and period hold; none where it never changed."""
    of = {"brand_id": row.pk}
    zone = getattr(row, "timezone", None)
    if zone is None:
        of, zone = {"brand_id": row.brand_id, "campaign_id": row.pk}, row.brand.timezone
    clock = clock_of(zone)
    field = FIELDS[period]
    before = row.created_at.date() - timedelta(days=2)
    days = [(clock.day(each.history_date), getattr(each, field)) for each in records[1:]]
    steps = list(steps_of([(before, getattr(records[0], field)), *days]))
    for number, (day, amount) in enumerate(steps if len(steps) > 1 else []):
        is_last = number == len(steps) - 1
        yield {
            **of,
            "period": period,
            "amount": amount,
            "starts_on": day,
            "due_on": None,
            "is_current": is_last,
        }


def steps_of(days: Iterable[tuple[date, Any]]) -> Iterator[tuple[date, Any]]:
    """Yield each day on which the amount differs from the one before, with its last amount."""
    last: dict[date, Any] = dict(days)
    known = object()
    for day, amount in sorted(last.items(), key=lambda item: item[0]):
        if amount != known:
            yield day, amount
        known = amount


class Migration(migrations.Migration):
    dependencies = [("budgets", "0020_dated_budgets")]

    operations = [migrations.RunPython(date_budgets, migrations.RunPython.noop)]
