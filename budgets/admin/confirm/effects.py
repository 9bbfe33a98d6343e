"""Effects: the campaigns an edit would stop or start, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from budgets.admin.render.cells import reasons_cell
from budgets.admin.render.words import figures_in_words
from budgets.models import Campaign, Change
from budgets.operations.edits.preview import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectRow:
    """A campaign that would stop or start, as people read it."""

    campaign: Campaign
    reasons: SafeString
    figures: list[str]


def effect_context(effect: Effect) -> dict[str, Any]:
    """Return what `effect.html` needs."""
    return {
        "stops": effect_rows(effect.stops, stopping=True),
        "starts": effect_rows(effect.starts, stopping=False),
        "stop_count": effect.stop_count,
        "start_count": effect.start_count,
        "more_stops": effect.stop_count - len(effect.stops),
        "more_starts": effect.start_count - len(effect.starts),
    }


def effect_rows(changes: Iterable[Change], *, stopping: bool) -> list[EffectRow]:
    """Put changes that have not happened into words."""
    return [
        EffectRow(
            campaign=change.campaign,
            reasons=reasons_cell(change.reasons_after if stopping else change.reasons_before),
            figures=figures_in_words(change),
        )
        for change in changes
    ]
