"""What a brand's page shows above its form: the month, its pace, and who spends it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from budgets.admin.render.cells import bar_cell, campaigns_cell, clock_cell, plan_cell, status_cell
from budgets.admin.render.charts import curve
from budgets.admin.render.dated import dated_panel
from budgets.admin.render.words import share_in_percent
from budgets.models import Brand
from budgets.reports.charts import CampaignShare, burn_up, ranked
from budgets.reports.figures import brand_figures_for
from budgets.reports.pace import paces_for
from budgets.reports.words import money


def brand_context(brand: Brand, *, now: datetime) -> dict[str, Any]:
    figures = brand_figures_for([brand], now=now)
    own = figures[brand.pk]
    pace = paces_for([brand], figures, now=now)[brand.pk]
    month = burn_up(brand, now=now)
    title = _("The month adding up, against budget and plan")
    return {
        "brand": brand,
        "campaigns": campaigns_cell(brand, own),
        "today_bar": bar_cell(own.today),
        "month_bar": bar_cell(own.month),
        "clock": clock_cell(brand.clock, now=now),
        "chart": curve("abm-month", title, month, brand.currency),
        "shares": [share_in_words(row, brand) for row in ranked(brand, now=now)],
        "plan": plan_cell(pace, brand.currency, is_wide=True),
        "dated": dated_panel(brand, now=now),
    }


def share_in_words(row: CampaignShare, brand: Brand) -> dict[str, Any]:
    return {
        "campaign": row.campaign,
        "spent": money(row.spent, brand.currency),
        "share": "–" if row.share is None else share_in_percent(row.share),
        "status": status_cell(row.campaign),
    }
