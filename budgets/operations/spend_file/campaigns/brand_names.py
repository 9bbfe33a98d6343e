"""The names of whole brands' campaigns, read once a file, on its scratch pad.

No index finds names as people compare them, so a brand whose campaigns are named is read whole.
"""

import sqlite3
from collections.abc import Iterable

from django.db.models import QuerySet

from budgets.cells.names import folded
from budgets.models import Campaign
from budgets.operations.database import id_rows
from budgets.operations.ingest.validation import is_storable

NAMESAKES = 3
"""Campaigns of one name that are told apart; there may be more."""

TABLES = """
CREATE TABLE campaign_name (brand INTEGER, name TEXT, campaign INTEGER,
                            PRIMARY KEY (brand, name, campaign)) WITHOUT ROWID;
CREATE TABLE brand_read (brand INTEGER PRIMARY KEY)
"""
CALLED = """
SELECT campaign FROM campaign_name WHERE brand = ? AND name = ? ORDER BY campaign LIMIT ?
"""


class BrandNames:
    """Finds campaigns by their names within a brand, in bounded memory."""

    def __init__(self, scratch: sqlite3.Connection, within: QuerySet[Campaign] | None) -> None:
        self.scratch = scratch
        self.within = within
        for table in TABLES.split(";"):
            scratch.execute(table)

    def read(self, brand_ids: Iterable[int]) -> None:
        """Read the names of these brands' campaigns, unless they were read before; one query."""
        new = [
            pk
            for pk in brand_ids
            if self.scratch.execute("INSERT OR IGNORE INTO brand_read VALUES (?)", (pk,)).rowcount
        ]
        if not new:
            return
        among = Campaign.objects.all() if self.within is None else self.within
        # Of one brand, the usual case, SQLite would else expect many and read the whole table.
        of_brands = {"brand": new[0]} if len(new) == 1 else {"brand__in": id_rows(new)}
        rows = among.filter(**of_brands).order_by()
        self.scratch.executemany(
            "INSERT OR IGNORE INTO campaign_name VALUES (?, ?, ?)",
            (
                (brand_id, folded(name), pk)
                for brand_id, name, pk in rows.values_list("brand_id", "name", "id").iterator()
            ),
        )

    def called(self, brand_id: int, name: str) -> tuple[int, ...]:
        """Return the ids of the brand's first campaigns of this name; its names were read."""
        key = folded(name)
        if not key or not is_storable(key):
            return ()
        rows = self.scratch.execute(CALLED, (brand_id, key, NAMESAKES))
        return tuple(pk for (pk,) in rows)
