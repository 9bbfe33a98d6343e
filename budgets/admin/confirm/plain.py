"""Confirmations and effects as plain data, as a job keeps them, and what pages show of it."""

from dataclasses import asdict
from typing import Any

from django.http import QueryDict

from budgets.admin.confirm.confirmation import (
    CONFIRMED,
    MEANT,
    OWN_NAMES,
    REVISE,
    Confirmation,
)
from budgets.admin.render.cells import reasons_cell
from budgets.admin.render.words import figures_in_words
from budgets.models import Change
from budgets.operations.edits.preview import Effect
from budgets.rules.reasons import PauseReason


def confirmation_facts(confirmation: Confirmation, sent: QueryDict) -> dict[str, Any]:
    """Return what a person is asked to confirm; `sent` is what they confirmed before."""
    digest = confirmation.digest
    return {
        "edits": [asdict(edit) for edit in confirmation.edits],
        "digest": digest,
        "remarks": list(confirmation.remarks),
        "campaigns": confirmation.campaigns,
        "effect": effect_facts(confirmation.effect),
        "brand_ids": sorted(confirmation.brand_ids),
        "has_moved_on": sent.get(CONFIRMED, digest) != digest,
        "lacks_meant": CONFIRMED in sent and bool(confirmation.jumps) and MEANT not in sent,
    }


def confirmation_context(facts: dict[str, Any], sent: QueryDict) -> dict[str, Any]:
    """Return what the page that asks needs, as `Confirmation.context` does."""
    jumps = [edit for edit in facts["edits"] if edit["jump"]]
    return {
        "confirmation": {**facts, "jumps": jumps},
        **effect_context(facts),
        "sent": [
            (name, value)
            for name, values in sent.lists()
            if name not in OWN_NAMES
            for value in values
        ],
        "has_moved_on": facts["has_moved_on"],
        "lacks_meant": facts["lacks_meant"],
        "names": {"confirmed": CONFIRMED, "meant": MEANT, "revise": REVISE},
    }


def effect_facts(effect: Effect) -> dict[str, Any]:
    return {
        "stops": [campaign_facts(change, change.reasons_after) for change in effect.stops],
        "starts": [campaign_facts(change, change.reasons_before) for change in effect.starts],
        "stop_count": effect.stop_count,
        "start_count": effect.start_count,
        "stay_count": effect.stay_count,
        "idle": [campaign_facts(change, change.reasons_after) for change in effect.idle],
        "idle_count": effect.idle_count,
    }


def campaign_facts(change: Change, reasons: PauseReason) -> dict[str, Any]:
    campaign = change.campaign
    return {
        "campaign": {"name": campaign.name, "brand": {"name": campaign.brand.name}},
        "reasons": int(reasons),
        "figures": figures_in_words(change),
    }


def effect_context(facts: dict[str, Any]) -> dict[str, Any]:
    """Return what `effect.html` needs, and its twin for what is done."""
    effect = facts.get("effect")
    if effect is None:
        return {}
    # A result from before an upgrade counts fewer kinds.
    effect = {"stay_count": 0, "idle": [], "idle_count": 0, **effect}
    touched = effect["stop_count"] + effect["start_count"] + effect["stay_count"]
    others = facts.get("campaigns", 0) - touched
    return {"effect": shown_effect(effect), "others": max(0, others)}


def shown_effect(facts: dict[str, Any]) -> dict[str, Any]:
    def shown(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [row | {"reasons": reasons_cell(PauseReason(row["reasons"]))} for row in rows]

    return {
        **facts,
        "stops": shown(facts["stops"]),
        "starts": shown(facts["starts"]),
        "idle": shown(facts["idle"]),
        "more_idle": facts["idle_count"] - len(facts["idle"]),
        "more_stops": facts["stop_count"] - len(facts["stops"]),
        "more_starts": facts["start_count"] - len(facts["starts"]),
    }
