"""The ledger: entries and their totals, written together or not at all.

Every writer goes the same way through the rows: keys in order, then campaigns in order, then days.
So no two wait for each other in a circle.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from budgets.operations.ingest.idempotency import (
    EntryKnown,
    KeyMatch,
    Name,
    booked_keys,
    folded_keys,
    insert_entries,
    match_of,
    payload_digest,
)
from budgets.operations.ingest.running_totals import add_to_totals
from budgets.operations.ingest.types import (
    CampaignFacts,
    Outcome,
    Posting,
    Refusal,
    SpendEntry,
    SpendKind,
)
from budgets.operations.ingest.validation import (
    MAX_KEY_LENGTH,
    RESERVED_KEYS,
    Refused,
    check_age,
    check_name,
    checked_instant,
    checked_micros,
)

KeyLookup = Callable[[Mapping[Name, Posting]], Mapping[Name, KeyMatch]]
"""Answers which of the keys are known, and how what is known matches what came."""


class Entries(SpendKind[SpendEntry, Posting]):
    """Reports of money spent, of which each source and key counts once (S1)."""

    def validate(
        self, row: SpendEntry, index: int, campaign: CampaignFacts, *, now: datetime
    ) -> Posting:
        check_name("key", row.key, MAX_KEY_LENGTH)
        if row.key.startswith(RESERVED_KEYS):
            raise Refused(
                "bad_key", f"Keys that start with {RESERVED_KEYS!r} are ours; take another."
            )
        occurred_at = checked_instant(row.occurred_at, now=now)
        # Of a clock that is ahead the time is kept, so that the entry sent again is the same.
        day = campaign.clock.day(min(occurred_at, now))
        check_age(day, campaign.clock, now=now)
        return Posting(
            row=index,
            source=row.source,
            key=row.key,
            campaign_id=row.campaign_id,
            brand_id=campaign.brand_id,
            occurred_at=occurred_at,
            day=day,
            micros=checked_micros(row.amount),
        )

    def post(self, checked: Sequence[Posting], *, now: datetime) -> Outcome:
        outcome = Outcome()
        new = new_among(checked, folded_keys, outcome=outcome)
        insert_new(new, outcome, now=now)
        outcome.accepted = list(new.values())
        outcome.undecided |= {posting.brand_id for posting in outcome.accepted}
        if outcome.accepted:
            add_to_totals(outcome.accepted, now=now)
        return outcome


def new_among(
    postings: Sequence[Posting], *lookups: KeyLookup, outcome: Outcome
) -> dict[Name, Posting]:
    """Return the first posting of each key that no lookup knows; count the others."""
    new: dict[Name, Posting] = {}
    for posting in postings:
        first = new.setdefault((posting.brand_id, posting.source, posting.key), posting)
        if first is not posting:
            count_known(posting, match_of(posting, payload_digest(first)), outcome)
    for lookup in lookups:
        set_aside(new, lookup(new), outcome)
    return new


def set_aside(new: dict[Name, Posting], known: Mapping[Name, KeyMatch], outcome: Outcome) -> None:
    """Count, and take out, the postings whose key is known."""
    for name, match in known.items():
        count_known(new.pop(name), match, outcome)


def count_known(posting: Posting, match: KeyMatch, outcome: Outcome) -> None:
    """Count a posting whose key is known as a repeat, or refuse it as a conflict."""
    if match == KeyMatch.CONFLICT:
        outcome.refused.append(key_conflict(posting))
        return
    outcome.duplicates += 1
    if match == KeyMatch.RECENT_REPEAT:
        outcome.undecided.add(posting.brand_id)


def key_conflict(posting: Posting) -> Refusal:
    return Refusal(
        posting.row,
        "conflict",
        f"Key {posting.key!r} of source {posting.source!r} is known with another campaign, "
        "time or amount; a correction is a new entry with a key of its own.",
    )


def insert_new(new: dict[Name, Posting], outcome: Outcome, *, now: datetime) -> None:
    """Insert the entries; count, and take out, those that the ledger knows.

    Most batches are all new or all known: so insert first, and ask only when that is refused.
    """
    while new:
        try:
            insert_entries(new.values(), recorded_at=now)
            break
        except EntryKnown:
            known = booked_keys(new, now=now)
            if not known:
                raise
            set_aside(new, known, outcome)
