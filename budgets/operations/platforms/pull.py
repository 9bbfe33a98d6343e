"""Sync: pull spend from the ad platform into the ledger."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings

from budgets.connectors import SpendReport, connector_named
from budgets.models import Heartbeat
from budgets.operations.ingest import record_spend
from budgets.operations.ingest.types import SpendEntry
from budgets.operations.platforms.push import refs_of
from budgets.rules.clock import Clock

log = logging.getLogger(__name__)

TASK = "sync_spend"
LONGEST_SPAN = timedelta(hours=1)
"""How far back one pull goes: after a night off, the platform is asked for the last hour."""

ENTRIES_A_BATCH = 5_000
"""Entries recorded at once: bounds memory, and how long the first waits to stop a campaign."""


def sync_spend(*, now: datetime, clock: Clock | None = None) -> int:
    """Record what the platform reports since the last pull; return the entries accepted.

    The task's heartbeat, written only after a pull that succeeded, holds the instant it was for,
    where the next one begins: no instant is skipped, and what failed is pulled again. Pulling a
    span twice is harmless, as the platform gives the same keys. `clock` is as for `record_spend`.
    """
    connector = connector_named(settings.AD_CONNECTOR)
    if connector is None:
        return 0
    campaigns = refs_of()
    currencies = {campaign.campaign_id: campaign.currency for campaign in campaigns}
    reports = connector.read_spend(campaigns, since=last_pull(now=now), until=now)
    entries = entries_of(reports, source=connector.name, currencies=currencies)
    return sum(record_batch(batch, now=now, clock=clock) for batch in batches(entries))


def last_pull(*, now: datetime) -> datetime:
    """Return the instant to pull from: `now` at the latest, should the clock have gone back."""
    earliest = now - LONGEST_SPAN
    beat = Heartbeat.objects.filter(name=TASK).first()
    return earliest if beat is None else max(earliest, min(beat.began_at or beat.at, now))


def entries_of(
    reports: Iterable[SpendReport], *, source: str, currencies: Mapping[int, str]
) -> Iterator[SpendEntry]:
    """Turn reports into entries; one of a campaign we do not know is refused by the ledger."""
    for report in reports:
        yield SpendEntry(
            source=source,
            key=report.key,
            campaign_id=report.campaign_id,
            occurred_at=report.occurred_at,
            amount=report.amount,
            currency=currencies.get(report.campaign_id, ""),
        )


def batches(entries: Iterator[SpendEntry]) -> Iterator[list[SpendEntry]]:
    while batch := list(islice(entries, ENTRIES_A_BATCH)):
        yield batch


def record_batch(batch: list[SpendEntry], *, now: datetime, clock: Clock | None) -> int:
    """Record a batch and return how many of it were new; what is refused is logged."""
    receipt = record_spend(batch, now=now, clock=clock)
    if receipt.refused:
        first = receipt.refused[0]
        entry = batch[first.index]
        log.warning(
            "%d of %d reports of %s were refused; the first, %r: %s",
            len(receipt.refused),
            len(batch),
            entry.source,
            entry.key,
            first.message,
        )
    return receipt.accepted
