"""What the preview of a file of spend shows, and what is said after its import."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.admin.spend.file_upload import Upload
from budgets.models import Campaign
from budgets.operations.spend_file.result import Result
from budgets.reports.words import money, reasons_in_words

ROWS_SHOWN = 100
CAMPAIGNS_SHOWN = 100
TOTALS_SHOWN = 20


def preview_of(result: Result, upload: Upload) -> dict[str, Any]:
    return {
        "result": result,
        "file_name": upload.file_name,
        "upload": upload.signed(),
        "delimiter": {",": _("commas"), ";": _("semicolons"), "\t": _("tabs")}[
            result.layout.delimiter
        ],
        "amounts": amounts_of(result),
        "replaced": replaced_totals(result),
        "replaced_left_out": max(0, result.replaced - TOTALS_SHOWN),
        "refused_rows": result.refused_rows[:ROWS_SHOWN],
        "refused_left_out": max(0, result.refused - ROWS_SHOWN),
        "stopping": campaign_list(result, stopping=True),
        "starting": campaign_list(result, stopping=False),
    }


def replaced_totals(result: Result) -> list[dict[str, Any]]:
    """Return the first of the totals that take the place of what their source said before."""
    totals = result.replaced_totals[:TOTALS_SHOWN]
    campaigns = Campaign.objects.select_related("brand").in_bulk({t.campaign_id for t in totals})
    return [
        {
            "campaign": campaigns[total.campaign_id],
            "day": total.day,
            "source": total.source,
            "before": money(total.before, total.currency),
            "after": money(total.after, total.currency),
        }
        for total in totals
        if total.campaign_id in campaigns
    ]


def campaign_list(result: Result, *, stopping: bool) -> dict[str, Any]:
    """Return the campaigns that would stop, or start: their number, and the first of them."""
    ids = result.campaigns(stopping=stopping)
    found = Campaign.objects.select_related("brand").in_bulk(ids[:CAMPAIGNS_SHOWN])
    rows = [
        {"campaign": found[pk], "why": reasons_in_words(result.transitions[pk].after)}
        for pk in ids[:CAMPAIGNS_SHOWN]
        if pk in found
    ]
    return {"number": len(ids), "rows": rows, "left_out": len(ids) - len(rows)}


def add_messages(request: HttpRequest, result: Result) -> None:
    """Say in messages what was imported, and what stopped and started."""
    n, sums = result.accepted, ", ".join(amounts_of(result))
    if n:
        words = ngettext("%(n)s row was new: %(sums)s.", "%(n)s rows were new: %(sums)s.", n)
        messages.success(request, words % {"n": f"{n:,}", "sums": sums})
    if n := result.duplicates:
        words = ngettext(
            "%(n)s row was known before and counts once.",
            "%(n)s rows were known before and count once.",
            n,
        )
        messages.info(request, words % {"n": f"{n:,}"})
    if n := result.refused:
        words = ngettext("%(n)s row was refused.", "%(n)s rows were refused.", n)
        messages.warning(request, words % {"n": f"{n:,}"})
    if n := len(result.campaigns(stopping=True)):
        words = ngettext("%(n)s campaign stopped.", "%(n)s campaigns stopped.", n)
        messages.warning(request, words % {"n": f"{n:,}"})
    if n := len(result.campaigns(stopping=False)):
        words = ngettext("%(n)s campaign started.", "%(n)s campaigns started.", n)
        messages.success(request, words % {"n": f"{n:,}"})


def amounts_of(result: Result) -> list[str]:
    return [money(amount, currency) for currency, amount in result.amounts.items()]
