"""Quarter hours of a scratch database: without an edge, and with one for a fifth of all."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.db import connection

from benchmarks.world.measure import Act
from benchmarks.world.seed import tidy
from budgets.models import Heartbeat, Schedule
from budgets.operations.edges import decide_due
from budgets.operations.reconcile import reconcile

EDGE = datetime(2026, 3, 18, 19, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
CLOSES, OPENS = "Mon-Sun 00:00-19:00", "Mon-Sun 19:00-24:00"

TWO_IN_TEN = """
UPDATE budgets_campaign
SET schedule_id = CASE id %% 10 WHEN 0 THEN %(closes)s WHEN 5 THEN %(opens)s END
"""


def quarter_hours() -> Iterator[tuple[str, Act]]:
    """Yield both kinds, each beside a check of all campaigns for the same instant."""
    yield "to one clock", Act(on_one_clock)
    yield "all, no edge", Act(lambda: reconcile(now=EDGE - QUARTER), before_the_edge)
    yield "no edge", Act(lambda: decide_due(now=EDGE - QUARTER), before_the_edge)
    yield "all turn", Act(lambda: reconcile(now=EDGE), before_the_edge)
    yield "a fifth turns", Act(lambda: decide_due(now=EDGE), before_the_edge)


def on_one_clock() -> None:
    """Give every tenth campaign hours that end with the edge, and another tenth such that begin."""
    closes, opens = Schedule.objects.order_by("id")[:2]
    for schedule, hours in ((closes, CLOSES), (opens, OPENS)):
        Schedule.objects.filter(pk=schedule.pk).update(hours=hours)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE budgets_brand SET timezone = 'UTC'")  # a save would refuse it
        cursor.execute(TWO_IN_TEN, {"closes": closes.pk, "opens": opens.pk})
    before_the_edge()


def before_the_edge() -> None:
    """Put everything back to the quarter hour before, all edges met."""
    reconcile(now=EDGE - QUARTER)
    Heartbeat.objects.update_or_create(
        name="decide_due", defaults={"at": EDGE, "began_at": EDGE - timedelta(minutes=16)}
    )
    tidy("budgets_campaign", "budgets_change")
