"""The ledger: entries and their totals, written together or not at all.

Every writer goes the same way through the rows: keys in order, then campaigns in order, then days.
So no two wait for each other in a circle.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import NamedTuple

from django.db import IntegrityError, connection

from budgets.operations.fingerprints import payload_print
from budgets.operations.folded import folded_payloads
from budgets.operations.reading import Posting
from budgets.operations.sql import to_instant, to_sql
from budgets.operations.staging import Column, stage
from budgets.operations.statements import restate
from budgets.rules.clock import month_of
from budgets.rules.money import MAX_MICROS

ENTRY_COLUMNS = (
    Column("source", "text"),
    Column("key", "text"),
    Column("campaign_id", "bigint"),
    Column("occurred_at", "timestamptz"),
    Column("day", "date"),
    Column("amount_micros", "bigint"),
)

# "WHERE true" keeps SQLite from reading ON CONFLICT as part of the SELECT.
INSERT_ENTRIES = """
INSERT INTO budgets_ledgerentry
    (source, key, campaign_id, occurred_at, day, amount_micros, recorded_at)
SELECT source, key, campaign_id, occurred_at, day, amount_micros, %(now)s
FROM staged_entry WHERE true ORDER BY source, key
ON CONFLICT (source, key) DO NOTHING
RETURNING source, key
"""

# In this form PostgreSQL looks every key up; joined, it would rather read the whole ledger.
KNOWN_ENTRIES = """
SELECT e.source, e.key, e.campaign_id, e.occurred_at, e.amount_micros
FROM budgets_ledgerentry e
WHERE (e.source, e.key) IN (SELECT source, key FROM staged_entry)
"""

KEYS_USED_TWICE = f"""
SELECT k.source, k.key
FROM ({KNOWN_ENTRIES}) k JOIN staged_entry s ON s.source = k.source AND s.key = k.key
WHERE (s.campaign_id, s.occurred_at, s.amount_micros)
   <> (k.campaign_id, k.occurred_at, k.amount_micros)
"""

TOTAL_COLUMNS = (
    Column("campaign_id", "bigint", is_looked_up=True),
    Column("day", "date"),
    Column("amount_micros", "bigint"),
    Column("newest_month", "date"),
    Column("month_micros", "bigint"),
)

LOCK_CAMPAIGNS = """
SELECT id FROM budgets_campaign WHERE id IN (SELECT campaign_id FROM staged_total)
ORDER BY id FOR NO KEY UPDATE
"""

ADD_TO_DAYS = """
INSERT INTO budgets_spend (campaign_id, day, amount_micros)
SELECT campaign_id, day, amount_micros FROM staged_total WHERE true ORDER BY campaign_id, day
ON CONFLICT (campaign_id, day)
DO UPDATE SET amount_micros = budgets_spend.amount_micros + excluded.amount_micros
"""

# A newer day or month starts at what came in for it; an older one leaves the newest alone.
ADD_TO_STANDING = """
UPDATE budgets_campaign SET
    day = CASE WHEN t.day < budgets_campaign.day THEN budgets_campaign.day ELSE t.day END,
    day_spent_micros = CASE
        WHEN t.day < budgets_campaign.day THEN day_spent_micros
        WHEN t.day = budgets_campaign.day THEN day_spent_micros + t.amount_micros
        ELSE t.amount_micros END,
    month = CASE WHEN t.newest_month < month THEN month ELSE t.newest_month END,
    month_spent_micros = CASE
        WHEN t.newest_month < month THEN month_spent_micros
        WHEN t.newest_month = month THEN month_spent_micros + t.month_micros
        ELSE t.month_micros END
