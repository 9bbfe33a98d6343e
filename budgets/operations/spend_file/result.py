"""What became of a spend file, or would."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from budgets.operations.spend_file.layout import Layout
from budgets.operations.spend_file.rows import RefusedRow
from budgets.rules.money import to_units
from budgets.rules.reasons import NO_REASON, PauseReason

REFUSED_KEPT = 1_000
"""Refused rows that are kept to be shown; a file of refused rows has all."""


@dataclass(slots=True)
class Transition:
    """The reasons of a campaign before the file and after it."""

    before: PauseReason
    after: PauseReason

    @property
    def must_stop(self) -> bool:
        """Whether the campaign ran and does not any more."""
        return self.before == NO_REASON != self.after

    @property
    def may_start(self) -> bool:
        """Whether the campaign was paused and runs now."""
        return self.before != NO_REASON == self.after


@dataclass(slots=True)
class Result:
    """The numbers of a file: rows, money by currency, and the campaigns that changed."""

    layout: Layout
    rows: int = 0
    accepted: int = 0
    duplicates: int = 0
    refused: int = 0
    on_brand_clock: int = 0
    micros: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    refused_rows: list[RefusedRow] = field(default_factory=list)
    transitions: dict[int, Transition] = field(default_factory=dict)
    too_large: bool = False
    """Whether some total would be beyond the largest amount; the import says which rows."""

    @property
    def amounts(self) -> dict[str, Decimal]:
        """The money that is new, by currency. Day totals count as their difference."""
        return {currency: to_units(self.micros[currency]) for currency in sorted(self.micros)}

    def refuse(self, rows: Iterable[RefusedRow]) -> None:
        """Count refused rows; keep the first of them."""
        for row in rows:
            self.refused += 1
            if len(self.refused_rows) < REFUSED_KEPT:
                self.refused_rows.append(row)

    def change(self, campaign_id: int, before: PauseReason, after: PauseReason) -> None:
        """Note a change; of several changes of a campaign, where they started and ended."""
        transition = self.transitions.setdefault(campaign_id, Transition(before, after))
        transition.after = after

    def campaigns(self, *, stopping: bool) -> list[int]:
        """Return the ids of the campaigns that stop, or of those that start."""
        return sorted(
            pk
            for pk, transition in self.transitions.items()
            if (transition.must_stop if stopping else transition.may_start)
        )
