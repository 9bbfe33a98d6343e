"""When campaigns may run: the hours of their schedules, and the dates on which others count."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from budgets.models.brand import Brand
from budgets.models.campaign import Campaign
from budgets.models.hours.exception_day import ExceptionDay
from budgets.models.schedule import Schedule
from budgets.rules.exceptions import Quarters, with_exceptions
from budgets.rules.hours import WeekHours

Days = Mapping[date, Quarters]


@dataclass(frozen=True, slots=True, kw_only=True)
class Openings:
    """Schedules with their dates, and the dates of brands, by their ids."""

    weeks: Mapping[int, WeekHours]
    of_schedules: Mapping[int, Days]
    of_brands: Mapping[int, Days]

    def hours(self, schedule_id: int | None, brand_id: int) -> WeekHours | None:
        """Return when campaigns of the brand may run by the schedule; `None` is always."""
        if schedule_id is None:
            return with_exceptions(None, self.of_brands.get(brand_id, {}))
        own = {**self.of_schedules.get(schedule_id, {}), **self.of_brands.get(brand_id, {})}
        return with_exceptions(self.weeks[schedule_id], own)


def openings_of(schedules: Iterable[Schedule], brands: Iterable[Brand]) -> Openings:
    """Put together the hours of the schedules, and the dates of them and of the brands.

    One query, and only where any has dates.
    """
    weeks = {schedule.pk: schedule for schedule in schedules}
    dated = [pk for pk, schedule in weeks.items() if schedule.exceptions_read]
    dated_brands = [brand.pk for brand in brands if brand.exceptions_read]
    of_schedules: dict[int, dict[date, Quarters]] = defaultdict(dict)
    of_brands: dict[int, dict[date, Quarters]] = defaultdict(dict)
    if dated or dated_brands:
        days = ExceptionDay.objects.filter(Q(schedule__in=dated) | Q(brand__in=dated_brands))
        columns = ("schedule_id", "brand_id", "day", "quarters")
        for schedule_id, brand_id, day, quarters in days.order_by().values_list(*columns):
            own = of_brands[brand_id] if brand_id is not None else of_schedules[schedule_id]
            own[day] = bytes(quarters)
    return Openings(
        weeks={pk: schedule.week_hours for pk, schedule in weeks.items()},
        of_schedules=of_schedules,
        of_brands=of_brands,
    )


def exception_on(campaign: Campaign, day: date) -> ExceptionDay | None:
    """Return what gives the campaign other hours on a local day: its brand, or its schedule."""
    own = Q(brand=campaign.brand_id) | Q(schedule=campaign.schedule_id, schedule__isnull=False)
    found = ExceptionDay.objects.filter(own, day=day)
    return found.order_by(F("brand").asc(nulls_last=True)).first()


def hours_of_campaign(campaign: Campaign) -> WeekHours | None:
    """Return when one campaign may run; `None` is always."""
    schedules = [campaign.schedule] if campaign.schedule else []
    openings = openings_of(schedules, [campaign.brand])
    return openings.hours(campaign.schedule_id, campaign.brand_id)
