"""Timeline: when a campaign ran and when it was paused, by which reasons, day by day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from budgets.models import Campaign
from budgets.reports.history.moves import here_since
from budgets.rules.reasons import PauseReason

DAYS_SHOWN = 7
MOST_CHANGES = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A span within one local day in which the reasons stayed the same."""

    start: datetime
    end: datetime
    reasons: PauseReason


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineDay:
    """One local day and the stretches it is made of, oldest first."""

    day: date
    start: datetime
    end: datetime
    stretches: list[Stretch]

    def place(self, at: datetime) -> Decimal:
        """Return where an instant lies in the day, 0 to 1, on days of any length."""
        seconds = Decimal((at - self.start) // timedelta(seconds=1))
        return seconds / ((self.end - self.start) // timedelta(seconds=1))


def timeline(campaign: Campaign, *, now: datetime, days: int = DAYS_SHOWN) -> list[TimelineDay]:
    """Return the campaign's last local days, today last and only up to the instant."""
    clock = campaign.brand.clock
    today = clock.day(now)
    first = clock.start_of(today - timedelta(days=days - 1))
    known = list(stretches(campaign, since=first, until=now))
    shown = []
    for number in range(days - 1, -1, -1):
        day = today - timedelta(days=number)
        start, end = clock.day_bounds(day)
        if start == end:
            continue  # a date that the zone skipped whole
        shown.append(TimelineDay(day=day, start=start, end=end, stretches=cut(known, start, end)))
    return shown


def stretches(campaign: Campaign, *, since: datetime, until: datetime) -> Iterator[Stretch]:
    """Yield the spans between changes, from the campaign's making, or its coming here, on."""
    since = max(since, here_since(campaign))
    within = campaign.changes.filter(at__gte=since, at__lte=until).order_by("-id")
    changes = list(within.only("campaign", "at", "before", "after")[:MOST_CHANGES])[::-1]
    reasons = reasons_before(campaign, changes[0].before if changes else None, since)
    start = since
    for change in changes:
        if start < change.at:
            yield Stretch(start=start, end=change.at, reasons=reasons)
        start, reasons = max(start, change.at), change.reasons_after
    if start < until:
        yield Stretch(start=start, end=until, reasons=reasons)


def reasons_before(campaign: Campaign, first: int | None, since: datetime) -> PauseReason:
    if first is not None:
        return PauseReason(first)
    last = campaign.changes.filter(at__lt=since).order_by("-id").only("campaign", "after").first()
    return last.reasons_after if last else campaign.pause_reasons


def cut(known: list[Stretch], start: datetime, end: datetime) -> list[Stretch]:
    return [
        Stretch(start=max(each.start, start), end=min(each.end, end), reasons=each.reasons)
        for each in known
        if each.start < end and start < each.end
    ]
