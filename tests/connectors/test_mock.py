"""The mock platform spends like a real one, in exact coins, and fails on demand."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from budgets.connectors.base import Login, Order
from budgets.connectors.errors import ConnectorError, RateLimited, TemporaryError
from budgets.connectors.mock import MockConnector, MockPlatform
from budgets.connectors.mock.billing import Billing
from budgets.connectors.mock.facts import MockAccount, MockCampaign
from budgets.connectors.mock.platform import IN_MEMORY
from budgets.connectors.mock.traffic import PERMILLE_BY_HOUR, Advertiser, Traffic
from budgets.rules.clock import DAY, LocalClock
from budgets.rules.money import to_micros
from budgets.rules.status import RunStatus
from tests.builders import an_instant

KOLKATA = LocalClock.of("Asia/Kolkata")
TUESDAY = date(2026, 3, 10)
NOON = an_instant("2026-03-10 12:00")
CENT = 10_000


def an_advertiser(key: object = 1, *, daily: int | None = 500, currency: str = "USD") -> Advertiser:
    return Advertiser(
        key=str(key),
        currency=currency,
        timezone="Asia/Kolkata",
        daily_budget_micros=None if daily is None else daily * 1_000_000,
    )


def spent(
    campaign: Advertiser, since: datetime, until: datetime, traffic: Traffic | None = None
) -> int:
    traffic = traffic or Traffic()
    return sum(traffic.charge_micros(campaign, start) for start in traffic.slots(since, until))


def spent_on(day: date, campaign: Advertiser) -> int:
    return spent(campaign, *KOLKATA.day_bounds(day))


def spent_in_hour(hour: int, campaigns: int = 40) -> int:
    since = an_instant(f"2026-03-10 {hour:02}:00", "Asia/Kolkata")
    them = map(an_advertiser, range(1, campaigns + 1))
    return sum(spent(each, since, since + timedelta(hours=1)) for each in them)


def test_the_curve_of_a_day_adds_up() -> None:
    assert sum(PERMILLE_BY_HOUR) == 1_000


@pytest.mark.parametrize("daily", [5, 500, 100_000])
def test_a_day_comes_near_the_daily_budget(daily: int) -> None:
    budget = daily * 1_000_000
    days = [spent_on(TUESDAY, an_advertiser(number, daily=daily)) for number in range(1, 21)]

    assert all(budget * 55 / 100 <= day <= budget * 155 / 100 for day in days)
    assert min(days) < budget < max(days)


def test_a_campaign_without_a_daily_budget_spends_too() -> None:
    assert 40_000_000 < spent_on(TUESDAY, an_advertiser(daily=None)) < 400_000_000


def test_a_budget_of_nothing_spends_nothing() -> None:
    assert spent_on(TUESDAY, an_advertiser(daily=0)) == 0


def test_nights_are_quiet_and_evenings_busy_on_the_accounts_clock() -> None:
    assert spent_in_hour(3) * 5 < spent_in_hour(20)


def test_a_few_windows_spend_several_times_as_fast() -> None:
    start = KOLKATA.start_of(TUESDAY)
    windows = [start + n * timedelta(minutes=10) for n in range(7 * 144)]

    bursts = sum(Traffic().is_burst(an_advertiser(), window) for window in windows)

    assert 7 <= bursts <= 40  # 21 a week on average


@pytest.mark.parametrize("currency, coin", [("USD", CENT), ("JPY", 100 * CENT)])
def test_whole_coins_are_charged(currency: str, coin: int) -> None:
    campaign = an_advertiser(daily=50_000, currency=currency)
    charges = [
        Traffic().charge_micros(campaign, start)
        for start in Traffic().slots(NOON, NOON + timedelta(hours=1))
    ]

    assert any(charges)
    assert not any(micros % coin for micros in charges)


def test_another_seed_spends_otherwise() -> None:
    hour = (NOON, NOON + timedelta(hours=1))

    assert spent(an_advertiser(), *hour) != spent(an_advertiser(), *hour, Traffic(seed="other"))


def test_longer_slots_spend_about_as_much() -> None:
    day = KOLKATA.day_bounds(TUESDAY)
    them = [an_advertiser(number) for number in range(1, 41)]

    in_minutes = sum(spent(each, *day) for each in them)
    in_hours = sum(spent(each, *day, Traffic(slot=timedelta(hours=1))) for each in them)

    assert in_minutes * 85 / 100 < in_hours < in_minutes * 115 / 100


class Told:
    """An account of the mock platform with one campaign, at an instant that tests set."""

    def __init__(self, path: Path | str = IN_MEMORY, **facts: Any) -> None:
        self.now = KOLKATA.start_of(TUESDAY)
        self.platform = MockPlatform(path)
        self.account = MockAccount(
            **{
                "id": "a",
                "name": "A",
                "currency": "USD",
                "timezone": "Asia/Kolkata",
                "token": "t",
                **facts,
            }
        )
        self.platform.save_account(self.account)
        campaign = MockCampaign(
            id="c",
            name="C",
            status=RunStatus.RUNNING,
            daily_budget_micros=500_000_000,
            since=self.now,
            settled_until=self.now,
        )
        self.platform.add_campaigns("a", [campaign], now=self.now)
        self.connector = MockConnector(
            self.platform, clock=lambda: self.now, sleep=self.slept, seed=1
        )
        self.login = Login(
            external_id="a", timezone="Asia/Kolkata", currency="USD", credentials={"token": "t"}
        )
        self.seconds: list[float] = []

    def slept(self, seconds: float) -> None:
        self.seconds.append(seconds)

    def told(self, day: date = TUESDAY) -> int:
        found = self.connector.read_days(self.login, ["c"], first=day, last=day)
        return sum(to_micros(row.total) for row in found)

    def charged(self, day: date = TUESDAY) -> int:
        (campaign,) = self.platform.campaigns("a")
        return Billing(self.platform, self.account, Traffic()).charged_micros(campaign, day)

    def set_status(self, status: RunStatus) -> None:
        self.connector.set_status(self.login, [Order("c", status)])


def test_a_late_report_shows_less_than_was_charged_and_then_all_of_it() -> None:
    late, prompt = Told(lag_minutes=60), Told()
    for there in (late, prompt):
        there.now += timedelta(hours=12)

    assert 0 < late.told() < prompt.told()

    for there in (late, prompt):
        there.set_status(RunStatus.PAUSED)
        there.now += timedelta(hours=1)
    assert late.told() == prompt.told()


def test_days_are_corrected_for_three_days_and_then_no_more() -> None:
    there = Told(restated_permille=30)
    told = []
    for days in range(1, 6):
        there.now = KOLKATA.start_of(TUESDAY + days * DAY)
        told.append(there.told())

    assert len(set(told)) >= 3
    assert told[3] == told[4] == there.charged()
    assert max(told) - min(told) < told[0] * 15 // 100


def test_how_often_it_is_read_changes_nothing() -> None:
    often, once = (
        Told(lag_minutes=30, restated_permille=20),
        Told(lag_minutes=30, restated_permille=20),
    )
    for minutes in range(7, 24 * 60, 61):
        often.now = KOLKATA.start_of(TUESDAY) + timedelta(minutes=minutes)
        often.told()
    for there in (often, once):
        there.now = KOLKATA.start_of(TUESDAY + 5 * DAY)

    assert often.told() == once.told() == once.charged()


def test_its_state_outlives_the_process(tmp_path: Path) -> None:
    there = Told(tmp_path / "mock.sqlite3")
    there.now += timedelta(hours=8)
    before = there.told()
    there.set_status(RunStatus.PAUSED)
    there.platform.close()

    again = Told(tmp_path / "mock.sqlite3")
    again.now = there.now + timedelta(hours=1)

    assert again.told() == before
    assert again.connector.read_status(again.login, ["c"]) == {"c": RunStatus.PAUSED}


def test_a_time_out_leaves_the_order_carried_out() -> None:
    there = Told(timeout_permille=1_000)

    with pytest.raises(TemporaryError, match="in time"):
        there.set_status(RunStatus.PAUSED)

    assert there.platform.statuses("a", ["c"]) == {"c": RunStatus.PAUSED}


@pytest.mark.parametrize(
    "fault, error",
    [
        ({"is_down": True}, TemporaryError),
        ({"error_permille": 1_000}, TemporaryError),
        ({"limited_permille": 1_000}, RateLimited),
    ],
)
def test_any_other_fault_carries_nothing_out(
    fault: dict[str, Any], error: type[ConnectorError]
) -> None:
    there = Told(IN_MEMORY, **fault)

    with pytest.raises(error):
        there.set_status(RunStatus.PAUSED)

    assert there.platform.statuses("a", ["c"]) == {"c": RunStatus.RUNNING}


def test_a_share_of_the_calls_fails() -> None:
    there, failed = Told(error_permille=100), 0
    for _ in range(1_000):
        try:
            there.connector.describe(there.login)
        except TemporaryError:
            failed += 1

    assert 60 < failed < 140


def test_calls_take_as_long_as_the_account_says() -> None:
    there = Told(latency_ms=50)
    there.platform.save_account(replace(there.account, latency_ms=50))

    there.told()

    assert there.seconds == [0.05]
