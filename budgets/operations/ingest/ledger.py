"""The ledger: entries and their totals, written together or not at all.

Every writer goes the same way through the rows: keys in order, then campaigns in order, then days.
So no two wait for each other in a circle.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from budgets.operations.ingest.entries import EntryKnown, Found, Name, insert_entries, known_among
from budgets.operations.ingest.fingerprints import payload_print
from budgets.operations.ingest.folded_keys import folded_payloads
from budgets.operations.ingest.running_totals import add_to_totals
from budgets.operations.ingest.validation import Posting


@dataclass(slots=True)
class Outcome:
    """What the ledger made of a batch."""

    accepted: list[Posting] = field(default_factory=list)
    duplicates: int = 0
    conflicts: list[Posting] = field(default_factory=list)
    too_large: list[int] = field(default_factory=list)
    undecided: set[int] = field(default_factory=set)
    """Brands to decide: new money came, or what comes again may have been left undecided."""

    def count_known(self, posting: Posting, *, is_repeat: bool) -> None:
        """Count a posting whose key is known as a repeat, or as a conflict with what is known."""
        if is_repeat:
            self.duplicates += 1
        else:
            self.conflicts.append(posting)

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            accepted=self.accepted + other.accepted,
            duplicates=self.duplicates + other.duplicates,
            conflicts=self.conflicts + other.conflicts,
            too_large=self.too_large + other.too_large,
            undecided=self.undecided | other.undecided,
        )


def post(postings: Sequence[Posting], *, now: datetime) -> Outcome:
    """Add the postings to the ledger and its totals. Must be called inside a transaction.

    Raises `TotalTooLarge` when a total would not fit; nothing is kept then.
    """
    outcome = Outcome()
    new = first_of_each_key(postings, outcome)
    set_folded_aside(new, outcome)
    insert_new(new, outcome, now=now)
    outcome.accepted = list(new.values())
    outcome.undecided |= {posting.brand_id for posting in outcome.accepted}
    if outcome.accepted:
        add_to_totals(outcome.accepted, now=now)
    return outcome


def first_of_each_key(postings: Sequence[Posting], outcome: Outcome) -> dict[Name, Posting]:
    """Keep the first posting of each key; count_known repeats inside the batch against it."""
    firsts: dict[Name, Posting] = {}
    for posting in postings:
        first = firsts.setdefault((posting.source, posting.key), posting)
        if first is not posting:
            outcome.count_known(posting, is_repeat=payload(posting) == payload(first))
    return firsts


def payload(posting: Posting) -> tuple[int, datetime, int]:
    """Return what must be the same when the same key comes again."""
    return posting.campaign_id, posting.occurred_at, posting.micros


def set_folded_aside(new: dict[Name, Posting], outcome: Outcome) -> None:
    """Judge, and take out, the postings whose entry was folded."""
    for name, sent in folded_payloads(new.values()).items():
        posting = new.pop(name)
        outcome.count_known(posting, is_repeat=payload_print(posting) == sent)


def insert_new(new: dict[Name, Posting], outcome: Outcome, *, now: datetime) -> None:
    """Insert the entries; count_known, and take out, those that the ledger knows.

    Most batches are all new or all known: so insert first, and ask only when that is refused.
    """
    while new:
        try:
            insert_entries(new.values(), recorded_at=now)
            break
        except EntryKnown:
            known = known_among(new, now=now)
            if not known:
                raise
            for name, how in known.items():
                posting = new.pop(name)
                outcome.count_known(posting, is_repeat=how != Found.OTHERWISE)
                if how == Found.JUST_NOW:
                    outcome.undecided.add(posting.brand_id)
