"""The mock platform spends like a real one, in exact coins."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from budgets.connectors import CampaignRef
from budgets.connectors.mock import PERMILLE_BY_HOUR, MockConnector
from budgets.rules.clock import LocalClock
from tests.builders import an_instant

KOLKATA = LocalClock.of("Asia/Kolkata")
TUESDAY = date(2026, 3, 10)
NOON = an_instant("2026-03-10 12:00")


def a_ref(
    campaign_id: int = 1,
    *,
    daily: str | None = "500",
    currency: str = "USD",
    external_id: str | None = None,
    sources: frozenset[str] = frozenset({"mock"}),
) -> CampaignRef:
    return CampaignRef(
        campaign_id=campaign_id,
        external_id=external_id,
        currency=currency,
        timezone="Asia/Kolkata",
        daily_budget=None if daily is None else Decimal(daily),
        is_running=True,
        sources=sources,
    )


def spent(
    campaign: CampaignRef,
    since: datetime,
    until: datetime,
    connector: MockConnector | None = None,
) -> Decimal:
    reports = (connector or MockConnector()).read_spend([campaign], since=since, until=until)
    return sum((report.amount for report in reports), Decimal(0))


def spent_on(day: date, campaign: CampaignRef) -> Decimal:
    return spent(campaign, *KOLKATA.day_bounds(day))


def spent_in_hour(hour: int, campaigns: int = 40) -> Decimal:
    since = an_instant(f"2026-03-10 {hour:02}:00", "Asia/Kolkata")
    refs = map(a_ref, range(1, campaigns + 1))
    return sum((spent(ref, since, since + timedelta(hours=1)) for ref in refs), Decimal(0))


def test_the_curve_of_a_day_adds_up() -> None:
    assert sum(PERMILLE_BY_HOUR) == 1_000


@pytest.mark.parametrize("daily", ["5", "500", "100000"])
def test_a_day_comes_near_the_daily_budget(daily: str) -> None:
    budget = Decimal(daily)
    days = [spent_on(TUESDAY, a_ref(number, daily=daily)) for number in range(1, 21)]

    assert all(budget * 55 / 100 <= day <= budget * 155 / 100 for day in days)
    assert min(days) < budget < max(days)


def test_a_campaign_without_a_daily_budget_spends_too() -> None:
    assert 40 < spent_on(TUESDAY, a_ref(daily=None)) < 400


def test_a_budget_of_nothing_spends_nothing() -> None:
    assert spent_on(TUESDAY, a_ref(daily="0")) == 0


def test_nights_are_quiet_and_evenings_busy_on_the_brands_clock() -> None:
    assert spent_in_hour(3) * 5 < spent_in_hour(20)


def test_a_few_windows_spend_several_times_as_fast() -> None:
    start = KOLKATA.start_of(TUESDAY)
    windows = [start + n * timedelta(minutes=10) for n in range(7 * 144)]

    bursts = sum(MockConnector().is_burst(a_ref(), window) for window in windows)

    assert 7 <= bursts <= 40  # 21 a week on average


def test_dollars_are_charged_in_cents() -> None:
    reports = MockConnector().read_spend([a_ref()], since=NOON, until=NOON + timedelta(hours=1))

    assert all(report.amount == report.amount.quantize(Decimal("0.01")) for report in reports)


def test_yen_are_charged_whole() -> None:
    yen = a_ref(daily="50000", currency="JPY")
    reports = MockConnector().read_spend([yen], since=NOON, until=NOON + timedelta(hours=1))

    assert all(report.amount == report.amount.to_integral_value() for report in reports)


def test_another_seed_spends_otherwise() -> None:
    hour = (NOON, NOON + timedelta(hours=1))

    assert spent(a_ref(), *hour) != spent(a_ref(), *hour, MockConnector(seed="other"))


def test_a_campaign_with_a_reference_spends_the_same_in_every_installation() -> None:
    here, there = (a_ref(number, external_id="summer") for number in (1, 2))

    assert spent_on(TUESDAY, here) == spent_on(TUESDAY, there)


def test_longer_slots_spend_about_as_much() -> None:
    hourly = MockConnector(slot=timedelta(hours=1))
    day = KOLKATA.day_bounds(TUESDAY)
    refs = [a_ref(number) for number in range(1, 41)]

    in_minutes = sum(spent(ref, *day) for ref in refs)
    in_hours = sum(spent(ref, *day, hourly) for ref in refs)

    assert in_minutes * 85 / 100 < in_hours < in_minutes * 115 / 100


def test_a_brand_without_an_account_is_charged_nothing() -> None:
    assert spent_on(TUESDAY, a_ref(sources=frozenset())) == 0
    assert spent_on(TUESDAY, a_ref(sources=frozenset({"google"}))) == 0
