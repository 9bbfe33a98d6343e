"""What the demo's account managers did by hand in its past."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.auth import get_user_model

from budgets.demo.world import HOLDS, HoldPlan, Moment
from budgets.models import Campaign
from budgets.operations.holds import hold, release
from budgets.rules.clock import DAY, LocalClock


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """One hold or release, at an instant."""

    at: datetime
    act: Callable[..., list[int]]
    campaign: Campaign
    plan: HoldPlan

    def do(self) -> None:
        person = get_user_model()._default_manager.get(username=self.plan.by)
        note = self.plan.note if self.act is hold else ""
        self.act(self.campaign, by=person, now=self.at, note=note)


def doings(*, now: datetime) -> list[Doing]:
    """Return everything people did, by their plans, in the history that ends now."""
    found = []
    for plan in HOLDS:
        campaign = Campaign.objects.select_related("brand").get(external_id=plan.campaign)
        for act, moment in ((hold, plan.held), (release, plan.released)):
            if moment is not None:
                at = last_time(moment, campaign.brand.clock, now=now)
                found.append(Doing(at=at, act=act, campaign=campaign, plan=plan))
    return sorted(found, key=lambda doing: doing.at)


def last_time(moment: Moment, clock: LocalClock, *, now: datetime) -> datetime:
    """Return the instant at which the clock last showed it, so many days ago."""
    latest = clock.local(now - moment.days_ago * DAY)
    shown = latest.replace(hour=moment.hour, minute=moment.minute)
    return (shown if shown < latest else shown - DAY).astimezone(UTC)
