"""What is Google's own: its sign-in, its ways to refuse, its budgets, days that come to nothing."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from time import sleep
from typing import Any

import pytest

from budgets.connectors.base import BudgetOrder, Order
from budgets.connectors.errors import (
    ConnectorError,
    CredentialsError,
    PermanentError,
    RateLimited,
    TemporaryError,
)
from budgets.rules.status import RunStatus
from tests.connectors.platforms import GoogleAds

grpc = pytest.importorskip("grpc")
fake = pytest.importorskip("tests.platforms.google_ads", exc_type=ModuleNotFoundError)

YESTERDAY = date(2026, 3, 9)
STOP = [Order("1", RunStatus.PAUSED)]
Abort = Callable[[Any], None]


@pytest.fixture
def google() -> Iterator[GoogleAds]:
    with GoogleAds().started() as google:
        yield google


def refusing(google: GoogleAds, kind: str, code: str, **details: Any) -> None:
    """Have every call refused."""
    found = fake.failure(kind, code, "Told by Google.")
    for name, value in details.items():
        getattr(found.errors[0].details.quota_error_details, name).CopyFrom(value)
    google.there.fails = lambda context: google.there.abort(context, found)


def answering(google: GoogleAds, code: Any) -> None:
    """Have every call end with a status, as where Google itself has trouble."""
    google.there.fails = lambda context: context.abort(code, "trouble")


def error_of(call: Callable[[], object]) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        call()
    return caught.value


def test_an_order_changes_the_status_and_nothing_else(google: GoogleAds) -> None:
    google.connector.set_status(google.login, STOP)

    (request,) = google.there.mutated
    (operation,) = request.operations
    assert request.partial_failure
    assert list(operation.update_mask.paths) == ["status"]
    assert operation.update.resource_name == "customers/1234567890/campaigns/1"


def test_a_token_is_asked_for_once_and_again_when_it_has_expired(google: GoogleAds) -> None:
    for _ in range(3):
        google.connector.describe(google.login)
    assert len(google.there.sign_in.bearers) == 1

    from budgets.connectors.google_ads.client import opened  # noqa: PLC0415 - needs the extra

    client = opened(google.login.credentials, timeout=timedelta(seconds=5)).client
    client.credentials.expiry -= timedelta(hours=2)
    google.connector.describe(google.login)
    assert len(google.there.sign_in.bearers) == 2


def test_a_manager_account_is_named_with_or_without_dashes(google: GoogleAds) -> None:
    google.there.manager = "1112223333"
    error = error_of(lambda: google.connector.describe(google.login))
    assert isinstance(error, CredentialsError)
    assert "manager account" in str(error)

    through = {**google.login.credentials, "login_customer_id": "111-222-3333"}
    google.connector.describe(replace(google.login, credentials=through))


def test_a_revoked_refresh_token_is_said(google: GoogleAds) -> None:
    google.there.sign_in.is_revoked = True
    error = error_of(lambda: google.connector.describe(google.login))

    assert isinstance(error, CredentialsError)
    assert "refresh token" in str(error)


@pytest.mark.parametrize("missing", ["developer_token", "client_id", "refresh_token"])
def test_what_is_missing_is_named(google: GoogleAds, missing: str) -> None:
    left = {**google.login.credentials, missing: ""}
    error = error_of(lambda: google.connector.describe(replace(google.login, credentials=left)))

    assert isinstance(error, CredentialsError)
    assert str(error).startswith("Enter the ")


@pytest.mark.parametrize("account", ["", "12345", "act_1234567890", "one two"])
def test_an_account_id_is_as_google_shows_it(google: GoogleAds, account: str) -> None:
    login = replace(google.login, external_id=account)
    error = error_of(lambda: google.connector.set_status(login, STOP))

    assert isinstance(error, PermanentError)
    assert "123-456-7890" in str(error)


@pytest.mark.parametrize(
    "kind, code, expected",
    [
        ("authentication_error", "OAUTH_TOKEN_REVOKED", CredentialsError),
        ("authorization_error", "DEVELOPER_TOKEN_NOT_APPROVED", CredentialsError),
        ("authentication_error", "CUSTOMER_NOT_FOUND", PermanentError),
        ("authorization_error", "CUSTOMER_NOT_ENABLED", PermanentError),
        ("internal_error", "TRANSIENT_ERROR", TemporaryError),
        ("database_error", "CONCURRENT_MODIFICATION", TemporaryError),
        ("campaign_error", "INVALID_STATUS_CHANGE", PermanentError),
    ],
)
def test_a_refusal_is_of_the_kind_that_says_what_to_do(
    google: GoogleAds, kind: str, code: str, expected: type[ConnectorError]
) -> None:
    refusing(google, kind, code)
    error = error_of(lambda: google.connector.set_status(google.login, STOP))

    assert type(error) is expected
    assert str(error).endswith((".", "?"))


def test_google_says_when_to_come_back(google: GoogleAds) -> None:
    duration = pytest.importorskip("google.protobuf.duration_pb2")
    refusing(google, "quota_error", "RESOURCE_EXHAUSTED", retry_delay=duration.Duration(seconds=95))
    error = error_of(lambda: google.connector.read_status(google.login, ["1"]))

    assert isinstance(error, RateLimited)
    assert error.retry_after == timedelta(seconds=95)


@pytest.mark.parametrize(
    "status, expected",
    [
        ("UNAVAILABLE", TemporaryError),
        ("INTERNAL", TemporaryError),
        ("RESOURCE_EXHAUSTED", RateLimited),
        ("UNAUTHENTICATED", CredentialsError),
    ],
)
def test_a_status_without_an_answer_is_understood(
    google: GoogleAds, status: str, expected: type[ConnectorError]
) -> None:
    answering(google, grpc.StatusCode[status])

    assert type(error_of(lambda: google.connector.set_status(google.login, STOP))) is expected
    assert type(error_of(lambda: list(google.connector.list_campaigns(google.login)))) is expected


def test_a_slow_answer_is_given_up(google: GoogleAds, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = replace(google.connector.limits, timeout=timedelta(seconds=0.3))
    monkeypatch.setattr(type(google.connector), "limits", limits)
    google.there.fails = lambda _context: sleep(1)  # a second: longer than it is waited for
    error = error_of(lambda: google.connector.set_status(google.login, STOP))

    assert isinstance(error, TemporaryError)
    assert "in time" in str(error)


def test_no_stream_is_left_open(google: GoogleAds) -> None:
    """One that is collected while another call begins would have that call wait for ever."""
    gc.collect()
    connector, login = google.connector, google.login
    connector.describe(login)
    next(iter(connector.list_campaigns(login)))
    next(iter(connector.read_days(login, ["1"], first=YESTERDAY, last=YESTERDAY)))
    answering(google, grpc.StatusCode.UNAVAILABLE)
    error_of(lambda: connector.describe(login))
    streams = [each for each in gc.get_objects() if type(each).__name__.endswith("Rendezvous")]

    assert [each for each in streams if each._state.code is None] == []


def test_a_day_that_was_corrected_to_nothing_is_said_as_nothing(google: GoogleAds) -> None:
    google.there.corrected["1", YESTERDAY] = 0
    (day,) = google.connector.read_days(google.login, ["1"], first=YESTERDAY, last=YESTERDAY)

    assert day.total == 0


def test_ids_that_are_none_of_googles_are_asked_nothing(google: GoogleAds) -> None:
    for key in ("abc", "1) OR campaign.id IN (2", "٣", "9" * 20):
        assert google.connector.read_status(google.login, [key]) == {}
        ((_, error),) = google.connector.set_status(google.login, [Order(key, RunStatus.PAUSED)])
        assert isinstance(error, PermanentError)


def test_a_budget_of_several_campaigns_or_of_a_whole_run_is_left_alone(google: GoogleAds) -> None:
    google.there.shared.add("1")
    google.there.without_daily.add("2")
    orders = [BudgetOrder("1", Decimal("5.00")), BudgetOrder("2", Decimal("5.00"))]

    errors = dict(google.connector.set_budgets(google.login, orders))

    assert "shares its budget" in str(errors["1"])
    assert "no daily budget" in str(errors["2"])
    assert google.there.mutated == []


def test_an_amount_that_google_refuses_is_refused_for_its_campaign_alone(
    google: GoogleAds,
) -> None:
    orders = [BudgetOrder("1", Decimal("5.005")), BudgetOrder("2", Decimal("5.00"))]

    errors = dict(google.connector.set_budgets(google.login, orders))

    assert isinstance(errors["1"], PermanentError)
    assert errors["2"] is None


def test_no_secret_is_in_what_is_logged(
    google: GoogleAds, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        google.connector.describe(google.login)
        refusing(google, "authorization_error", "USER_PERMISSION_DENIED")
        error_of(lambda: google.connector.describe(google.login))
    secrets = ["developer-token-secret", "client-secret", "refresh-token"]
    secrets += [bearer.removeprefix("Bearer ") for bearer in google.there.sign_in.bearers]

    assert not [each for each in secrets if each in caplog.text]
