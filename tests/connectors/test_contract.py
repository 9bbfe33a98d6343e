"""What every connector promises: the rest of the system leans on it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from ipaddress import ip_network

import pytest
from pytest_django import Settings

from budgets.connectors.base import (
    BudgetOrder,
    Capability,
    Connector,
    Order,
    ReportedDay,
    ReportedEvent,
)
from budgets.connectors.errors import CredentialsError, PermanentError
from budgets.connectors.registry import CONNECTORS
from budgets.rules.clock import LocalClock
from budgets.rules.status import RunStatus
from tests.connectors.platforms import NOON, PLATFORMS, Platform
from tests.platforms.behind import CAMPAIGNS

HOUR = timedelta(hours=1)
ODD_SPAN = timedelta(minutes=17, seconds=23, microseconds=5)
SIX_DECIMALS = Decimal("0.000001")
KOLKATA = LocalClock.of("Asia/Kolkata")
TODAY = date(2026, 3, 10)
YESTERDAY = date(2026, 3, 9)
ALL = list(CAMPAIGNS)
RUNS, STOPPED, GONE = ALL
NOWHERE = "404"
RUNNING, PAUSED, REMOVED = RunStatus


def test_every_connector_is_held_to_the_contract() -> None:
    assert PLATFORMS.keys() == CONNECTORS.keys()


@pytest.fixture(params=PLATFORMS)
def platform(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Platform]:
    settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.0/8")]
    with PLATFORMS[request.param]().started() as platform:
        yield platform


@pytest.fixture
def connector(platform: Platform) -> Connector:
    return platform.connector


def needs(connector: Connector, capability: Capability) -> None:
    if capability not in connector.capabilities:
        pytest.skip(f"{connector.title} does not offer this")


def days(platform: Platform, *campaigns: str, first: date, last: date) -> list[ReportedDay]:
    needs(platform.connector, Capability.DAY_TOTALS)
    found = platform.connector.read_days(platform.login, campaigns, first=first, last=last)
    return sorted(found)


def events(platform: Platform, since: datetime, until: datetime) -> list[ReportedEvent]:
    needs(platform.connector, Capability.EVENTS)
    found = platform.connector.read_events(platform.login, ALL, since=since, until=until)
    return sorted(found)


def test_it_goes_by_the_name_it_is_registered_under(connector: Connector) -> None:
    assert CONNECTORS.keys() >= {connector.name}
    assert connector.title
    assert connector.limits.batch_size > 0 < connector.limits.calls_a_minute


def test_an_account_says_its_zone_and_currency(platform: Platform) -> None:
    facts = platform.connector.describe(platform.login)

    assert (facts.timezone, facts.currency) == ("Asia/Kolkata", "INR")
    assert facts.name


def test_days_are_of_the_accounts_calendar_and_only_those_asked_for(platform: Platform) -> None:
    found = days(platform, *ALL, first=YESTERDAY, last=TODAY)

    assert [(row.campaign, row.day) for row in found if row.total] == [
        (RUNS, YESTERDAY),
        (RUNS, TODAY),
    ]
    only = days(platform, *ALL, first=YESTERDAY, last=YESTERDAY)
    assert [row[:3] for row in only] == [row[:3] for row in found if row.day == YESTERDAY]


def test_totals_are_exact_and_in_the_accounts_currency(platform: Platform) -> None:
    for row in days(platform, *ALL, first=YESTERDAY, last=TODAY):
        assert isinstance(row.total, Decimal)
        assert row.total == row.total.quantize(SIX_DECIMALS)
        assert row.currency == "INR"


def test_a_total_grows_and_says_as_of_when_it_is(platform: Platform) -> None:
    (before,) = days(platform, RUNS, first=TODAY, last=TODAY)
    platform.passes(HOUR)
    (after,) = days(platform, RUNS, first=TODAY, last=TODAY)

    assert after.total > before.total
    assert after.as_of > before.as_of
    assert before.as_of.utcoffset() is not None


def test_no_campaigns_have_no_days(platform: Platform) -> None:
    assert days(platform, first=YESTERDAY, last=TODAY) == []
    assert days(platform, NOWHERE, first=YESTERDAY, last=TODAY) == []


def test_adjacent_spans_of_events_tile(platform: Platform) -> None:
    cut = NOON - HOUR + ODD_SPAN

    pieces = events(platform, NOON - HOUR, cut) + events(platform, cut, NOON)

    assert sorted(pieces) == events(platform, NOON - HOUR, NOON) != []


def test_events_lie_within_the_span_and_have_keys_of_their_own(platform: Platform) -> None:
    found = events(platform, NOON - HOUR, NOON)

    assert all(NOON - HOUR <= event.occurred_at < NOON for event in found)
    assert len({event.key for event in found}) == len(found)


def test_an_empty_span_has_no_events(platform: Platform) -> None:
    assert events(platform, NOON, NOON) == []


def test_events_of_a_day_add_up_to_its_total(platform: Platform) -> None:
    since, until = KOLKATA.day_bounds(YESTERDAY)
    (day,) = days(platform, RUNS, first=YESTERDAY, last=YESTERDAY)

    assert sum(event.amount for event in events(platform, since, until)) == day.total


def test_statuses_are_set_answered_and_read_back(platform: Platform) -> None:
    needs(platform.connector, Capability.SET_STATUS | Capability.READ_STATUS)
    orders = [Order(RUNS, PAUSED), Order(STOPPED, RUNNING)]

    answers = platform.connector.set_status(platform.login, orders)

    assert [(answer.campaign, answer.error) for answer in answers] == [
        (RUNS, None),
        (STOPPED, None),
    ]
    assert platform.connector.read_status(platform.login, ALL) == {
        RUNS: PAUSED,
        STOPPED: RUNNING,
        GONE: REMOVED,
    }


def test_setting_a_status_twice_is_confirmed_twice(platform: Platform) -> None:
    needs(platform.connector, Capability.SET_STATUS)
    for _ in range(2):
        (answer,) = platform.connector.set_status(platform.login, [Order(RUNS, PAUSED)])
        assert answer.error is None


@pytest.mark.parametrize("bad", [GONE, NOWHERE])
def test_one_that_cannot_be_set_leaves_the_others_of_its_batch_alone(
    platform: Platform, bad: str
) -> None:
    needs(platform.connector, Capability.SET_STATUS | Capability.READ_STATUS)
    orders = [Order(bad, RUNNING), Order(RUNS, PAUSED)]

    errors = dict(platform.connector.set_status(platform.login, orders))

    assert isinstance(errors[bad], PermanentError)
    assert str(errors[bad]).endswith((".", "?"))
    assert errors[RUNS] is None
    assert platform.connector.read_status(platform.login, [RUNS]) == {RUNS: PAUSED}


def test_nothing_is_answered_by_nothing(platform: Platform) -> None:
    needs(platform.connector, Capability.SET_STATUS | Capability.READ_STATUS)
    assert list(platform.connector.set_status(platform.login, [])) == []
    assert platform.connector.read_status(platform.login, []) == {}


def test_a_campaign_it_does_not_know_has_no_status(platform: Platform) -> None:
    needs(platform.connector, Capability.READ_STATUS)
    assert platform.connector.read_status(platform.login, [NOWHERE]) == {}


def test_a_paused_campaign_is_charged_nothing(platform: Platform) -> None:
    needs(platform.connector, Capability.SET_STATUS | Capability.DAY_TOTALS)
    platform.connector.set_status(platform.login, [Order(RUNS, PAUSED)])
    before = days(platform, RUNS, first=TODAY, last=TODAY)
    platform.passes(HOUR)
    after = days(platform, RUNS, first=TODAY, last=TODAY)

    assert [row.total for row in after] == [row.total for row in before]


def test_campaigns_are_listed_with_name_and_status(platform: Platform) -> None:
    needs(platform.connector, Capability.LIST_CAMPAIGNS)
    listed = {row.campaign: row for row in platform.connector.list_campaigns(platform.login)}

    assert (listed[STOPPED].name, listed[STOPPED].status) == ("Tea | paused", PAUSED)
    assert listed[RUNS].status is RUNNING


def test_budgets_are_set_answered_and_listed(platform: Platform) -> None:
    needs(platform.connector, Capability.SET_BUDGETS | Capability.LIST_CAMPAIGNS)
    amounts = {RUNS: Decimal("450.25"), STOPPED: Decimal("12.00")}
    for _ in range(2):  # setting one twice is harmless
        answers = platform.connector.set_budgets(
            platform.login, [BudgetOrder(*each) for each in amounts.items()]
        )
        assert [tuple(answer) for answer in answers] == [(RUNS, None), (STOPPED, None)]

    listed = {row.campaign: row for row in platform.connector.list_campaigns(platform.login)}
    assert {key: listed[key].daily_budget for key in amounts} == amounts


def test_a_budget_that_cannot_be_set_leaves_the_others_alone(platform: Platform) -> None:
    needs(platform.connector, Capability.SET_BUDGETS)
    orders = [BudgetOrder(NOWHERE, Decimal("5.00")), BudgetOrder(RUNS, Decimal("7.00"))]

    errors = dict(platform.connector.set_budgets(platform.login, orders))

    assert isinstance(errors[NOWHERE], PermanentError)
    assert errors[RUNS] is None
    assert list(platform.connector.set_budgets(platform.login, [])) == []


def test_the_smallest_budget_is_a_part_of_the_unit_or_all_of_it(connector: Connector) -> None:
    for currency in ("INR", "USD", "JPY"):
        assert connector.smallest_budget(currency) in {Decimal(1), Decimal("0.01")}


def test_a_login_that_is_not_let_in_says_so_of_every_call(platform: Platform) -> None:
    login, connector = platform.refused, platform.connector
    calls: dict[Capability, Callable[[], Iterable[object]]] = {
        Capability.DAY_TOTALS: lambda: connector.read_days(login, ALL, first=TODAY, last=TODAY),
        Capability.EVENTS: lambda: connector.read_events(login, ALL, since=NOON, until=NOON + HOUR),
        Capability.SET_STATUS: lambda: connector.set_status(login, [Order(RUNS, PAUSED)]),
        Capability.READ_STATUS: lambda: connector.read_status(login, ALL),
        Capability.LIST_CAMPAIGNS: lambda: connector.list_campaigns(login),
        Capability.SET_BUDGETS: lambda: connector.set_budgets(
            login, [BudgetOrder(RUNS, Decimal("5.00"))]
        ),
    }
    for capability, call in calls.items():
        if capability in connector.capabilities:
            with pytest.raises(CredentialsError):
                list(call())
    with pytest.raises(CredentialsError):
        connector.describe(login)


def test_credentials_are_in_no_text_of_a_login(platform: Platform) -> None:
    secrets = platform.login.credentials.values()

    assert secrets
    assert not [secret for secret in secrets if secret in repr(platform.login)]
