"""Platforms spoken to through their official clients: extras, imported when they are used."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Protocol, Self

from django.utils.module_loading import import_string

from budgets.connectors.base import (
    AccountFacts,
    Answer,
    BudgetOrder,
    Capability,
    Connector,
    ListedCampaign,
    Login,
    Order,
    ReportedDay,
)
from budgets.connectors.errors import PermanentError
from budgets.rules.status import RunStatus


class OpenAccount(Protocol):
    """An account of the platform, as its login opens it; what it does is as `Connector` says."""

    @classmethod
    def of(cls, login: Login, *, timeout: timedelta) -> Self: ...
    def describe(self) -> AccountFacts: ...
    def days(
        self, campaigns: Iterable[str], *, first: date, last: date
    ) -> Iterable[ReportedDay]: ...
    def statuses(self, campaigns: Iterable[str]) -> Mapping[str, RunStatus]: ...
    def listed(self) -> Iterable[ListedCampaign]: ...
    def set_status(self, orders: Sequence[Order]) -> Sequence[Answer]: ...
    def set_budgets(self, orders: Sequence[BudgetOrder]) -> Sequence[Answer]: ...


class OfficialConnector(Connector):
    """Reads day totals and statuses, sets statuses and budgets, all of it by an `OpenAccount`."""

    account: str
    """Where the class of its accounts is; that module alone, and what it uses, needs the client."""
    extra: str
    """The option of script/bootstrap that installs the client."""

    capabilities = (
        Capability.DAY_TOTALS
        | Capability.SET_STATUS
        | Capability.READ_STATUS
        | Capability.LIST_CAMPAIGNS
        | Capability.SET_BUDGETS
    )

    def opened(self, login: Login) -> OpenAccount:
        """Return the account that a login opens. Raises `PermanentError` without the client."""
        try:
            account: type[OpenAccount] = import_string(self.account)
        except ModuleNotFoundError:
            raise PermanentError(
                f"The client of {self.title} is not installed: run script/bootstrap {self.extra}, "
                "and restart."
            ) from None
        return account.of(login, timeout=self.limits.timeout)

    def describe(self, login: Login) -> AccountFacts:
        return self.opened(login).describe()

    def read_days(
        self, login: Login, campaigns: Sequence[str], *, first: date, last: date
    ) -> Iterable[ReportedDay]:
        return self.opened(login).days(campaigns, first=first, last=last)

    def set_status(self, login: Login, orders: Sequence[Order]) -> Sequence[Answer]:
        return self.opened(login).set_status(orders)

    def read_status(self, login: Login, campaigns: Sequence[str]) -> Mapping[str, RunStatus]:
        return self.opened(login).statuses(campaigns)

    def list_campaigns(self, login: Login) -> Iterable[ListedCampaign]:
        return self.opened(login).listed()

    def set_budgets(self, login: Login, orders: Sequence[BudgetOrder]) -> Sequence[Answer]:
        return self.opened(login).set_budgets(orders)
