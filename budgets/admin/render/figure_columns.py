"""Columns of what a row has spent of its budgets, the same for brands and campaigns."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from budgets.admin.render.cells import bar_cell, percent_cell


class FigureColumns:
    """A list whose rows come with their `figures`. Goes before `ModelAdmin`."""

    @display(description=_("today"), ordering="spent_today")
    def today(self, row: Any) -> SafeString:
        return bar_cell(row.figures.today, with_percent=False)

    @display(description=_("% today"), ordering="used_today")
    def used_today(self, row: Any) -> SafeString:
        return percent_cell(row.figures.today)

    @display(description=_("this month"), ordering="spent_this_month")
    def this_month(self, row: Any) -> SafeString:
        return bar_cell(row.figures.month, with_percent=False)

    @display(description=_("% month"), ordering="used_this_month")
    def used_this_month(self, row: Any) -> SafeString:
        return percent_cell(row.figures.month)
