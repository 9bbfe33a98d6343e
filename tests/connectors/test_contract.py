"""What every connector promises: the rest of the system leans on it."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from budgets.connectors import CampaignRef, Connector, SpendReport
from budgets.connectors.registry import CONNECTORS
from tests.builders import an_instant

NOON = an_instant("2026-03-10 12:00")
HOUR = timedelta(hours=1)
ODD_SPAN = timedelta(minutes=17, seconds=23, microseconds=5)
SIX_DECIMALS = Decimal("0.000001")

pytestmark = pytest.mark.parametrize(
    "connector", [make() for make in CONNECTORS.values()], ids=list(CONNECTORS)
)


def a_ref(campaign_id: int, *, is_running: bool = True, currency: str = "USD") -> CampaignRef:
    return CampaignRef(
        campaign_id=campaign_id,
        external_id=None,
        currency=currency,
        timezone="Asia/Kolkata",
        daily_budget=Decimal(500),
        is_running=is_running,
        sources=frozenset(CONNECTORS),
    )


CAMPAIGNS = [a_ref(1), a_ref(2, currency="JPY"), a_ref(3, is_running=False)]


def read(connector: Connector, since: datetime, until: datetime) -> list[SpendReport]:
    return list(connector.read_spend(CAMPAIGNS, since=since, until=until))


def in_order(reports: list[SpendReport]) -> list[SpendReport]:
    return sorted(reports, key=lambda report: report.key)


def test_the_same_span_gives_the_same_reports(connector: Connector) -> None:
    assert read(connector, NOON, NOON + HOUR) == read(connector, NOON, NOON + HOUR)


def test_a_key_comes_once_a_span(connector: Connector) -> None:
    keys = [report.key for report in read(connector, NOON, NOON + HOUR)]

    assert len(keys) == len(set(keys))


def test_adjacent_spans_tile(connector: Connector) -> None:
    cut = NOON + ODD_SPAN
    pieces = read(connector, NOON, cut) + read(connector, cut, NOON + HOUR)

    assert in_order(pieces) == in_order(read(connector, NOON, NOON + HOUR))


def test_reports_lie_within_the_span(connector: Connector) -> None:
    since, until = NOON + ODD_SPAN, NOON + HOUR

    assert all(since <= report.occurred_at < until for report in read(connector, since, until))


def test_an_empty_span_gives_nothing(connector: Connector) -> None:
    assert read(connector, NOON, NOON) == []


def test_a_campaign_that_does_not_run_spends_nothing(connector: Connector) -> None:
    assert 3 not in {report.campaign_id for report in read(connector, NOON, NOON + HOUR)}


def test_amounts_are_exact_to_six_decimals(connector: Connector) -> None:
    for report in read(connector, NOON, NOON + HOUR):
        assert isinstance(report.amount, Decimal)
        assert report.amount == report.amount.quantize(SIX_DECIMALS)


def test_no_campaigns_give_no_reports(connector: Connector) -> None:
    assert list(connector.read_spend([], since=NOON, until=NOON + HOUR)) == []


def test_every_status_sent_is_confirmed(connector: Connector) -> None:
    deliveries = list(connector.send_status(CAMPAIGNS))

    assert [(answer.campaign_id, answer.is_confirmed) for answer in deliveries] == [
        (1, True),
        (2, True),
        (3, True),
    ]


def test_sending_nothing_is_answered_by_nothing(connector: Connector) -> None:
    assert list(connector.send_status([])) == []
