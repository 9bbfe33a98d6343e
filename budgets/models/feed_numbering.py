"""How the feed of changes is numbered: in the order of commits, whatever the order of ids."""

from typing import Any

from django.db import models


class TransactionNumber(models.Func):
    """The number of the running transaction, by which a feed can tell what is still to come.

    Ids are handed out before a commit, so a lower id can appear after a higher one; PostgreSQL
    knows below which number every transaction has ended. SQLite writes one at a time.
    """

    template = "0"
    output_field = models.BigIntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="(pg_current_xact_id()::text::bigint)", **extra
        )


# Who numbers transactions: the cluster, since it was made or last restored to a moment of its own.
CLUSTER = """(
    SELECT system_identifier || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8)
    FROM pg_control_system())"""


class FeedNumbering(models.Model):
    """How transactions of this PostgreSQL cluster are numbered in the feed; the only row.

    A cluster into which a dump is restored has counted other transactions. What is `added` to its
    numbers puts its changes after all that were written, or read, before.
    """

    cluster = models.CharField(max_length=100)
    added = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.cluster} + {self.added}"
