"""Repair: set every total to what its entries say, and restate what was closed on wrong ones.

The entries are the truth. A day total without entries, made with `bulk_create` or in SQL, is set
to nothing: whoever wants it counted saves it or records it as spend.
"""

import logging
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Any

from django.db import DatabaseError, connection, models, transaction

from budgets.models import Brand, Trigger
from budgets.models.books import DAYS, STANDINGS, STATEMENTS, UNSTATED, disagreements
from budgets.models.change import Cause
from budgets.models.locks import lock_brands
from budgets.operations.close.statements import ended_day, write_statements
from budgets.operations.database import in_ids, to_date, to_sql
from budgets.operations.reconcile import settle
from budgets.operations.reconcile.rollover import carry_over
from budgets.rules.clock import Clock

log = logging.getLogger(__name__)

BRANDS_A_TRANSACTION = 100
"""Bounds how long a repair holds back the ingests of its brands."""

MOST = models.BigIntegerField.MAX_BIGINT
"""The largest sum in micros that a column holds."""

REPAIR_DAYS = """
INSERT INTO budgets_spend (campaign_id, day, amount_micros)
SELECT campaign_id, day, entries_micros FROM ({wrong}) wrong WHERE true ORDER BY campaign_id, day
ON CONFLICT (campaign_id, day) DO UPDATE SET amount_micros = excluded.amount_micros
"""

REPAIR_STANDINGS = """
UPDATE budgets_campaign SET
    day = wrong.newest_day, day_spent_micros = wrong.newest_day_micros,
    month = wrong.newest_month, month_spent_micros = wrong.newest_month_micros
FROM ({wrong}) wrong WHERE wrong.campaign_id = budgets_campaign.id
"""

# A sum that the column cannot hold is empty, which it refuses: SQLite would keep it as a text.
REPAIR_STATEMENTS = """
UPDATE budgets_statement SET restated_at = %(now)s,
    spent_micros = CASE WHEN wrong.days_micros BETWEEN %(least)s AND %(most)s
                        THEN wrong.days_micros END
FROM ({wrong}) wrong WHERE wrong.id = budgets_statement.id
"""


@dataclass(frozen=True, slots=True)
class Repaired:
    """How many rows of each kind were put right, and how many campaigns changed by it."""

    days: int = 0
    standings: int = 0
    statements: int = 0
    changes: int = 0

    def __add__(self, other: "Repaired") -> "Repaired":
        return Repaired(*map(sum, zip(astuple(self), astuple(other), strict=True)))


def repair(*, now: datetime, clock: Clock | None = None) -> Repaired:
    """Rebuild what does not agree with the entries, then decide the brands concerned.

    Safe beside ingest and checks: each of some brands at a time waits for, and holds back, both.
    They are decided for `now` or, given a clock, for what it shows once their locks are held. A
    brand that cannot be repaired is named in the log and stops no other.
    """
    brand_ids = brands_in_disagreement()
    repaired = [
        repair_or_name(
            brand_ids[start : start + BRANDS_A_TRANSACTION], clock=clock or (lambda: now)
        )
        for start in range(0, len(brand_ids), BRANDS_A_TRANSACTION)
    ]
    return sum(repaired, Repaired())


def repair_or_name(brand_ids: Sequence[int], *, clock: Clock) -> Repaired:
    """Repair these brands; name in the log whom the database refuses."""
    try:
        return repair_brands(brand_ids, clock=clock)
    except DatabaseError:
        if not connection.is_usable():
            raise
        if len(brand_ids) > 1:
            return sum((repair_or_name([pk], clock=clock) for pk in brand_ids), Repaired())
        name = Brand.objects.values_list("name", flat=True).get(pk=brand_ids[0])
        log.exception("The books of brand %s (%s) cannot be repaired.", brand_ids[0], name)
        return Repaired()


def brands_in_disagreement() -> list[int]:
    found: set[int] = set()
    with connection.cursor() as cursor:
        for text in (DAYS, STANDINGS, STATEMENTS, UNSTATED):
            cursor.execute(f"SELECT DISTINCT brand_id FROM ({disagreements(text)}) wrong")
            found |= {brand_id for (brand_id,) in cursor.fetchall()}
    return sorted(found)


def repair_brands(brand_ids: Sequence[int], *, clock: Clock) -> Repaired:
    """Rebuild some brands in one transaction: days first, then all that follows from them."""
    condition, ids = in_ids("c.brand_id", brand_ids)
    parameters = {"ids": ids, "least": -MOST, "most": MOST}

    def run(statement: str, text: str) -> int:
        with connection.cursor() as cursor:
            wrong = disagreements(text, brands=condition)
            cursor.execute(statement.format(wrong=wrong), parameters)
            return int(cursor.rowcount)

    with transaction.atomic():
        lock_brands(brand_ids)
        now = clock()
        parameters["now"] = to_sql(now)
        days, standings = run(REPAIR_DAYS, DAYS), run(REPAIR_STANDINGS, STANDINGS)
        restated = run(REPAIR_STATEMENTS, STATEMENTS)
        missing = unstated(condition, ids)
        write_statements({ended_day(brand_id, day) for brand_id, day in missing}, now=now)
        carry_over(brand_ids, since=date.min, now=now)
        cause = Cause(trigger=Trigger.COMMAND, note="Totals were rebuilt from their entries.")
        changes = settle(now=now, brand_ids=brand_ids, cause=cause)
    return Repaired(days, standings, restated + len(missing), len(changes))


def unstated(condition: str, ids: Any) -> list[tuple[int, date]]:
    """Return brand and day of each campaign's closed spend that has no statement."""
    wrong = disagreements(UNSTATED, brands=condition)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT brand_id, day FROM ({wrong}) wrong", {"ids": ids})
        return [(brand_id, to_date(day)) for brand_id, day in cursor.fetchall()]
