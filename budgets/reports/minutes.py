"""How long a campaign ran and was paused in a period, and why: read from its changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from budgets.models import Campaign, Change
from budgets.models.periods.period import Period
from budgets.models.statement import Statement
from budgets.reports.history.moves import here_since
from budgets.rules.clock import DAY, next_month_of
from budgets.rules.reasons import PauseReason

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """Whole minutes of a period. Reasons overlap, so they add up to more than `paused`."""

    running: int
    paused: int
    paused_by: dict[PauseReason, int]


def minutes_of(statement: Statement) -> Minutes | None:
    """Return the minutes a campaign's statement is about; `None` for a whole brand's."""
    if statement.campaign is None:
        return None
    starts, ends = bounds_of(statement)
    if statement.campaign.brand_id == statement.brand_id:
        starts = max(starts, min(here_since(statement.campaign), ends))
    return minutes_between(statement.campaign, starts, ends)


def bounds_of(statement: Statement) -> tuple[datetime, datetime]:
    """Return the first instant of the period, and the first one after it, in UTC."""
    first = statement.starts_on
    after = first + DAY if statement.period == Period.DAY else next_month_of(first)
    clock = statement.brand.clock
    return clock.start_of(first), clock.start_of(after)


def minutes_between(campaign: Campaign, starts: datetime, ends: datetime) -> Minutes:
    """Add up a campaign's minutes in `[starts, ends)`, from when it was created on."""
    moment = max(starts, min(campaign.created_at, ends))
    reasons = reasons_at(campaign, moment)
    spans: list[tuple[PauseReason, timedelta]] = []
    for change in campaign.changes.filter(at__gt=moment, at__lt=ends).order_by("at", "id"):
        spans.append((reasons, change.at - moment))
        moment, reasons = change.at, change.reasons_after
    spans.append((reasons, ends - moment))
    return Minutes(
        running=whole(length for held, length in spans if not held),
        paused=whole(length for held, length in spans if held),
        paused_by={
            reason: whole(length for held, length in spans if reason in held)
            for reason in PauseReason
            if any(reason in held for held, _ in spans)
        },
    )


def reasons_at(campaign: Campaign, at: datetime) -> PauseReason:
    """Return the reasons in force at an instant, as the changes tell."""
    last: Change | None = campaign.changes.filter(at__lte=at).order_by("-at", "-id").first()
    if last is not None:
        return last.reasons_after
    following: Change | None = campaign.changes.filter(at__gt=at).order_by("at", "id").first()
    return following.reasons_before if following else campaign.pause_reasons


def whole(lengths: Iterable[timedelta]) -> int:
    return sum(lengths, timedelta()) // MINUTE
