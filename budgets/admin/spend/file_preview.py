"""What the pages of a preview of a file of spend, and of its import, show."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.access.scope import within
from budgets.admin.base.scope import scope_of
from budgets.admin.jobs.pages import PAGES, JobPage
from budgets.admin.spend.given_form import AnswersForm
from budgets.models import Campaign, Job
from budgets.models.brand_scope import BrandScope
from budgets.operations.jobs.files import REFUSED
from budgets.operations.spend_file.given import Given
from budgets.operations.spend_file.header.platforms import NAMES
from budgets.operations.spend_file.work import IMPORT, PREVIEW
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
        "platform": NAMES.get(facts["platform"], ""),
        "is_added_up": 0 < facts["day_totals"] < facts["accepted"] + facts["duplicates"],
        "agrees": facts["off_by"] is not None and Decimal(facts["off_by"]) == 0,
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


def result_context(request: HttpRequest, job: Job) -> dict[str, Any]:
    """Return what the page shows of a preview, or of an import."""
    is_mine = job.asked_by_id == request.user.pk
    if "questions" in (job.result or {}):
        form = answers_form(request, job)
        return {"is_mine": is_mine, "is_open": True, "form": form, "facts": job.result}
    return {
        **shown_result(job.result or {}, scope=scope_of(request)),
        "is_mine": is_mine,
        "has_refused_file": is_mine and (job.folder / REFUSED).exists(),
    }


def answers_form(request: HttpRequest, job: Job) -> AnswersForm:
    """Return the form in which a person says how the file is to be read."""
    before = Given.read(job.arguments["given"])
    data = request.POST if request.method == "POST" else None
    return AnswersForm(data, before=before, facts=job.result or {}, scope=scope_of(request))


PAGES[PREVIEW] = JobPage(
    label=gettext_lazy("Preview of a file of spend"),
    template="budgets/spend_import/preview.html",
    context=result_context,
    start_over="admin:budgets_spend_import_spend",
)
PAGES[IMPORT] = JobPage(
    label=gettext_lazy("Import of spend"),
    template="budgets/spend_import/result.html",
    context=result_context,
    start_over="admin:budgets_spend_import_spend",
    again="admin:budgets_spend_confirm_import",
)
