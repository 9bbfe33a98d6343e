"""What an edit writes, stops and starts, shown to a person who confirms it before it is kept."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from budgets.admin.render.cells import reasons_cell
from budgets.admin.render.words import figures_in_words
from budgets.models import Brand, Campaign, Change, DatedBudget, Schedule
from budgets.operations.edits.preview import Effect, digest_of
from budgets.reports.words import day_in_words, money
from budgets.rules.jumps import is_jump
from budgets.rules.reasons import PauseReason

Edited = Brand | Campaign | Schedule | DatedBudget

CONFIRMED = "_confirmed"
MEANT = "_meant"
REVISE = "_revise"
LOOKED_AT = "_looked_at"
OWN_NAMES = {CONFIRMED, MEANT, REVISE, LOOKED_AT, "csrfmiddlewaretoken"}

BUDGETS = ("daily_budget", "monthly_budget", "amount")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedEdit:
    """One value that is about to change, in words."""

    label: str
    before: str
    after: str
    jump: str = ""
    """What is odd about a budget that differs that much from the one before."""
    of: str = ""
    """Whose value it is, where the edit is of many rows."""
    row_id: int | None = None
    is_stale: bool = False
    """Whether the person was shown another value: somebody else has set the one before since."""
    shown: str = ""
    """What the person was shown; empty where it cannot be told."""
    set_by: str = ""
    set_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What a person is asked to confirm."""

    edits: list[PlannedEdit]
    effect: Effect
    campaigns: int
    """How many campaigns the edit is about, touched or not."""
    brand_ids: Collection[int] = ()
    """Whose brands it tells of."""
    remarks: tuple[str, ...] = ()
    """What else it does, shown and not confirmed: it may move on while people read."""
    of: str = ""
    """What is saved, where it is not stored yet."""
    save_words: str = ""
    """What the button says, where it does not stop or start anything yet."""

    @property
    def jumps(self) -> list[PlannedEdit]:
        """The budgets that differ so much from the one before that they are asked about."""
        return [edit for edit in self.edits if edit.jump]

    @property
    def stale(self) -> list[PlannedEdit]:
        """The edits of values that somebody else has set since they were shown."""
        return [edit for edit in self.edits if edit.is_stale]

    @property
    def is_harmless(self) -> bool:
        """Whether it can be saved without asking."""
        return self.effect.is_none and not self.jumps and not self.stale

    @property
    def digest(self) -> str:
        """A text that differs when what was shown is no longer what would happen."""
        edits = [(edit.row_id, edit.label, edit.before, edit.after) for edit in self.edits]
        return digest_of((edits, self.effect.digest))

    def require(self, sent: QueryDict) -> None:
        """Raise `Unconfirmed` unless the person has seen exactly this and wants it."""
        is_seen = sent.get(CONFIRMED) == self.digest
        if not is_seen or (self.jumps and MEANT not in sent):
            raise Unconfirmed(self)

    def context(self, sent: QueryDict) -> dict[str, Any]:
        """Return what the page that asks needs; `sent` is what was filled in."""
        return {
            "confirmation": self,
            "effect": effect_context(self.effect),
            "others": max(0, self.campaigns - self.effect.count),
            "sent": list(sent_again(sent)),
            "has_moved_on": sent.get(CONFIRMED, self.digest) != self.digest,
            "lacks_meant": CONFIRMED in sent and bool(self.jumps) and MEANT not in sent,
            "names": {"confirmed": CONFIRMED, "meant": MEANT, "revise": REVISE},
        }


class Unconfirmed(Exception):
    """Takes an edit back that a person has yet to confirm."""

    def __init__(self, confirmation: Confirmation) -> None:
        super().__init__(confirmation)
        self.confirmation = confirmation


def sent_again(sent: QueryDict) -> Iterator[tuple[str, str]]:
    """Return what was filled in, to be sent once more with the confirmation."""
    for name, values in sent.lists():
        if name not in OWN_NAMES:
            yield from ((name, value) for value in values)


def planned_edit(
    row: Any, name: str, before: Any, after: Any, *, label: str, of: str = ""
) -> PlannedEdit:
    """Return one changed value of a row as people read it."""
    return PlannedEdit(
        label=label,
        before=value_in_words(name, before, row),
        after=value_in_words(name, after, row),
        jump=jump_in_words(before, after) if name in BUDGETS else "",
        of=of,
        row_id=row.pk,
    )


def jump_in_words(before: Decimal | None, after: Decimal | None) -> str:
    """Say how far a budget jumps; nothing where it does not."""
    times = settings.BUDGET_JUMP
    if before is None or not is_jump(before, after, times=times):
        return ""
    if after is None:
        return _("nothing limits it then")
    text = _("more than %(times)s times as much") if after > before else _("less than 1/%(times)s")
    return text % {"times": f"{times:f}"}


def value_in_words(name: str, value: Any, row: Any) -> str:
    """Return a value of a row as people read it."""
    if name in (*BUDGETS, "rollover_cap"):
        return money(value, currency_of(row))
    if labels := dict(row._meta.get_field(name).flatchoices):
        return str(labels.get(value, value))
    if value is None or value == "":
        return _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return day_in_words(value)
    return str(value)


def count_campaigns(rows: Iterable[Edited]) -> int:
    """Return how many campaigns an edit of these rows is about."""
    owners = [row.of if isinstance(row, DatedBudget) else row for row in rows]
    return sum(1 if isinstance(row, Campaign) else row.campaigns.count() for row in owners)


def currency_of(row: Brand | Campaign | DatedBudget) -> str:
    return row.currency if isinstance(row, Brand) else row.brand.currency


def name_of(row: Edited) -> str:
    """Name a row so that it cannot be mistaken for another brand's."""
    if isinstance(row, DatedBudget):
        return str(row)
    return f"{row.name} · {row.brand.name}" if isinstance(row, Campaign) else row.name


def effect_context(effect: Effect) -> dict[str, Any]:
    """Return what `effect.html` needs."""
    return {
        "stops": [effect_row(change, change.reasons_after) for change in effect.stops],
        "starts": [effect_row(change, change.reasons_before) for change in effect.starts],
        "stop_count": effect.stop_count,
        "start_count": effect.start_count,
        "stay_count": effect.stay_count,
        "idle": [effect_row(change, change.reasons_after) for change in effect.idle],
        "idle_count": effect.idle_count,
        "more_idle": effect.idle_count - len(effect.idle),
        "more_stops": effect.stop_count - len(effect.stops),
        "more_starts": effect.start_count - len(effect.starts),
    }


def effect_row(change: Change, reasons: PauseReason) -> dict[str, Any]:
    figures = figures_in_words(change)
    return {"campaign": change.campaign, "reasons": reasons_cell(reasons), "figures": figures}
