"""Number transactions for the feed of changes so that they rise, whatever cluster we are moved to.

PostgreSQL numbers transactions a cluster. After a dump is restored into another one they start
again, below those of the changes restored; a cluster that went back to a backup gives numbers a
second time. SQLite has one writer and needs no numbers.
"""

from django.db import connection

from budgets.models.feed_numbering import CLUSTER

TRANSACTION = {
    # Empty, which the column refuses, in a cluster that is not the one noted.
    "postgresql": f"""pg_current_xact_id()::text::bigint + (
        SELECT added FROM budgets_feednumbering WHERE cluster = {CLUSTER})""",
    "sqlite": "0",
}
"""The number of the running transaction, in SQL, by database."""

IS_NOTED = f"SELECT EXISTS (SELECT 1 FROM budgets_feednumbering WHERE cluster = {CLUSTER})"

# The first cluster's numbers are as they are, unless there are higher ones already. Later clusters
# begin at the microseconds since 1970: no cluster gets through transactions that fast, so this is
# above what any before has reached, also after the dump that was restored.
NOTE = f"""
INSERT INTO budgets_feednumbering (id, cluster, added)
SELECT 1, {CLUSTER},
       CASE WHEN newest < oldest_running AND NOT EXISTS (SELECT 1 FROM budgets_feednumbering) THEN 0
            ELSE GREATEST((extract(epoch FROM clock_timestamp()) * 1000000)::bigint, newest + 1)
                 - oldest_running END
FROM (SELECT COALESCE(MAX(transaction), 0) AS newest,
             pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest_running
      FROM budgets_change) numbers
ON CONFLICT (id) DO UPDATE SET cluster = excluded.cluster, added = excluded.added
WHERE budgets_feednumbering.cluster <> excluded.cluster
"""


def keep_numbering() -> None:
    """Note the cluster if changes were last written in another, or in none."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(IS_NOTED)
        (is_noted,) = cursor.fetchone()
        if not is_noted:
            cursor.execute(NOTE)
