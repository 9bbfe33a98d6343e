"""What is Meta's own: its quota, its batches, IDs that are good everywhere, its amounts."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler
from time import sleep

import pytest
from pytest_django import Settings

from budgets.connectors.base import BudgetOrder, Order
from budgets.connectors.errors import (
    ConnectorError,
    CredentialsError,
    PermanentError,
    RateLimited,
    TemporaryError,
)
from budgets.connectors.meta import MetaConnector
from budgets.connectors.meta.money import in_smallest, in_units
from budgets.connectors.meta.usage import used_percent, wait
from budgets.rules.status import RunStatus
from tests.connectors.platforms import Meta
from tests.platforms.http import served
from tests.platforms.meta import APP_SECRET, TOKEN, Refusal

pytest.importorskip("facebook_business")

YESTERDAY, TODAY = date(2026, 3, 9), date(2026, 3, 10)
STOP = [Order("1", RunStatus.PAUSED)]
NEARLY_ALL = '{"7": [{"type": "ads_management", "call_count": 93, "total_time": 20}]}'


@pytest.fixture
def meta(monkeypatch: pytest.MonkeyPatch) -> Iterator[Meta]:
    monkeypatch.setattr("budgets.connectors.meta.api.reading_waits", {})
    with Meta().started() as meta:
        yield meta


def error_of(call: Callable[[], object]) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("account", ["42", "act_42", " 42 "])
def test_an_account_id_is_taken_with_or_without_what_stands_before_it(
    meta: Meta, account: str
) -> None:
    assert meta.connector.describe(replace(meta.login, external_id=account)).currency == "INR"


@pytest.mark.parametrize("account", ["", "act_", "forty-two", "٤٢", "42/insights"])
def test_an_account_id_is_digits(meta: Meta, account: str) -> None:
    error = error_of(lambda: meta.connector.describe(replace(meta.login, external_id=account)))

    assert isinstance(error, PermanentError)
    assert meta.there.paths == []


def test_an_account_that_is_not_there_is_said(meta: Meta) -> None:
    error = error_of(lambda: meta.connector.describe(replace(meta.login, external_id="43")))

    assert isinstance(error, PermanentError)
    assert "under this ID" in str(error)


@pytest.mark.parametrize(
    "code, expected",
    [
        (190, CredentialsError),
        (102, CredentialsError),
        (10, CredentialsError),
        (200, CredentialsError),
        (294, CredentialsError),
        (1, TemporaryError),
        (2, TemporaryError),
        (4, RateLimited),
        (17, RateLimited),
        (613, RateLimited),
        (80004, RateLimited),
        (100, PermanentError),
        (2635, PermanentError),
    ],
)
def test_a_refusal_is_of_the_kind_that_says_what_to_do(
    meta: Meta, code: int, expected: type[ConnectorError]
) -> None:
    meta.there.fails = [Refusal(code, "Told by Meta.")]
    error = error_of(lambda: meta.connector.set_status(meta.login, STOP))

    assert type(error) is expected
    assert str(error).endswith(".")


@pytest.mark.parametrize("secret", ["", "another"])
def test_an_app_that_wants_its_secret_says_so(meta: Meta, secret: str) -> None:
    credentials = {**meta.login.credentials, "app_secret": secret}
    error = error_of(lambda: meta.connector.describe(replace(meta.login, credentials=credentials)))

    assert isinstance(error, CredentialsError)
    assert "secret" in str(error)


def test_meta_says_when_to_come_back(meta: Meta) -> None:
    meta.there.headers["X-Business-Use-Case-Usage"] = (
        '{"7": [{"type": "ads_insights", "call_count": 100, "estimated_time_to_regain_access": 5}]}'
    )
    meta.there.fails = [Refusal(80000, "There have been too many calls.")]
    error = error_of(lambda: meta.connector.set_status(meta.login, STOP))

    assert isinstance(error, RateLimited)
    assert error.retry_after == timedelta(minutes=5)


def test_what_is_left_of_the_quota_is_kept_for_stops(meta: Meta) -> None:
    meta.there.headers["X-Business-Use-Case-Usage"] = NEARLY_ALL
    meta.connector.describe(meta.login)
    readings: list[Callable[[], object]] = [
        lambda: list(meta.connector.read_days(meta.login, ["1"], first=TODAY, last=TODAY)),
        lambda: list(meta.connector.list_campaigns(meta.login)),
    ]
    for reading in readings:
        error = error_of(reading)
        assert isinstance(error, RateLimited)
        assert timedelta(seconds=50) < error.retry_after <= timedelta(minutes=1)

    # Before a stop is sent, others may have to be asked about.
    assert meta.connector.read_status(meta.login, ["1"]) == {"1": RunStatus.RUNNING}
    ((_, refused),) = meta.connector.set_status(meta.login, STOP)
    assert refused is None


@pytest.mark.parametrize(
    "headers, percent, minutes",
    [
        ({}, 0, 1),
        ({"x-app-usage": "not JSON"}, 0, 1),
        ({"x-app-usage": "[1, 2]"}, 0, 1),
        ({"X-App-Usage": '{"call_count": 28, "total_time": 25}'}, 28, 1),
        ({"x-ad-account-usage": '{"acc_id_util_pct": 91.5, "reset_time_duration": 120}'}, 91.5, 2),
        ({"x-business-use-case-usage": NEARLY_ALL}, 93, 1),
        ({"x-app-usage": '{"estimated_time_to_regain_access": 900}'}, 0, 60),
    ],
)
def test_headers_say_how_much_is_used_up(
    headers: dict[str, str], percent: float, minutes: int
) -> None:
    assert used_percent(headers) == percent
    assert wait(headers) == timedelta(minutes=minutes)


def test_a_campaign_of_another_account_is_never_touched(meta: Meta) -> None:
    """An ID is good wherever the token reaches: also in the account of another brand."""
    answers = meta.connector.set_status(meta.login, [Order("900", RunStatus.PAUSED), *STOP])
    errors = dict(answers)

    assert isinstance(errors["900"], PermanentError)
    assert errors["1"] is None
    assert meta.there.elsewhere == {"900"}
    assert meta.connector.read_status(meta.login, ["900"]) == {}


def test_many_campaigns_are_read_at_once_and_none_of_another_account(meta: Meta) -> None:
    asked = [*map(str, range(1, 80)), "900"]

    assert meta.connector.read_status(meta.login, asked).keys() == {"1", "2", "3"}


def test_each_of_a_batch_is_answered_by_itself(meta: Meta) -> None:
    meta.there.fails_in_batch = {"1": None, "2": Refusal(613, "Calls have exceeded the limit.")}
    meta.there.open("4", RunStatus.RUNNING)
    orders = [Order(key, RunStatus.PAUSED) for key in ("1", "2", "4")]

    errors = dict(meta.connector.set_status(meta.login, orders))

    assert errors.keys() == {"2", "4"}  # nothing is known of the first
    assert isinstance(errors["2"], RateLimited)
    assert errors["4"] is None


def test_what_an_archived_campaign_spent_is_read(meta: Meta) -> None:
    def day() -> list[Decimal]:
        found = meta.connector.read_days(meta.login, ["1"], first=YESTERDAY, last=YESTERDAY)
        return [row.total for row in found]

    before = day()
    meta.there.platform.set_status("42", [Order("1", RunStatus.REMOVED)], now=meta.now)

    assert day() == before != []


def test_a_campaign_without_a_daily_budget_of_its_own_is_left_alone(meta: Meta) -> None:
    meta.there.without_daily.add("1")
    orders = [BudgetOrder("1", Decimal("5.00")), BudgetOrder("2", Decimal("5.00"))]

    errors = dict(meta.connector.set_budgets(meta.login, orders))

    assert "ad sets" in str(errors["1"])
    assert errors["2"] is None


@pytest.mark.parametrize(
    "amount, currency, written",
    [("12.34", "USD", 1_234), ("500", "JPY", 500), ("500.75", "HUF", 500), ("1.239", "KWD", 123)],
)
def test_amounts_are_in_metas_smallest_unit(amount: str, currency: str, written: int) -> None:
    assert in_smallest(Decimal(amount), currency) == written
    assert in_units(str(written), currency) == written * MetaConnector().smallest_budget(currency)


def test_no_answer_in_time_and_no_server_are_temporary(
    meta: Meta, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(_request: BaseHTTPRequestHandler, _body: bytes) -> tuple[int, bytes]:
        sleep(0.5)
        return 200, b"{}"

    limits = replace(MetaConnector.limits, timeout=timedelta(seconds=0.1))
    monkeypatch.setattr(MetaConnector, "limits", limits)
    with served(slow) as address:
        settings.META_GRAPH_URL = address
        errors = [error_of(lambda: meta.connector.set_status(meta.login, STOP))]
    errors.append(error_of(lambda: meta.connector.set_status(meta.login, STOP)))

    assert [type(error) for error in errors] == [TemporaryError, TemporaryError]
    assert ["in time" in str(error) for error in errors] == [True, False]
    assert not [error for error in errors if TOKEN in str(error)]


@pytest.mark.parametrize("body", [b"<html>Bad gateway</html>", b"", b"[]", b"null", b"{}"])
def test_an_answer_that_is_none_is_temporary(meta: Meta, settings: Settings, body: bytes) -> None:
    with served(lambda _request, _body: (502, body)) as address:
        settings.META_GRAPH_URL = address
        assert isinstance(error_of(lambda: meta.connector.describe(meta.login)), TemporaryError)
        error = error_of(lambda: meta.connector.set_status(meta.login, STOP))
        assert isinstance(error, TemporaryError)


def test_no_secret_is_in_what_is_logged(meta: Meta, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        meta.connector.describe(meta.login)
        meta.there.fails = [Refusal(190, "Invalid OAuth access token.")]
        error_of(lambda: meta.connector.describe(meta.login))

    assert not [each for each in (TOKEN, APP_SECRET) if each in caplog.text]
