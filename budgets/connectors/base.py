"""What every connector can do: read spend and statuses, list campaigns, and set statuses.

Requests and results are plain and frozen. A campaign goes by the identifier that its platform gave
it, a day is one of the account's own calendar. Calls may be repeated; none is made inside a
transaction. Every call raises `ConnectorError`s only, of the kind that says what is to be done.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Flag, auto
from typing import NamedTuple, Protocol

from budgets.cells.currencies import decimals_of
from budgets.connectors.errors import ConnectorError, PermanentError
from budgets.rules.status import RunStatus

NOT_OFFERED = "The platform does not offer this."


class Capability(Flag):
    """What a platform offers; nothing else is asked of it."""

    DAY_TOTALS = auto()
    EVENTS = auto()
    SET_STATUS = auto()
    READ_STATUS = auto()
    LIST_CAMPAIGNS = auto()
    SET_BUDGETS = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What may be asked of a platform at once."""

    batch_size: int
    """Campaigns that a call sets something of."""
    read_size: int = 500
    """Campaigns that a call asks the statuses of."""
    calls_a_minute: int
    timeout: timedelta
    """How long a call may take; the connector sees to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialField:
    """One of the values that a platform lets us in with."""

    name: str
    label: str
    help: str
    is_secret: bool = True
    is_required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """An account of a platform, and what opens it. `timezone` is its IANA reporting zone."""

    external_id: str
    timezone: str
    currency: str
    credentials: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """What the platform says of an account."""

    name: str
    timezone: str
    currency: str


class ReportedDay(NamedTuple):
    """All that a campaign spent on a day, in units of the currency, as known at `as_of`."""

    campaign: str
    day: date
    total: Decimal
    currency: str
    as_of: datetime


class ReportedEvent(NamedTuple):
    """Money spent at an instant: once for each key, in units of the currency."""

    key: str
    campaign: str
    occurred_at: datetime
    amount: Decimal
    currency: str


class Order(NamedTuple):
    """A status that a campaign is to have."""

    campaign: str
    status: RunStatus


class BudgetOrder(NamedTuple):
    """The daily budget that the platform is to keep a campaign to, in units of the currency."""

    campaign: str
    amount: Decimal


class Answer(NamedTuple):
    """What became of an order: it stands so now, or the error says why not."""

    campaign: str
    error: ConnectorError | None = None


class ListedCampaign(NamedTuple):
    """A campaign of an account, as the platform lists it."""

    campaign: str
    name: str
    status: RunStatus
    daily_budget: Decimal | None = None
    """The platform's own; none where it has none of its own, or another kind."""


class Connector(Protocol):
    """One ad platform. What it cannot do, by its capabilities, is left as it is here."""

    name: str
    title: str
    """As people call the platform."""
    capabilities: Capability
    limits: Limits
    credential_fields: tuple[CredentialField, ...]

    def describe(self, login: Login) -> AccountFacts:
        """Return what the platform says of the account."""
        raise PermanentError(NOT_OFFERED)

    def read_days(
        self, login: Login, campaigns: Sequence[str], *, first: date, last: date
    ) -> Iterable[ReportedDay]:
        """Yield the totals of the campaigns from the first day to the last, both included.

        A day that never cost anything may be left out. One that did is said again, also as 0: what
        is left out stays as it was known.
        """
        raise PermanentError(NOT_OFFERED)

    def read_events(
        self, login: Login, campaigns: Sequence[str], *, since: datetime, until: datetime
    ) -> Iterable[ReportedEvent]:
        """Yield what was spent in `[since, until)`; the same span yields the same keys."""
        raise PermanentError(NOT_OFFERED)

    def set_status(self, login: Login, orders: Sequence[Order]) -> Sequence[Answer]:
        """Set statuses and answer each; setting one twice is harmless.

        One that fails leaves the others alone. `PermanentError` in an answer: that campaign cannot
        have the status; raised: the account takes no orders at all.
        """
        raise PermanentError(NOT_OFFERED)

    def read_status(self, login: Login, campaigns: Sequence[str]) -> Mapping[str, RunStatus]:
        """Return the status of each of the campaigns that the platform knows."""
        raise PermanentError(NOT_OFFERED)

    def list_campaigns(self, login: Login) -> Iterable[ListedCampaign]:
        """Yield every campaign of the account."""
        raise PermanentError(NOT_OFFERED)

    def set_budgets(self, login: Login, orders: Sequence[BudgetOrder]) -> Sequence[Answer]:
        """Set the platform's own daily budgets and answer each, as `set_status` does.

        Amounts are whole in `smallest_budget` and above 0.
        """
        raise PermanentError(NOT_OFFERED)

    def smallest_budget(self, currency: str) -> Decimal:
        """Return the unit in which budgets are whole there."""
        return Decimal(1).scaleb(-decimals_of(currency))
