"""Load the demo, once: its world, its past, and a present in which something happens soon."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from budgets.demo.accounts import open_accounts
from budgets.demo.create import REFERENCES, create_world, demo_campaigns
from budgets.demo.meter import Meter
from budgets.demo.replay import SOURCE, Progress, replay
from budgets.demo.suspense import LAST, add_suspense
from budgets.demo.world import HISTORY_DAYS
from budgets.models import Campaign, Change, LedgerEntry
from budgets.operations.close import close_periods
from budgets.operations.deliver import deliver_changes
from budgets.operations.reconcile import reconcile

HISTORY = timedelta(days=HISTORY_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What the demo consists of, and how many entries this run added to it."""

    entries_added: int
    brands: int
    campaigns: int
    running: int
    paused: int
    entries: int
    changes: int


def load_demo(*, now: datetime, progress: Progress, history: timedelta = HISTORY) -> Demo:
    """Load what is missing of the demo; nothing where it is complete.

    A run that was interrupted is completed up to the instant at which it began. `progress` is told
    how many days of history are left.
    """
    if is_loaded():
        open_accounts(campaigns_with_a_past(), now=now)
        return demo_state(entries_added=0)
    if not demo_campaigns():
        create_world(now=now, since=now - history)
    campaigns = demo_campaigns()
    since = campaigns[0].created_at
    began = since + history
    meter = Meter(campaigns)
    added = replay(meter, since=since, now=began, progress=progress)
    with transaction.atomic():
        added += add_suspense(meter, now=began)
    # The history goes up to this instant: what the platform charges begins here.
    open_accounts(demo_campaigns(), now=began)
    catch_up(meter, now=now)
    return demo_state(entries_added=added)


def is_loaded() -> bool:
    """Return whether the demo is there, up to the last entries a complete run records."""
    return LedgerEntry.objects.filter(source=SOURCE, key__endswith=LAST).exists()


def campaigns_with_a_past() -> list[Campaign]:
    """Return the demo's campaigns whose brand has its history, by brand."""
    with_a_past = LedgerEntry.objects.filter(source=SOURCE).order_by().values("brand")
    campaigns = Campaign.objects.filter(external_id__in=REFERENCES, brand__in=with_a_past)
    return list(campaigns.select_related("brand").order_by("brand", "id"))


def catch_up(meter: Meter, *, now: datetime) -> None:
    """Do what the recurring tasks would have done by now."""
    reconcile(now=now, brand_ids=meter.brand_ids)
    close_periods(now=now)
    deliver_changes(now=now)


def demo_state(*, entries_added: int) -> Demo:
    campaigns = Campaign.objects.filter(external_id__in=REFERENCES)
    return Demo(
        entries_added=entries_added,
        brands=campaigns.values("brand").distinct().order_by().count(),
        campaigns=campaigns.count(),
        running=campaigns.running().count(),
        paused=campaigns.paused().count(),
        entries=LedgerEntry.objects.filter(source=SOURCE).count(),
        changes=Change.objects.filter(campaign__in=campaigns).count(),
    )
