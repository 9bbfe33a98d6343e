"""What a campaign's page shows around its form: why, on which figures, and what happened."""

from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from budgets.admin.platforms.link_words import link_in_words
from budgets.admin.render.activity import change_in_words
from budgets.admin.render.cells import bar_cell, clock_cell, plan_cell, status_cell
from budgets.admin.render.charts import curve, daily
from budgets.admin.render.dated import dated_panel
from budgets.admin.render.timeline import strip
from budgets.models import Campaign
from budgets.reports.charts import last_days, today_by_hour
from budgets.reports.explain import explain
from budgets.reports.figures import figures_for
from budgets.reports.pace import paces_for
from budgets.reports.platforms import links_of
from budgets.reports.words import wall_time

CHANGES_SHOWN = 12


def campaign_context(campaign: Campaign, *, now: datetime) -> dict[str, Any]:
    """Return what the campaign's page shows above and below its form."""
    figures_of = figures_for([campaign], now=now)
    figures, pace = figures_of[campaign.pk], paces_for([campaign], figures_of, now=now)[campaign.pk]
    clock = campaign.brand.clock
    changes = campaign.changes_here.select_related("by", "brand").order_by("-id")
    rows = [
        {"at": wall_time(change.at, clock), **change_in_words(change)}
        for change in changes[: CHANGES_SHOWN + 1]
    ]
    links = links_of([campaign.pk])[campaign.pk]
    return {
        "campaign": campaign,
        "links": [link_in_words(link, clock=clock, now=now) for link in links],
        "sentence": explain(campaign, now=now).sentence,
        "status": status_cell(campaign),
        "today_bar": bar_cell(figures.today),
        "month_bar": bar_cell(figures.month),
        "plan": plan_cell(pace, campaign.brand.currency, is_wide=True),
        "clock": clock_cell(clock, now=now),
        "strip": strip(campaign, now=now),
        "charts": charts(campaign, now=now),
        "dated": dated_panel(campaign, now=now),
        "changes": rows[:CHANGES_SHOWN],
        "zone": clock.zone.key,
        "has_more_changes": len(rows) > CHANGES_SHOWN,
    }


def charts(campaign: Campaign, *, now: datetime) -> list[SafeString]:
    """Draw today by the hour and the last weeks by the day."""
    currency = campaign.brand.currency
    today = today_by_hour(campaign, now=now)
    days = last_days(campaign, now=now)
    return [
        curve("abm-today", _("Today by the hour"), today, currency),
        daily("abm-days", _("Spend a day, the last 40 days"), days, currency),
    ]
