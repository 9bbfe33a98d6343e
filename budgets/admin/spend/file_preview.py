"""What the preview of a file of spend shows, and the page of its import."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from budgets.access.scope import within
from budgets.models import Campaign
from budgets.models.brand_scope import BrandScope
from budgets.reports.words import money, reasons_in_words
from budgets.rules.reasons import PauseReason

ROWS_SHOWN = 100
CAMPAIGNS_SHOWN = 100
TOTALS_SHOWN = 20


def shown_result(facts: dict[str, Any], *, scope: BrandScope) -> dict[str, Any]:
    """Return what became of a file, or would, with the names of campaigns in scope."""
    return {
        "result": facts,
        "delimiter": {",": _("commas"), ";": _("semicolons"), "\t": _("tabs")}.get(
            facts["delimiter"], facts["delimiter"]
        ),
        "amounts": [money(Decimal(amount), code) for code, amount in facts["amounts"].items()],
        "replaced": replaced_totals(facts["replaced_totals"][:TOTALS_SHOWN], scope=scope),
        "replaced_left_out": max(0, facts["replaced"] - TOTALS_SHOWN),
        "refused_rows": facts["refused_rows"][:ROWS_SHOWN],
        "refused_left_out": max(0, facts["refused"] - ROWS_SHOWN),
        "stopping": campaign_list(facts["must_stop"], facts["why"], scope=scope),
        "starting": campaign_list(facts["may_start"], facts["why"], scope=scope),
    }


def replaced_totals(totals: Sequence[dict[str, Any]], *, scope: BrandScope) -> list[dict[str, Any]]:
    """Return totals that take the place of what their source said before, with their campaigns."""
    campaigns = named([total["campaign_id"] for total in totals], scope=scope)
    return [
        {
            "campaign": campaigns[total["campaign_id"]],
            "day": total["day"],
            "source": total["source"],
            "before": money(Decimal(total["before"]), total["currency"]),
            "after": money(Decimal(total["after"]), total["currency"]),
        }
        for total in totals
        if total["campaign_id"] in campaigns
    ]


def campaign_list(ids: Sequence[int], why: dict[str, int], *, scope: BrandScope) -> dict[str, Any]:
    """Return the campaigns that stop, or start: their number, and the first of them."""
    found = named(ids[:CAMPAIGNS_SHOWN], scope=scope)
    rows = [
        {"campaign": found[pk], "why": reasons_in_words(PauseReason(why[str(pk)]))}
        for pk in ids[:CAMPAIGNS_SHOWN]
        if pk in found
    ]
    return {"number": len(ids), "rows": rows, "left_out": len(ids) - len(rows)}


def named(ids: Sequence[int], *, scope: BrandScope) -> dict[int, Campaign]:
    return within(scope, Campaign.objects.select_related("brand")).in_bulk(ids)
