"""What became of a spend file, as plain data: for programs, and to be kept and shown."""

from itertools import islice
from typing import Any

from budgets.operations.spend_file.campaigns.unmatched import UnmatchedCampaign
from budgets.operations.spend_file.result import Result, Transition

OWN_TOTALS_KEPT = 100
EXPLAINED = 200
"""So many campaigns that stop, and that start, come with their reasons."""


def result_facts(result: Result, *, dry_run: bool) -> dict[str, Any]:
    """Return the numbers, the first of the refused rows, and every campaign to stop or start."""
    platform = result.origin.platform
    return {
        "dry_run": dry_run,
        "kind": str(result.layout.kind),
        "delimiter": result.layout.delimiter,
        "decimal": result.writing.amounts.decimal,
        "platform": platform.source if platform else "",
        "recognised_by": printable(platform.by) if platform else "",
        "columns_chosen": printable(str(result.origin.remembered or "")),
        "header_line": result.origin.header_line,
        "sheet": printable(result.origin.sheet),
        "unread_sheets": [printable(sheet) for sheet in result.origin.unread_sheets],
        "source": printable(result.writing.source),
        "own_totals": [
            {
                "line": total.line,
                "label": printable(total.label),
                "amount": None if total.amount is None else f"{total.amount:f}",
            }
            for total in result.own_totals[:OWN_TOTALS_KEPT]
        ],
        "off_by": None if result.off_by is None else f"{result.off_by:f}",
        "rows": result.rows,
        "accepted": result.accepted,
        "duplicates": result.duplicates,
        "refused": result.refused,
        "amounts": {currency: str(amount) for currency, amount in result.amounts.items()},
        "times_on_brand_clock": result.on_brand_clock,
        "unused_columns": [printable(column) for column in result.layout.unused],
        "day_totals": result.totals,
        "replaced": result.replaced,
        "replaced_totals": [
            {
                "source": total.source,
                "campaign_id": total.campaign_id,
                "day": str(total.day),
                "before": str(total.before),
                "after": str(total.after),
                "currency": total.currency,
            }
            for total in result.replaced_totals
        ],
        "refused_rows": [
            {
                "line": row.line,
                "column": row.column,
                "value": printable(row.value),
                "shown_value": row.shown_value,
                "code": row.code,
                "message": printable(row.message),
            }
            for row in result.refused_rows
        ],
        "found_by_name": len(result.found_by_name),
        "left_out": result.left_out,
        "left_out_campaigns": len(result.left_out_campaigns),
        "unmatched": [unmatched_facts(each) for each in result.unmatched],
        "unmatched_other_rows": result.unmatched.other_rows,
        "lacks_a_brand": result.unmatched.lack_a_brand,
        "why": {str(pk): int(change.after) for pk, change in first_of(result)},
        "must_stop": result.campaigns(stopping=True),
        "may_start": result.campaigns(stopping=False),
        "too_large": result.too_large,
    }


def unmatched_facts(campaign: UnmatchedCampaign) -> dict[str, Any]:
    return {
        "source": printable(campaign.source),
        "external_id": printable(campaign.external_id),
        "name": printable(campaign.name),
        "brand": printable(campaign.brand),
        "brand_id": campaign.brand_id,
        "candidates": list(campaign.candidates),
        "first_line": campaign.first_line,
        "rows": campaign.rows,
        "amounts": {code: f"{amount:f}" for code, amount in campaign.amounts.items()},
    }


def first_of(result: Result) -> list[tuple[int, Transition]]:
    """Return the first of the campaigns that stop, and of those that start."""
    ids = [
        pk
        for stopping in (True, False)
        for pk in islice(result.campaigns(stopping=stopping), EXPLAINED)
    ]
    return [(pk, result.transitions[pk]) for pk in ids]


def printable(text: str) -> str:
    """Return text that every terminal and database takes."""
    return text.encode(errors="replace").decode().replace("\0", "\ufffd")
