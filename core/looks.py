"""The looks of the admin: name, colours, and the pages in its sidebar."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


def page(title: Any, icon: str, model: str) -> dict[str, Any]:
    """Return the sidebar's item for the list of a model, shown to those who may read it."""
    app, name = model.split(".")
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{app}_{name}_changelist"),
        "permission": lambda request: request.user.has_perm(f"{app}.view_{name}"),
    }


BUDGET_PAGES = [
    {"title": _("Overview"), "icon": "dashboard", "link": reverse_lazy("admin:index")},
    page(_("Brands"), "storefront", "budgets.brand"),
    page(_("Campaigns"), "campaign", "budgets.campaign"),
    page(_("Budgets over time"), "event_upcoming", "budgets.datedbudget"),
    page(_("Schedules"), "calendar_view_week", "budgets.schedule"),
    page(_("Spend"), "payments", "budgets.spend"),
    page(_("Changes"), "history", "budgets.change"),
    {
        "title": _("Activity"),
        "icon": "manage_history",
        "link": reverse_lazy("activity"),
        "permission": lambda request: request.user.has_perm("budgets.view_change"),
    },
    page(_("Statements"), "receipt_long", "budgets.statement"),
    page(_("Platform accounts"), "hub", "budgets.platformaccount"),
    page(_("Linked campaigns"), "cable", "budgets.linkedcampaign"),
    page(_("Spend sources"), "input", "budgets.source"),
    page(_("Jobs"), "hourglass_top", "budgets.job"),
    page(_("Campaign matches"), "link", "budgets.campaignmatch"),
]
OPERATION_PAGES = [
    {
        "title": _("Recurring tasks"),
        "icon": "autorenew",
        "link": reverse_lazy("recurring_tasks"),
        "permission": lambda request: request.user.has_perm("django_celery_beat.view_periodictask"),
    },
    page(_("Users"), "person", "auth.user"),
    page(_("Roles"), "badge", "auth.group"),
    page(_("API keys"), "key", "budgets.apikey"),
    {
        "title": _("Signing in"),
        "icon": "lock",
        "link": reverse_lazy("sign_in"),
        "permission": lambda request: request.user.has_perm("budgets.change_twosteprole"),
    },
]
TABLES_OF_TASKS = [
    page(_("Periodic tasks"), "schedule", "django_celery_beat.periodictask"),
    page(_("Intervals"), "timer", "django_celery_beat.intervalschedule"),
    page(_("Crontabs"), "event_repeat", "django_celery_beat.crontabschedule"),
]
BLUES = "#eff6ff #dbeafe #bfdbfe #93c5fd #60a5fa #3b82f6 #1d4ed8 #1e40af #1e3a8a #172554 #0f1b40"
SHADES = "50 100 200 300 400 500 600 700 800 900 950"

LOOKS: dict[str, Any] = {
    "SITE_TITLE": "Ad Budget Manager",
    "SITE_HEADER": "Ad Budget Manager",
    "SITE_SYMBOL": "savings",
    "SITE_URL": None,
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda _request: static("budgets/favicon.svg"),
        }
    ],
    "DASHBOARD_CALLBACK": "budgets.admin.dashboard.dashboard",
    "STYLES": [lambda _request: static("budgets/admin.css")],
    "SCRIPTS": [lambda _request: static("budgets/accessible.js")],
    # White text on the 600 reads at 6.7 to 1.
    "COLORS": {"primary": dict(zip(SHADES.split(), BLUES.split(), strict=True))},
    "ACCOUNT": {
        "navigation": [
            {"title": _("Change password"), "link": reverse_lazy("admin:password_change")},
            {"title": _("Two-step sign-in"), "link": reverse_lazy("two_step")},
        ],
    },
    "SIDEBAR": {
        "navigation": [
            {"items": BUDGET_PAGES},
            {"title": _("Operation"), "separator": True, "items": OPERATION_PAGES},
            {"title": _("Tables of tasks"), "collapsible": True, "items": TABLES_OF_TASKS},
        ],
    },
}