FROM staged_total t
WHERE t.campaign_id = budgets_campaign.id AND t.newest_month IS NOT NULL
"""


class TotalTooLarge(Exception):
    """A total that would not fit the ledger."""


class Total(NamedTuple):
    """What a batch adds to a campaign's day.

    The row of the campaign's newest day also carries the newest month and what that gets.
    """

    campaign_id: int
    day: date
    micros: int
    newest_month: date | None
    month_micros: int | None


@dataclass(slots=True)
class Outcome:
    """What the ledger made of a batch."""

    accepted: list[Posting] = field(default_factory=list)
    duplicates: int = 0
    conflicts: list[Posting] = field(default_factory=list)
    too_large: list[int] = field(default_factory=list)

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            accepted=self.accepted + other.accepted,
            duplicates=self.duplicates + other.duplicates,
            conflicts=self.conflicts + other.conflicts,
            too_large=self.too_large + other.too_large,
        )


def post(postings: Sequence[Posting], *, now: datetime) -> Outcome:
    """Add the postings to the ledger and its totals. Must be called inside a transaction.

    Raises `TotalTooLarge` when a total would not fit; nothing is kept then.
    """
    outcome = Outcome()
    firsts = first_of_each_key(postings, outcome)
    set_folded_aside(firsts, outcome)
    inserted = insert_entries(firsts.values(), now=now)
    outcome.accepted = [posting for name, posting in firsts.items() if name in inserted]
    judge_known([posting for name, posting in firsts.items() if name not in inserted], outcome)
    if outcome.accepted:
        add_to_totals(outcome.accepted, now=now)
    return outcome


def first_of_each_key(
    postings: Sequence[Posting], outcome: Outcome
) -> dict[tuple[str, str], Posting]:
    """Keep the first posting of each key; judge repeats inside the batch against it."""
    firsts: dict[tuple[str, str], Posting] = {}
    for posting in postings:
        first = firsts.setdefault((posting.source, posting.key), posting)
        if first is not posting:
            judge(posting, payload(first), outcome)
    return firsts


def set_folded_aside(firsts: dict[tuple[str, str], Posting], outcome: Outcome) -> None:
    """Judge, and take out, the postings whose entry was folded."""
    for name, sent in folded_payloads(firsts.values()).items():
        posting = firsts.pop(name)
        if payload_print(posting) == sent:
            outcome.duplicates += 1
        else:
            outcome.conflicts.append(posting)


def stage_entries(postings: Iterable[Posting]) -> None:
    """Hand the postings to the database."""
    stage(
        "staged_entry",
        ENTRY_COLUMNS,
        [(p.source, p.key, p.campaign_id, p.occurred_at, p.day, p.micros) for p in postings],
    )


def insert_entries(postings: Iterable[Posting], *, now: datetime) -> set[tuple[str, str]]:
    """Insert the entries whose key is new; return the keys that were."""
    stage_entries(postings)
    with connection.cursor() as cursor:
        cursor.execute(INSERT_ENTRIES, {"now": to_sql(now)})
        return set(cursor.fetchall())


def judge_known(postings: Sequence[Posting], outcome: Outcome) -> None:
    """Tell a repeat from a key that is used twice for different things."""
    if not postings:
        return
    with connection.cursor() as cursor:
        cursor.execute(KEYS_USED_TWICE)
        used_twice = set(cursor.fetchall())
    conflicts = [posting for posting in postings if (posting.source, posting.key) in used_twice]
    outcome.conflicts += conflicts
    outcome.duplicates += len(postings) - len(conflicts)


def known_entries() -> dict[tuple[str, str], tuple[int, datetime, int]]:
    """Return the keys among those staged that the ledger knows, and what was sent under them."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN_ENTRIES)
        return {
            (source, key): (campaign_id, to_instant(occurred_at), micros)
            for source, key, campaign_id, occurred_at, micros in cursor.fetchall()
        }


def judge(posting: Posting, known: tuple[int, datetime, int], outcome: Outcome) -> None:
    """Count the posting as a repeat of what is known, or as a conflict with it."""
    if payload(posting) == known:
        outcome.duplicates += 1
    else:
        outcome.conflicts.append(posting)


def payload(posting: Posting) -> tuple[int, datetime, int]:
    """Return what must be the same when the same key comes again."""
    return posting.campaign_id, posting.occurred_at, posting.micros


def add_to_totals(postings: Sequence[Posting], *, now: datetime) -> None:
    """Add the postings to their days and to where their campaigns stand. Raises `TotalTooLarge`."""
    stage("staged_total", TOTAL_COLUMNS, totals_of(postings))
    with connection.cursor() as cursor:
        if connection.features.has_select_for_no_key_update:
            cursor.execute(LOCK_CAMPAIGNS)
        try:
            cursor.execute(ADD_TO_DAYS)
            cursor.execute(ADD_TO_STANDING)
        except IntegrityError as error:
            if "within_the_ledger" in str(error):
                raise TotalTooLarge from error
            raise
    restate(((posting.brand_id, posting.day) for posting in postings), now=now)


def totals_of(postings: Sequence[Posting]) -> list[Total]:
    """Sum a batch a campaign and day; mark the newest day of each campaign."""
    days: dict[tuple[int, date], int] = defaultdict(int)
    newest: dict[int, date] = {}
    for posting in postings:
        campaign_id, day = posting.campaign_id, posting.day
        days[campaign_id, day] += posting.micros
        if day > newest.setdefault(campaign_id, day):
            newest[campaign_id] = day
    month = {day: month_of(day) for _, day in days}
    months: dict[int, int] = defaultdict(int)
    for (campaign_id, day), micros in days.items():
        if month[day] == month[newest[campaign_id]]:
            months[campaign_id] += micros
    if any(abs(micros) > MAX_MICROS for micros in chain(days.values(), months.values())):
        raise TotalTooLarge
    return [
        Total(campaign_id, day, micros, month[day], months[campaign_id])
        if day == newest[campaign_id]
        else Total(campaign_id, day, micros, None, None)
        for (campaign_id, day), micros in days.items()
    ]
