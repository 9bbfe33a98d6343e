"""The policies that are compared: when does each stop what shares a limit, and let it run again?"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from budgets.simulation.feeds import Report
from budgets.simulation.world import MINUTES_A_DAY, World

CHECK_MINUTES = 10


@dataclass(slots=True)
class Books:
    """One limit in the running period, in micros: what was spent, and what of it was reported."""

    limit: int
    spent: int = 0
    reported: int = 0


class Policy(ABC):
    """Decides for the campaigns of one limit, minute by minute."""

    name: ClassVar[str]
    words: ClassVar[str]

    def __init__(self, world: World, books: Books) -> None:
        self.world = world
        self.books = books
        self.is_on = True

    @abstractmethod
    def share_to_run(self, minute: int, *, has_news: bool) -> float:
        """Return for which share of the minute that begins the campaigns run."""

    def begin_day(self, minute: int) -> None:  # noqa: B027  # most need not know
        """A day begins; what was reported of the day before does not count for it."""

    def hear(self, report: Report, minute: int) -> None:  # noqa: B027  # the books do
        """A report has come."""


class Reacting(Policy):
    """Stops once what it knows reaches the limit; runs again once it no longer does."""

    def share_to_run(self, minute: int, *, has_news: bool) -> float:
        if self.looks(minute, has_news=has_news):
            self.is_on = self.known() < self.books.limit
        return float(self.is_on)

    @abstractmethod
    def looks(self, minute: int, *, has_news: bool) -> bool:
        """Say whether it decides at the minute."""

    def known(self) -> int:
        return self.books.reported


class EveryTenMinutes(Reacting):
    name, words = "check", "a check every 10 minutes"

    def looks(self, minute: int, *, has_news: bool) -> bool:  # noqa: ARG002
        return minute % CHECK_MINUTES == 0


class EveryIngest(Reacting):
    name, words = "ingest", "at every report, and at midnight"

    def looks(self, minute: int, *, has_news: bool) -> bool:
        return has_news or minute % MINUTES_A_DAY == 0


class Oracle(Reacting):
    name, words = "oracle", "knows what is spent, each minute"

    def looks(self, minute: int, *, has_news: bool) -> bool:  # noqa: ARG002
        return True

    def known(self) -> int:
        return self.books.spent
