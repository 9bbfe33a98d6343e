"""Record rows of spend: check and book them in bounded transactions, then decide what follows."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from budgets.models import Change, Trigger
from budgets.models.change import Cause
from budgets.models.locks import keep_books_open, lock_brands
from budgets.operations.database import id_rows
from budgets.operations.ingest.bounds import TotalTooLarge
from budgets.operations.ingest.day_totals import DayTotals
from budgets.operations.ingest.ledger import Entries
from budgets.operations.ingest.types import (
    CampaignFacts,
    Checked,
    DayTotal,
    NumberedRow,
    Outcome,
    Receipt,
    Refusal,
    Row,
    SpendEntry,
    SpendKind,
)
from budgets.operations.ingest.validation import brands_of, campaign_facts, validate_rows
from budgets.operations.reconcile import settle
from budgets.rules.clock import Clock

ROWS_A_TRANSACTION = 10_000
BRANDS_A_BATCH = 1_000
"""Decided in one transaction: most that a batch concerns, and other ingests have to wait anyway."""


def record_spend(
    entries: Sequence[SpendEntry],
    *,
    now: datetime,
    cause: Cause | None = None,
    clock: Clock | None = None,
) -> Receipt:
    """Add entries to the ledger, then pause and resume what they concern.

    Each (source, key) counts once, ever. Rows that cannot be money are refused with their index
    and a reason; the others of the batch are kept. `now` must be aware; nothing is raised for bad
    rows. `changes` of the receipt are the transitions that followed. A batch sent again because its
    first call died is decided where that one may not have. Given a `clock`, what follows is decided
    for what it shows by then.
    """
    return record_rows(entries, Entries(), now=now, cause=cause, clock=clock)


def record_totals(
    totals: Sequence[DayTotal],
    *,
    now: datetime,
    cause: Cause | None = None,
    clock: Clock | None = None,
) -> Receipt:
    """Set what sources report as a campaign's total of a local day, then pause and resume.

    A total replaces that source's earlier one for the day; one with an older `as_of` than the
    newest known is ignored and counted as a duplicate. Two amounts as of one instant are refused as
    a conflict: both where one call has them, else the later. Otherwise as `record_spend`.
    """
    return record_rows(totals, DayTotals(), now=now, cause=cause, clock=clock)


def record_rows(
    rows: Sequence[Row],
    kind: SpendKind[Row, Checked],
    *,
    now: datetime,
    cause: Cause | None,
    clock: Clock | None,
) -> Receipt:
    """Book the rows, in transactions of bounded size, and decide the brands they concern."""
    together = kind.refuse_together(rows)
    receipt = Receipt(refused=list(together.values()))
    undecided: set[int] = set()
    newest_before = newest_change()
    numbered = [each for each in enumerate(rows) if each[0] not in together]
    for start in range(0, len(numbered), ROWS_A_TRANSACTION):
        outcome = book(numbered[start : start + ROWS_A_TRANSACTION], kind, now=now)
        receipt.accepted += len(outcome.accepted)
        receipt.duplicates += outcome.duplicates
        receipt.refused += outcome.refused
        undecided |= outcome.undecided
    receipt.refused.sort()
    receipt.changes += settle_brands(
        undecided, after=newest_before, now=now, cause=cause, clock=clock
    )
    return receipt


def book(
    rows: Sequence[NumberedRow[Row]], kind: SpendKind[Row, Checked], *, now: datetime
) -> Outcome:
    """Check the rows and book the good ones; what they concern must be decided afterwards.

    In one transaction, which is tried anew where a campaign changed its brand as it began, and in
    halves where a total would not fit its column.
    """
    if not rows:
        return Outcome()
    # A caller's transaction keeps the rows it writes until after the decision.
    lock = lock_brands if connection.in_atomic_block else keep_books_open
    try:
        with transaction.atomic():
            facts = locked_facts({row.campaign_id for _, row in rows}, lock)
            checked, refused = validate_rows(rows, kind, facts, now=now)
            outcome = kind.post(checked, now=now) if checked else Outcome()
            outcome.refused += refused
            return outcome
    except CampaignMoved:
        return book(rows, kind, now=now)
    except TotalTooLarge as error:
        if len(rows) == 1:
            return Outcome(refused=[Refusal(rows[0][0], "overflow", str(error))])
    middle = len(rows) // 2
    return book(rows[:middle], kind, now=now) + book(rows[middle:], kind, now=now)


class CampaignMoved(Exception):
    """A campaign was given to another brand before its books could be kept open."""


def locked_facts(
    campaign_ids: Collection[int], lock: Callable[[Collection[int]], None]
) -> dict[int, CampaignFacts]:
    """Take the locks of the campaigns' brands; return what then stays true of the campaigns.

    Edits take the same locks, so no currency, zone or brand changes before the transaction ends.
    Raises `CampaignMoved`.
    """
    brand_ids = set(brands_of(campaign_ids).values())
    lock(brand_ids)
    facts = campaign_facts(campaign_ids)
    if not {campaign.brand_id for campaign in facts.values()} <= brand_ids:
        raise CampaignMoved
    return facts


def newest_change() -> int:
    """Return the id of the newest change, 0 where there is none."""
    newest: int | None = Change.objects.aggregate(newest=Max("id"))["newest"]
    return newest or 0


def settle_brands(
    brand_ids: Collection[int],
    *,
    after: int,
    now: datetime,
    cause: Cause | None,
    clock: Clock | None = None,
) -> Iterable[Change]:
    """Decide the brands; return their changes after that one, whoever wrote them.

    A check that decides between our commit and our own decision leaves us nothing to change, but
    the caller must still hear what has to stop.
    """
    if not brand_ids:
        return []
    settle(
        now=now,
        clock=clock,
        brand_ids=brand_ids,
        cause=cause or Cause(trigger=Trigger.SPEND),
        brands_at_once=BRANDS_A_BATCH,
    )
    of_brands = Change.objects.filter(brand_id__in=id_rows(brand_ids))
    return of_brands.filter(pk__gt=after).order_by("id")
