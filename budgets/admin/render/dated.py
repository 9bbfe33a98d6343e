"""Dated budgets in cells and words."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from budgets.admin.render.cells import chip_cell
from budgets.models import Brand, Campaign, Period
from budgets.reports.dated_budgets import MOST_SHOWN, DatedLine, DatedState, lines_of
from budgets.reports.words import day_in_words, money

LOOKS = {
    DatedState.PLANNED: "hours",
    DatedState.IN_FORCE: "running",
    DatedState.BENEATH: "plain",
    DatedState.PAST: "plain",
}


def amount_cell(line: DatedLine) -> SafeString:
    return format_html('{} <span class="abm-soft">{}</span>', amount_words(line), kind_words(line))


def amount_words(line: DatedLine) -> str:
    return money(line.amount, line.row.brand.currency)


def kind_words(line: DatedLine) -> str:
    return _("a month") if line.row.period == Period.MONTH else _("a day")


def since_words(line: DatedLine) -> str:
    return day_in_words(line.since) if line.since else _("the beginning")


def until_words(line: DatedLine) -> str:
    return day_in_words(line.until) if line.until else _("no end")


def state_cell(line: DatedLine) -> SafeString:
    return chip_cell(LOOKS[line.state], line.state.label)


def dated_panel(row: Brand | Campaign, *, now: datetime) -> dict[str, Any]:
    """Return what a brand's or campaign's page shows of its budgets over time."""
    name = "campaign" if isinstance(row, Campaign) else "brand"
    lines = lines_of(row, now=now)
    return {
        "rows": [dated_row(line) for line in lines],
        "is_cut": len(lines) == MOST_SHOWN,
        "add": f"{reverse('admin:budgets_datedbudget_add')}?{name}={row.pk}",
        "all": f"{reverse('admin:budgets_datedbudget_changelist')}?{name}__id__exact={row.pk}",
    }


def dated_row(line: DatedLine) -> dict[str, Any]:
    """Return what the panel on a brand's or campaign's page shows of a dated budget."""
    return {
        "address": reverse("admin:budgets_datedbudget_change", args=[line.row.pk]),
        "kind": kind_words(line),
        "amount": amount_words(line),
        "since": since_words(line),
        "until": until_words(line),
        "state": state_cell(line),
    }
