"""Push: tell platforms which campaigns stop and start, until they are known to have.

Level-triggered: whatever is wanted and not confirmed is due, and what is sent is what is wanted at
that moment. Only one run at a time sends to an account, so an old status never comes last.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from budgets.connectors.base import Capability, Order
from budgets.connectors.errors import PermanentError, TemporaryError
from budgets.models import AccountExchange, Direction, LinkedCampaign
from budgets.models.locks import alone
from budgets.operations.platforms import links
from budgets.operations.platforms.calling import Line, Stopped
from budgets.operations.platforms.look import REMOVED, UNKNOWN, look_at_new
from budgets.operations.platforms.own_budgets import accounts_that_set_budgets, push_budgets
from budgets.operations.platforms.side_by_side import side_by_side
from budgets.operations.reconcile.wanted import want_what_is_decided
from budgets.rules.clock import Clock
from budgets.rules.status import RunStatus

CAMPAIGNS_A_RUN = 100_000
LONGEST_RUN = timedelta(seconds=100)
"""An account that is slower than that goes on in the next run: a task ends in time."""


def deliver_changes(
    *,
    now: datetime,
    limit: int = CAMPAIGNS_A_RUN,
    clock: Clock | None = None,
    account_ids: Collection[int] | None = None,
) -> int:
    """Tell every platform account, or these, what is decided; return the changes confirmed.

    At most `limit` campaigns of an account are sent. Accounts are told side by side; one that
    fails is left alone for a while, and delays no other. `clock` is as for `record_spend`. Told
    every account, those that are to have our daily budgets are given them, after all stops.
    """
    clock = clock or (lambda: now)
    if account_ids is None:
        want_what_is_decided(now=now)
    work = partial(push_account, clock=clock, limit=limit)
    confirmed = side_by_side(work, accounts_due(account_ids, now=now))
    if account_ids is None:
        side_by_side(partial(push_budgets, clock=clock), accounts_that_set_budgets())
    return confirmed


def accounts_due(account_ids: Collection[int] | None, *, now: datetime) -> list[int]:
    """Return the accounts that have something to be told, but for those to be left alone."""
    due = LinkedCampaign.objects.due(now).exclude(wanted="")
    if account_ids is not None:
        due = due.filter(account__in=account_ids)
    waiting = AccountExchange.objects.filter(direction=Direction.STATUS, retry_at__gt=now)
    left_alone = set(waiting.values_list("account_id", flat=True))
    accounts = due.order_by("account").values_list("account", flat=True).distinct()
    return [account_id for account_id in accounts if account_id not in left_alone]


def push_account(account_id: int, *, clock: Clock, limit: int = CAMPAIGNS_A_RUN) -> int:
    """Tell one account what is decided; return the changes confirmed.

    Looks again once others may send: who came meanwhile with something new has left it to us.
    """
    confirmed = 0
    began = clock()
    while limit > 0 and links.due_of(account_id, now=clock()).exists():
        with alone("push", account_id) as is_alone:
            line = Line.to(account_id, Direction.STATUS, clock=clock) if is_alone else None
            if line is None:
                break
            run = Push(line, ends=began + LONGEST_RUN, limit=limit)
            is_done = run.run()
        confirmed += run.confirmed
        limit -= run.sent
        if not is_done:
            break
    return confirmed


@dataclass(slots=True)
class Push:
    """One run over what is due for an account."""

    line: Line
    ends: datetime
    limit: int
    sent: int = 0
    confirmed: int = 0
    is_whole: bool = False
    """Whether nothing stopped it."""

    def run(self) -> bool:
        """Send all that is due; say whether anything was done and nothing stopped it."""
        with self.line.noting():
            self.look_first()
            self.ask_about_lost()
            while self.line.clock() <= self.ends and (batch := self.next_batch()):
                self.send(batch)
            self.is_whole = True
        return self.is_whole and bool(self.sent) and self.line.clock() <= self.ends

    @property
    def account_id(self) -> int:
        return self.line.account.pk

    def next_batch(self) -> list[links.Sent]:
        size = min(self.line.size_to_risk, self.limit - self.sent)
        batch = links.claim(self.account_id, size, now=self.line.clock()) if size > 0 else []
        self.sent += len(batch)
        return batch

    def look_first(self) -> None:
        """See how campaigns stand that were just linked: a start might undo somebody's pause."""
        new = links.due_of(self.account_id, now=self.line.clock()).filter(
            confirmed_at=None, sent="", wanted=RunStatus.RUNNING
        )
        if Capability.READ_STATUS in self.line.connector.capabilities and new.exists():
            look_at_new(self.line, new.select_related("campaign__brand"))

    def ask_about_lost(self) -> None:
        """Ask the platform how campaigns stand whose answer was lost."""
        while batch := links.lost(self.account_id, self.line.batch_size, now=self.line.clock()):
            if Capability.READ_STATUS not in self.line.connector.capabilities:
                links.forget(batch)
                continue
            with self.line.calling():
                stands = self.line.connector.read_status(
                    self.line.login, [each.external_id for each in batch]
                )
            arrived = [each for each in batch if stands.get(each.external_id) is each.status]
            self.confirmed += links.confirm(arrived, now=self.line.clock())
            for each in batch:
                if stands.get(each.external_id) in {None, RunStatus.REMOVED}:
                    links.give_up(each.id, REMOVED if each.external_id in stands else UNKNOWN)
            links.forget(batch)

    def send(self, batch: list[links.Sent]) -> None:
        """Send a batch, and note what became of each."""
        orders = [Order(each.external_id, each.status) for each in batch]
        try:
            with self.line.calling():
                answers = self.line.connector.set_status(self.line.login, orders)
        except Stopped as stopped:
            if not stopped.is_unknown:
                links.put_back(batch)
            raise
        if self.line.exchange.failures:
            self.line.works()
        now = self.line.clock()
        errors = {answer.campaign: answer.error for answer in answers}
        unanswered = TemporaryError("The platform did not answer for this campaign.")
        outcome = [(each, errors.get(each.external_id, unanswered)) for each in batch]
        done = [each for each, error in outcome if error is None]
        self.confirmed += links.confirm(done, now=now)
        for each, error in outcome:
            if isinstance(error, PermanentError):
                links.give_up(each.id, error)
            elif error is not None:
                links.wait(each, error, now=now)
