"""Pull: read spend from platforms into the ledger, from where each account was last read.

The cursor belongs to the account and moves only over what was read and booked, so an outage of any
length loses nothing. Days before it are read again for as long as platforms correct them.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeVar

from budgets.connectors.base import Capability, ReportedEvent
from budgets.models import Direction, PlatformAccount
from budgets.models.locks import alone
from budgets.operations.ingest import Receipt, record_spend, record_totals
from budgets.operations.ingest.types import DayTotal, SpendEntry
from budgets.operations.platforms.asking import campaigns_of, in_calls, pieces
from budgets.operations.platforms.calling import Line
from budgets.operations.platforms.discover import discover_when_due
from budgets.operations.platforms.look import look
from budgets.operations.platforms.moved_days import moved
from budgets.operations.platforms.side_by_side import side_by_side
from budgets.operations.platforms.silence import note_silence
from budgets.rules.clock import DAY, Clock

log = logging.getLogger(__name__)

ROWS_AT_ONCE = 5_000
"""Rows recorded at once: bounds memory, and how long the first waits to stop a campaign."""

HOPELESS = frozenset({"too_old", "unknown_campaign"})
"""Refusals that reading the day again cannot mend: the cursor does not wait for them."""

LONGEST_RUN = timedelta(seconds=150)

Row = TypeVar("Row", DayTotal, SpendEntry)


def sync_spend(
    *, now: datetime, clock: Clock | None = None, account_ids: Collection[int] | None = None
) -> int:
    """Read the spend of every platform account, or of these; return the rows that were news.

    Accounts are read side by side; one that fails is left alone for a while and delays no other.
    Reading a span twice is harmless. `clock` is as for `record_spend`.
    """
    accounts = PlatformAccount.objects.filter(is_on=True).exclude(sealed_credentials="")
    if account_ids is not None:
        accounts = accounts.filter(pk__in=account_ids)
    work = partial(pull_account, clock=clock or (lambda: now))
    accepted = side_by_side(work, list(accounts.order_by("pk").values_list("pk", flat=True)))
    if account_ids is None:
        note_silence(now=clock() if clock else now, clock=clock)
    return accepted


def pull_account(account_id: int, *, clock: Clock) -> int:
    """Read one account; return the rows that were news. Leaves at once where somebody is at it.

    Then sees what became of its campaigns there: that may fail without the spend, and the spend
    without that.
    """
    with alone("pull", account_id) as is_alone:
        if not is_alone:
            return 0
        line = Line.to(account_id, Direction.SPEND, clock=clock)
        accepted = Pull(line).run() if line else 0
        if line := Line.to(account_id, Direction.CAMPAIGNS, clock=clock):
            with line.noting():
                look(line)
                discover_when_due(line)
        return accepted


@dataclass(slots=True)
class Pull:
    """One reading of an account."""

    line: Line
    accepted: int = 0
    refusals: list[str] = field(default_factory=list)
    refused_days: set[date] = field(default_factory=set)

    def run(self) -> int:
        account, began = self.line.account, self.line.clock()
        campaigns = campaigns_of(account)
        capabilities = self.line.connector.capabilities
        read = self.read_days if Capability.DAY_TOTALS in capabilities else self.read_events
        with self.line.noting():
            for first, last in pieces(*account.days_to_read(began)):
                for chosen in in_calls(campaigns):
                    read(chosen, first, last)
                self.move_cursor(account, min(began, account.clock.start_of(last + DAY)))
                if self.line.clock() - began > LONGEST_RUN:
                    break
            self.line.exchange.refused = len(self.refusals)
            self.line.exchange.refusal = self.refusals[0] if self.refusals else ""
        return self.accepted

    def move_cursor(self, account: PlatformAccount, until: datetime) -> None:
        """Move the cursor over what was booked; days that were refused stay before it."""
        if self.refused_days:
            until = min(until, account.clock.start_of(min(self.refused_days)))
        # Nowhere, should a campaign have been linked meanwhile: its past is to be read.
        unchanged = PlatformAccount.objects.filter(pk=account.pk, read_until=account.read_until)
        if unchanged.update(read_until=until):
            account.read_until = until

    def read_days(self, campaigns: Mapping[str, int], first: date, last: date) -> None:
        """Read the totals of days; book those that moved."""
        with self.line.calling():
            days = self.line.connector.read_days(
                self.line.login, list(campaigns), first=first, last=last
            )
            reported = list(days)
        changed = moved(reported, campaigns, self.line.account.name, first=first, last=last)
        self.record(changed, record_totals, lambda row: row.day)

    def read_events(self, campaigns: Mapping[str, int], first: date, last: date) -> None:
        """Read events of days; those that are known already count once."""
        clock, source = self.line.account.clock, self.line.account.name
        with self.line.calling():
            events = self.line.connector.read_events(
                self.line.login,
                list(campaigns),
                since=clock.start_of(first),
                until=min(clock.start_of(last + DAY), self.line.clock()),
            )
            reported = list(events)
        entries = [
            entry_of(row, campaigns, source) for row in reported if row.campaign in campaigns
        ]
        self.record(entries, record_spend, lambda row: clock.day(row.occurred_at))

    def record(
        self,
        rows: Sequence[Row],
        take: Callable[..., Receipt],
        day_of: Callable[[Row], date],
    ) -> None:
        """Book rows in batches; remember what was refused."""
        for start in range(0, len(rows), ROWS_AT_ONCE):
            batch = rows[start : start + ROWS_AT_ONCE]
            receipt = take(batch, now=self.line.clock(), clock=self.line.clock)
            self.accepted += receipt.accepted
            for refusal in receipt.refused:
                self.refusals.append(refusal.message)
                if refusal.code not in HOPELESS:
                    self.refused_days.add(day_of(batch[refusal.index]))
            if receipt.refused:
                log.warning(
                    "%d of %d rows of %s were refused; the first: %s",
                    *(len(receipt.refused), len(batch), self.line.account),
                    receipt.refused[0].message,
                )


def entry_of(row: ReportedEvent, campaigns: Mapping[str, int], source: str) -> SpendEntry:
    return SpendEntry(
        source=source,
        key=row.key,
        campaign_id=campaigns[row.campaign],
        occurred_at=row.occurred_at,
        amount=row.amount,
        currency=row.currency,
    )
