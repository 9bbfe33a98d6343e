"""The feed of changes: read from a cursor on, it misses none and repeats none."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet

from budgets.access.scope import within
from budgets.models import Change
from budgets.models.brand_scope import BrandScope
from budgets.models.feed_numbering import CLUSTER


class FeedCursor(NamedTuple):
    """Where in the feed somebody is: after this change, which need not exist."""

    transaction: int
    id: int


START = FeedCursor(0, 0)


# Transactions are numbered for all databases of a server, but only those of this one can write our
# changes: a backup of a neighbour must not hold the feed up. Sessions of another role do not show
# their transaction; beside one of these we wait for everybody's. A session shows 32 bits of its
# number, so how far it is behind the next number is counted within these.
OLDEST_RUNNING = f"""
WITH snapshot AS MATERIALIZED (
    SELECT pg_snapshot_xmin(current)::text::bigint AS oldest,
           pg_snapshot_xmax(current)::text::bigint AS next
    FROM pg_current_snapshot() AS current
),
session AS (
    SELECT usename <> current_user AS is_hidden,
           (snapshot.next - backend_xid::text::bigint) & 4294967295 AS behind
    FROM pg_stat_activity, snapshot
    WHERE datname = current_database() AND backend_type = 'client backend'
),
running AS (
    SELECT CASE WHEN bool_or(is_hidden) THEN MIN(oldest)
                ELSE MIN(next) - COALESCE(MAX(behind) FILTER (WHERE behind < 2147483648), 0)
           END AS oldest
    FROM session, snapshot
)
SELECT CASE WHEN n.id IS NULL THEN oldest
            WHEN n.cluster = {CLUSTER} THEN oldest + n.added
            ELSE (SELECT COALESCE(MAX(transaction), 0) + 1 FROM budgets_change) END
FROM running LEFT JOIN budgets_feednumbering n ON true
"""  # noqa: S608 - our own words


def oldest_running() -> int:
    """Return the number of the oldest transaction still running; every lower one has ended.

    Ids are handed out before the commit: without this a reader could pass by a change that becomes
    visible a moment later. Must be asked in a statement before the one that reads. Where a dump was
    restored and no change written since, all that there are have ended.
    """
    with connection.cursor() as cursor:
        cursor.execute(OLDEST_RUNNING)
        (number,) = cursor.fetchone()
        return int(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """Changes in the order of the feed, and the cursor to read on from."""

    changes: list[Change]
    cursor: FeedCursor
    has_more: bool


def changes_after(cursor: FeedCursor, *, scope: BrandScope, condition: Q, limit: int) -> FeedPage:
    """Return up to `limit` changes in the scope, after the cursor, that meet the condition.

    On PostgreSQL a change appears once no older transaction is left that could still commit;
    SQLite has one writer at a time, so its ids are in the order of the commits.
    """
    visible = within(scope, settled(cursor).filter(condition))
    found = list(visible.select_related("campaign", "by")[: limit + 1])
    changes = found[:limit]
    last = FeedCursor(changes[-1].transaction, changes[-1].pk) if changes else cursor
    return FeedPage(changes=changes, cursor=last, has_more=len(found) > limit)


def settled(cursor: FeedCursor) -> QuerySet[Change]:
    """Return the changes after the cursor to which none before can be added any more."""
    if connection.vendor != "postgresql":
        return Change.objects.filter(pk__gt=cursor.id).order_by("pk")
    later = Q(transaction__gt=cursor.transaction) | Q(
        transaction=cursor.transaction, pk__gt=cursor.id
    )
    # The first bound repeats what `later` says in the form an index can start from.
    bounds: dict[str, Any] = {
        "transaction__gte": cursor.transaction,
        "transaction__lt": oldest_running(),
    }
    return Change.objects.filter(later, **bounds).order_by("transaction", "pk")


STOPS, STARTS = Q(before=0), Q(after=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedStretch:
    """How many campaigns stopped and started in a stretch of the feed, and where it ends."""

    stops: int
    starts: int
    end: FeedCursor


def end_of_feed() -> FeedCursor:
    """Return the cursor after all that can be read now, without counting it."""
    transaction = oldest_running() - 1 if connection.vendor == "postgresql" else 0
    newest = Change.objects.aggregate(id=Max("pk"))["id"]
    return FeedCursor(transaction, newest or 0)


def stretch_after(cursor: FeedCursor) -> FeedStretch:
    """Count what the feed holds after the cursor, of all brands."""
    found = settled(cursor).aggregate(
        stops=Count("pk", filter=STOPS),
        starts=Count("pk", filter=STARTS),
        transaction=Max("transaction"),
        id=Max("pk"),
    )
    # Nothing that may still come has both a transaction and an id as low as these.
    end = cursor if found["id"] is None else FeedCursor(found["transaction"], found["id"])
    return FeedStretch(stops=found["stops"], starts=found["starts"], end=end)


def stops_and_starts(*, after: FeedCursor, until: FeedCursor) -> list[Change]:
    """Return the stops and starts of a stretch that was counted, with campaigns and brands."""
    found = settled(after).filter(
        STOPS | STARTS, transaction__lte=until.transaction, pk__lte=until.id
    )
    return list(found.select_related("campaign__brand", "by"))
