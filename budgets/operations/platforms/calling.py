"""Calls to the platform of one account: within its limits, and what follows from failures."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.db.models import F

from budgets.connectors.base import Connector, Login
from budgets.connectors.errors import (
    ConnectorError,
    CredentialsError,
    PermanentError,
    RateLimited,
)
from budgets.connectors.registry import connector_named
from budgets.models import AccountExchange, Direction, Failure, PlatformAccount
from budgets.models.platforms.account_exchange import back_off
from budgets.models.platforms.sealing import CannotOpen
from budgets.rules.clock import Clock

log = logging.getLogger(__name__)

HOPELESS_WAIT = timedelta(minutes=15)
"""What somebody has to mend is tried again so seldom, should they have mended it elsewhere."""

TRIED_SINGLY_AFTER = 3
"""After so many failures in a row one campaign is tried, before all are risked again."""

KEPT_FOR_STOPS = 4
"""One call in so many of a minute's is made for stops and starts alone."""

LONGEST_ERROR = 1_000
MINUTE = timedelta(minutes=1)


class Stopped(Exception):
    """The account takes no more calls for now; what happened is noted."""

    def __init__(self, *, is_unknown: bool) -> None:
        super().__init__()
        self.is_unknown = is_unknown
        """Whether the platform may have done what it was asked."""


@dataclass(slots=True)
class Line:
    """One account, what is exchanged with it, and the connector to its platform."""

    account: PlatformAccount
    exchange: AccountExchange
    clock: Clock
    connector: Connector
    login: Login

    @classmethod
    def to(
        cls, account_id: int, direction: Direction, *, clock: Clock, is_asked_for: bool = False
    ) -> Self | None:
        """Return a line to an account that is on and may be tried by now, or is by a person.

        What keeps it from being opened at all, such as lost keys, is noted as its failure.
        """
        account = PlatformAccount.objects.select_related("brand").get(pk=account_id)
        exchange, _ = AccountExchange.objects.get_or_create(account=account, direction=direction)
        if not account.is_on or not (is_asked_for or exchange.may_try(clock())):
            return None
        try:
            connector, login = connector_named(account.connector), login_of(account)
        except LookupError as error:
            note_failure(exchange, PermanentError(str(error)), now=clock())
            return None
        except CannotOpen as error:
            note_failure(exchange, CredentialsError(str(error)), now=clock())
            return None
        return cls(account, exchange, clock, connector, login)

    @property
    def batch_size(self) -> int:
        return self.connector.limits.batch_size

    @property
    def size_to_risk(self) -> int:
        """How many campaigns the next call may set: one, where calls fail again and again."""
        return 1 if self.exchange.failures >= TRIED_SINGLY_AFTER else self.batch_size

    @property
    def calls_a_minute(self) -> int:
        """How many calls there may have been in a minute: the last ones are kept for stops."""
        limit = self.connector.limits.calls_a_minute
        is_for_stops = self.exchange.direction == Direction.STATUS
        return limit if is_for_stops else max(1, limit - limit // KEPT_FOR_STOPS)

    @contextmanager
    def calling(self) -> Iterator[None]:
        """Make one call. Raises `Stopped` where it fails, or where it would be one too many."""
        now = self.clock()
        if not take_call(self.account.pk, self.calls_a_minute, now=now):
            wait = now.replace(second=0, microsecond=0) + MINUTE - now
            self.stop(RateLimited("So many calls a minute are all we make.", retry_after=wait))
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever a platform's client raises
            self.stop(error)

    def stop(self, error: Exception) -> None:
        if not isinstance(error, ConnectorError):
            log.error("%s failed in a way of its own.", self.connector.title, exc_info=error)
        note_failure(self.exchange, error, now=self.clock())
        is_undone = isinstance(error, CredentialsError | RateLimited | PermanentError)
        raise Stopped(is_unknown=not is_undone) from error

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note how the work within went; one that was stopped has noted it, and ends here."""
        try:
            yield
        except Stopped:
            return
        except Exception as error:
            note_failure(self.exchange, error, now=self.clock())
            raise
        self.works()

    def works(self) -> None:
        """Note that what the line is for works."""
        note_success(self.exchange, now=self.clock())


def login_of(account: PlatformAccount) -> Login:
    """Return what a connector needs to act for the account. Raises `CannotOpen`."""
    return Login(
        external_id=account.external_id,
        timezone=account.clock.zone.key,
        currency=account.currency,
        credentials=account.credentials,
    )


def take_call(account_id: int, limit: int, *, now: datetime) -> bool:
    """Count a call of this minute, unless there were as many as its platform takes."""
    minute = now.replace(second=0, microsecond=0)
    accounts = PlatformAccount.objects.filter(pk=account_id)
    if accounts.filter(calls_minute=minute, calls__lt=limit).update(calls=F("calls") + 1):
        return True
    return bool(accounts.exclude(calls_minute=minute).update(calls_minute=minute, calls=1))


def note_failure(exchange: AccountExchange, error: Exception, *, now: datetime) -> None:
    """Note what went wrong, since when it does, and when to try again."""
    exchange.failures += 1
    exchange.failing_since = exchange.failing_since or now
    exchange.failure, wait = verdict(error, exchange.failures)
    is_told = isinstance(error, ConnectorError)
    exchange.error = (str(error) if is_told else f"{type(error).__name__}: {error}")[:LONGEST_ERROR]
    exchange.retry_at = now + wait
    exchange.save()


def verdict(error: Exception, failures: int) -> tuple[Failure, timedelta]:
    """Return what kind of failure it is, and how long to leave the account alone."""
    match error:
        case RateLimited():
            return Failure.LIMITED, error.retry_after
        case CredentialsError():
            return Failure.CREDENTIALS, HOPELESS_WAIT
        case PermanentError():
            return Failure.PERMANENT, HOPELESS_WAIT
    return Failure.TEMPORARY, back_off(failures)


def note_success(exchange: AccountExchange, *, now: datetime) -> None:
    exchange.ok_at, exchange.failing_since, exchange.retry_at = now, None, None
    exchange.failures, exchange.failure, exchange.error = 0, Failure.NONE, ""
    exchange.save()
