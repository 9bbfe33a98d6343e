"""Budgets over time, as people read them: past, in force, planned, and until when each counts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from budgets.models import Brand, Campaign, DatedBudget, Period
from budgets.models.periods.budget_in_force import FIELDS
from budgets.rules.clock import DAY, clock_of
from budgets.rules.dated import DatedAmount, days_of_change, in_force

MOST_SHOWN = 30


class DatedState(TextChoices):
    """Where a dated budget stands on a day."""

    PLANNED = "planned", _("planned")
    IN_FORCE = "in_force", _("in force")
    BENEATH = "beneath", _("counts again later")
    PAST = "past", _("past")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedLine:
    """A dated budget: its amount (`None`: no limit), when it counts, and where it stands.

    Without a first day it has counted since its owner was made, without a last one it goes on.
    """

    row: DatedBudget
    amount: Decimal | None
    since: date | None
    until: date | None
    state: DatedState


def lines_of(row: Brand | Campaign, *, now: datetime) -> list[DatedLine]:
    """Return the dated budgets of a row, the newest first."""
    rows = row.own_dated_budgets().select_related("brand", "campaign")
    return lines(list(rows.order_by("-starts_on", "period")[:MOST_SHOWN]), now=now)


def lines(rows: Sequence[DatedBudget], *, now: datetime) -> list[DatedLine]:
    """Return what is known of dated budgets whose brands and campaigns are loaded; one query."""
    of_owner = siblings(rows)
    return [line(row, of_owner[owner_of(row)], row.brand.clock.day(now)) for row in rows]


def owner_of(row: DatedBudget) -> tuple[int, int | None, str]:
    return row.brand_id, row.campaign_id, row.period


def siblings(rows: Iterable[DatedBudget]) -> dict[tuple[int, int | None, str], list[DatedAmount]]:
    """Return all dates of the same owners and periods; amounts do not matter here."""
    brands = {row.brand_id for row in rows if row.campaign_id is None}
    campaigns = {row.campaign_id for row in rows if row.campaign_id is not None}
    of_brands = Q(campaign=None, brand__in=brands)
    found = DatedBudget.objects.filter(of_brands | Q(campaign__in=campaigns)).order_by()
    dated = defaultdict(list)
    columns = ("brand", "campaign", "period", "starts_on", "ends_on")
    for brand_id, campaign_id, period, starts_on, ends_on in found.values_list(*columns):
        dates = DatedAmount(starts_on=starts_on, ends_on=ends_on, micros=None)
        dated[brand_id, campaign_id, period].append(dates)
    return dated


def line(row: DatedBudget, dated: Sequence[DatedAmount], today: date) -> DatedLine:
    on_row: Decimal | None = getattr(row.of, FIELDS[Period(row.period)])
    return DatedLine(
        row=row,
        amount=on_row if row.is_current else row.amount,
        since=row.starts_on if row.starts_on > row.of.created_at.date() - DAY else None,
        until=until(row, dated),
        state=state_of(row, dated, today),
    )


def until(row: DatedBudget, dated: Iterable[DatedAmount]) -> date | None:
    """Return the last day on which it can count: its own, or before the next that has no end."""
    later = [each.starts_on for each in dated if each.starts_on > row.starts_on]
    endless = {each.starts_on for each in dated if each.ends_on is None}
    ends = [day - DAY for day in later if day in endless]
    return min([*ends, *([row.ends_on] if row.ends_on else [])], default=None)


def state_of(row: DatedBudget, dated: Sequence[DatedAmount], today: date) -> DatedState:
    if row.starts_on > today:
        return DatedState.PLANNED
    if counts(row, dated, today):
        return DatedState.IN_FORCE
    again = any(counts(row, dated, day) for day in days_of_change(dated, after=today))
    return DatedState.BENEATH if again else DatedState.PAST


def counts(row: DatedBudget, dated: Iterable[DatedAmount], day: date) -> bool:
    found = in_force(dated, day)
    return found is not None and found.starts_on == row.starts_on


def has_begun(*, now: datetime) -> Q:
    """Return the condition that a dated budget has begun, on the clock of its brand."""
    condition = Q(pk__in=[])
    # A loop over zones: brands share few of them.
    for zone in Brand.objects.order_by().values_list("timezone", flat=True).distinct():
        condition |= Q(brand__timezone=zone, starts_on__lte=clock_of(zone).day(now))
    return condition
