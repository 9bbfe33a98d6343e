"""Repair: set every total to what its entries say, and restate what was closed on wrong ones.

The entries are the truth. A day total without entries, made with `bulk_create` or in SQL, is set
to nothing: whoever wants it counted saves it or records it as spend.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from budgets.models import Trigger
from budgets.models.books import DAYS, STANDINGS, STATEMENTS, UNSTATED, disagreements
from budgets.models.change import Cause
from budgets.models.locks import lock_brands
from budgets.operations.close.statements import ended_day, write_statements
from budgets.operations.database import in_ids, to_date, to_sql
from budgets.operations.reconcile import settle
from budgets.rules.clock import Clock

BRANDS_A_TRANSACTION = 100
"""Bounds how long a repair holds back the ingests of its brands."""

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

REPAIR_STATEMENTS = """
UPDATE budgets_statement SET spent_micros = wrong.days_micros, restated_at = %(now)s
FROM ({wrong}) wrong WHERE wrong.id = budgets_statement.id
"""


@dataclass(slots=True)
class Repaired:
    """How many rows of each kind were put right, and how many campaigns changed by it."""

    days: int = 0
    standings: int = 0
    statements: int = 0
    changes: int = 0


def repair(*, now: datetime, clock: Clock | None = None) -> Repaired:
    """Rebuild what does not agree with the entries, then decide the brands concerned.

    Safe beside ingest and checks: each of some brands at a time waits for, and holds back, both.
    They are decided for `now` or, given a clock, for what it shows once their locks are held.
    """
    repaired = Repaired()
    brand_ids = brands_in_disagreement()
    for start in range(0, len(brand_ids), BRANDS_A_TRANSACTION):
        some = brand_ids[start : start + BRANDS_A_TRANSACTION]
        repair_brands(some, repaired, clock=clock or (lambda: now))
    return repaired


def brands_in_disagreement() -> list[int]:
    found: set[int] = set()
    with connection.cursor() as cursor:
        for text in (DAYS, STANDINGS, STATEMENTS, UNSTATED):
            cursor.execute(f"SELECT DISTINCT brand_id FROM ({disagreements(text)}) wrong")
            found |= {brand_id for (brand_id,) in cursor.fetchall()}
    return sorted(found)


def repair_brands(brand_ids: Sequence[int], repaired: Repaired, *, clock: Clock) -> None:
    """Rebuild some brands in one transaction: days first, then all that follows from them."""
    condition, ids = in_ids("c.brand_id", brand_ids)
    parameters = {"ids": ids}

    def run(statement: str, text: str) -> int:
        with connection.cursor() as cursor:
            wrong = disagreements(text, brands=condition)
            cursor.execute(statement.format(wrong=wrong), parameters)
            return int(cursor.rowcount)

    with transaction.atomic():
        lock_brands(brand_ids)
        now = clock()
        parameters["now"] = to_sql(now)
        repaired.days += run(REPAIR_DAYS, DAYS)
        repaired.standings += run(REPAIR_STANDINGS, STANDINGS)
        repaired.statements += run(REPAIR_STATEMENTS, STATEMENTS)
        missing = unstated(condition, ids)
        repaired.statements += len(missing)
        write_statements({ended_day(brand_id, day) for brand_id, day in missing}, now=now)
        cause = Cause(trigger=Trigger.COMMAND, note="Totals were rebuilt from their entries.")
        repaired.changes += len(settle(now=now, brand_ids=brand_ids, cause=cause))


def unstated(condition: str, ids: Any) -> list[tuple[int, date]]:
    """Return brand and day of each campaign's closed spend that has no statement."""
    wrong = disagreements(UNSTATED, brands=condition)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT brand_id, day FROM ({wrong}) wrong", {"ids": ids})
        return [(brand_id, to_date(day)) for brand_id, day in cursor.fetchall()]
