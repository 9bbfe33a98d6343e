"""Keys of folded entries: looked up so that an entry that comes again is still known."""

from collections.abc import Collection

from django.db import connection

from budgets.models import FoldedKey
from budgets.operations.database.bulk_load import Column, stage
from budgets.operations.ingest.fingerprints import name_print
from budgets.operations.ingest.validation import Posting

NAME_COLUMNS = (Column("name", "bytea", is_looked_up=True),)

FOLDED = """
SELECT name, payload FROM budgets_foldedkey WHERE name IN (SELECT name FROM staged_name)
"""


def folded_payloads(postings: Collection[Posting]) -> dict[tuple[str, str], bytes]:
    """Return the keys among these that were folded, and the fingerprint of what was sent.

    Where nothing was ever folded this is one look at an empty table.
    """
    if not postings or not FoldedKey.objects.exists():
        return {}
    names = {name_print(posting): (posting.source, posting.key) for posting in postings}
    stage("staged_name", NAME_COLUMNS, [(name,) for name in names])
    with connection.cursor() as cursor:
        cursor.execute(FOLDED)
        return {names[bytes(name)]: bytes(payload) for name, payload in cursor.fetchall()}
