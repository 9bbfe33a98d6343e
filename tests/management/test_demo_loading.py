"""Loading the demo: at any hour, beside other rows, after an interruption."""

from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django import Settings

from budgets.demo import BRANDS, Demo, load_demo
from budgets.demo.replay import Progress
from budgets.models import (
    Brand,
    Campaign,
    Change,
    LedgerEntry,
    LinkedCampaign,
    PlatformAccount,
    Source,
    Spend,
)
from budgets.operations.deliver import deliver_changes
from budgets.operations.platforms.pull import sync_spend
from budgets.rules.clock import month_of
from tests.builders import a_brand, a_campaign, an_instant, the_clock_at

NOW = an_instant("2026-03-10 15:07:23")
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def a_demo(
    *,
    now: datetime = NOW,
    history: timedelta = timedelta(hours=30),
    progress: Progress = lambda _: None,
) -> Demo:
    """Load the demo with a short history."""
    with the_clock_at(now):
        return load_demo(now=now, history=history, progress=progress)


def pull(*, at: datetime) -> int:
    with the_clock_at(at):
        return sync_spend(now=at)


def the_command(*flags: str, now: datetime = NOW) -> str:
    out = StringIO()
    with the_clock_at(now):
        call_command("demo", *flags, stdout=out)
    return out.getvalue()


def rows() -> tuple[int, ...]:
    """Count what a run could add."""
    tables = (Brand, Campaign, Change, LedgerEntry, Spend)
    return tuple(table._default_manager.count() for table in tables)


def spend_days() -> list[tuple[Any, ...]]:
    return sorted(Spend.objects.values_list("campaign__external_id", "day", "amount"))


def test_an_interrupted_run_is_completed_by_the_next() -> None:
    def interrupt(_days_left: int) -> None:
        raise KeyboardInterrupt

    with transaction.atomic():
        a_demo()
        in_one_go = spend_days()
        transaction.set_rollback(True)

    with pytest.raises(KeyboardInterrupt):
        a_demo(progress=interrupt)
    assert 0 < len(spend_days()) < len(in_one_go)
    a_demo(now=NOW + MINUTE)

    assert spend_days() == in_one_go


@pytest.mark.parametrize("hour", [0, 8, 16])
def test_at_any_hour_something_pauses_within_two_minutes(hour: int) -> None:
    now = an_instant(f"2026-03-10 {hour:02}:07:23")
    a_demo(now=now)
    running = Campaign.objects.running().count()

    for minutes in (1, 2):
        pull(at=now + minutes * MINUTE)

    assert Campaign.objects.running().count() < running


def test_other_brands_are_left_alone() -> None:
    with the_clock_at(NOW):
        own = Brand.objects.create(name="Ours", daily_budget=0)
        Campaign.objects.create(brand=own, name="Ours too")

    a_demo()

    assert Change.objects.filter(campaign__brand=own).count() == 1


def test_a_dry_run_writes_nothing() -> None:
    said = the_command("--dry-run")

    assert not any(rows())
    assert said.startswith("Would load 8 brands, 61 campaigns")


@pytest.mark.slow
def test_the_whole_history_spans_forty_days_of_every_brand(
    transactional_db: None,
) -> None:
    the_command()

    for brand in Brand.objects.all():
        today = brand.clock.day(NOW)
        days = Spend.objects.filter(campaign__brand=brand).values_list("day", flat=True)
        assert set(days) >= {today - timedelta(days=number) for number in range(40)}
        assert brand.closed_day == today - timedelta(days=1)
        assert brand.closed_month == month_of(month_of(today) - timedelta(days=1))


def test_mock_traffic_charges_the_demo_and_nobody_who_came_later() -> None:
    a_demo()
    with the_clock_at(NOW):
        namesake = a_campaign(brand=a_brand(name="Casa Verde Móveis"), name="Search | Brand terms")
    Brand.objects.filter(name="Wattle Surf Co.").update(name="Renamed")

    pull(at=NOW + 10 * MINUTE)

    charged = LedgerEntry.objects.filter(source="mock")
    assert charged.filter(brand__name="Renamed").exists()
    assert charged.values("brand").distinct().order_by().count() == len(BRANDS)
    assert not charged.filter(campaign=namesake).exists()


def test_a_demo_of_before_spends_again_once_it_is_loaded_again() -> None:
    a_demo()
    PlatformAccount.objects.all().delete()
    for brand in Brand.objects.all():
        Source.objects.create(brand=brand, name="mock", timezone=brand.timezone)
    assert pull(at=NOW + MINUTE) == 0

    a_demo(now=NOW + MINUTE)

    assert pull(at=NOW + 3 * MINUTE) > 0
    assert Source.objects.count() == PlatformAccount.objects.count() == len(BRANDS)


def test_the_platform_is_told_what_pauses_and_confirms_it() -> None:
    a_demo()
    pull(at=NOW + 3 * MINUTE)
    paused = LinkedCampaign.objects.unconfirmed()
    assert paused.exists()

    with the_clock_at(NOW + 3 * MINUTE):
        deliver_changes(now=NOW + 3 * MINUTE)

    assert not paused.all().exists()
    assert set(LinkedCampaign.objects.values_list("confirmed", flat=True)) == {"paused", "running"}


def test_a_platform_that_forgot_the_demo_is_told_again(settings: Settings, tmp_path: Path) -> None:
    a_demo()
    settings.VAR_DIR = tmp_path

    a_demo(now=NOW + MINUTE)

    assert pull(at=NOW + 3 * MINUTE) > 0
