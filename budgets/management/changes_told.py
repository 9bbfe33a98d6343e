"""Tell the terminal of each campaign that pauses or resumes, whoever or whatever did it."""

import logging
import time
from collections.abc import Iterator
from datetime import datetime
from threading import Thread

from django.db import Error, connections
from django.utils import timezone

from budgets.models import Change
from budgets.reports.history.change_feed import (
    FeedCursor,
    FeedStretch,
    stops_and_starts,
    stretch_after,
)
from budgets.reports.words import reasons_in_words
from core.processes.console import Console

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 2
MOST_LINES = 10
"""More at once are summed up: who is at the terminal can read so many."""


class ChangesTold:
    """Follows the feed of changes in a thread of its own, for as long as the process runs.

    Changes come from workers, pages, programs and shells: only the database sees them all. It may
    be away for a while; what is told then is told when it is back.
    """

    def __init__(self, console: Console, *, after: FeedCursor, changes_url: str) -> None:
        self._console = console
        self._cursor = after
        self._changes_url = changes_url

    def start(self) -> None:
        """Tell from now on. Whatever happens to it, the programs run on."""
        Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        while True:
            try:
                self.look(now=timezone.now())
            except Error as error:
                log.debug("The changes could not be read: %s", error)
                connections.close_all()
            time.sleep(LOOK_EVERY_SECONDS)

    def look(self, *, now: datetime) -> None:
        """Tell what came since the last look."""
        stretch = stretch_after(self._cursor)
        if stretch.stops + stretch.starts > MOST_LINES:
            for line in self._summed_up(stretch):
                self._console.news(line, at=now)
        elif stretch.stops or stretch.starts:
            for change in stops_and_starts(after=self._cursor, until=stretch.end):
                self._console.news(in_words(change), at=change.at)
        self._cursor = stretch.end

    def _summed_up(self, stretch: FeedStretch) -> Iterator[str]:
        for done, number in (("paused", stretch.stops), ("resumed", stretch.starts)):
            if number:
                campaigns = "campaign" if number == 1 else "campaigns"
                yield f"{done} {number:,} {campaigns}; see {self._changes_url}"


def in_words(change: Change) -> str:
    """Return what happened to which campaign, and why."""
    done = "paused" if change.must_stop else "resumed"
    reasons = change.reasons_after if change.must_stop else change.reasons_before
    why = ", ".join(decapitalised(reason) for reason in reasons_in_words(reasons))
    told = f"{done} {change.campaign.brand.name} | {change.campaign.name}"
    told += f": {why}" if change.must_stop else f" (was: {why})"
    return f"{told}, by {change.by}" if change.by else told


def decapitalised(words: str) -> str:
    return words[:1].lower() + words[1:]
