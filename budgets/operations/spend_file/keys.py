"""Keys for rows that have none: made of what the row says, so that the same file counts once.

A key is a hash of source, campaign, instant and amount, and the row's number among those of the
file that say the same. Neither the order of rows or columns nor how an amount is written matters.
The price: rows of two files that agree in all four are taken for the same spend. A file whose rows
can be alike and mean different spend needs a column of keys.
"""

from datetime import UTC, datetime
from decimal import Decimal
from sqlite3 import Connection

from budgets.operations.ingest.fingerprints import fingerprint
from budgets.operations.spend_file.scratch import Scratch

PREFIX = "row/"


class Keys:
    """Makes the keys of one file, in the order of its rows."""

    def __init__(self, scratch: Connection) -> None:
        self.seen = Scratch(scratch, "row_seen")

    def key_of(self, *, source: str, campaign_id: int, at: datetime, amount: Decimal) -> str:
        """Return the key of the next row that says this."""
        said = fingerprint(source, campaign_id, at.astimezone(UTC).isoformat(), amount.normalize())
        number = (self.seen.get(said) or 0) + 1
        self.seen.put([(said, number)])
        return f"{PREFIX}{said.hex()}/{number}"
