"""Which names stand beside several ids in a file: two campaigns with one name are told apart.

Noted before any row is taken, so that the order of the rows does not matter.
"""

import sqlite3

from budgets.cells.names import folded
from budgets.operations.ingest.validation import is_storable
from budgets.operations.spend_file.layout import Layout
from budgets.sheets.records import Record

REMEMBERED = 10_000
"""Names of which we know without looking that they were noted: rows of a campaign come in runs."""

TABLE = """
CREATE TABLE id_of_name (name TEXT PRIMARY KEY, id TEXT, has_others INTEGER DEFAULT 0) WITHOUT ROWID
"""
NOTE = """
INSERT INTO id_of_name (name, id) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET has_others = has_others OR id <> excluded.id
"""
BRAND = ("brand_id", "brand")
COLUMNS = ("external_id", "campaign", "source", *BRAND)


class IdsOfNames:
    """The names of a file, each with its first id and whether there are others."""

    def __init__(self, scratch: sqlite3.Connection, *, brand_id: int | None) -> None:
        self.scratch = scratch
        self.brand_id = brand_id
        self.noted: set[tuple[str, ...]] = set()
        scratch.execute(TABLE)

    def note(self, layout: Layout, record: Record) -> None:
        """Note the id of a record beside its name, where names are looked for: within a brand."""
        if self.brand_id is None and layout.columns.keys().isdisjoint(BRAND):
            return
        cells = tuple(layout.cell(column, record.fields) for column in COLUMNS)
        external_id, name, *within = cells
        if not external_id or not name or cells in self.noted or not is_storable("".join(cells)):
            return
        if len(self.noted) == REMEMBERED:
            self.noted.clear()
        self.noted.add(cells)
        self.scratch.execute(NOTE, (key(name, *within), external_id))

    def has_several(self, name: str, source: str, brand_id: str, brand: str) -> bool:
        """Say whether the file has several ids beside this name, of one source and brand."""
        query = "SELECT has_others FROM id_of_name WHERE name = ?"
        row = self.scratch.execute(query, (key(name, source, brand_id, brand),)).fetchone()
        return bool(row and row[0])


def key(name: str, *within: str) -> str:
    return "\0".join((folded(name), *within))
