"""Platform accounts: where a brand's campaigns run, and whether the exchange with it works."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from budgets.admin.base.admin import request_time
from budgets.admin.base.edit_form import EditForm
from budgets.admin.base.scope import PickFilter
from budgets.admin.base.widgets import SearchableSelect
from budgets.admin.base.zones import zone_choices
from budgets.admin.platforms.account_words import delays_in_words, state_of, trouble_in_words
from budgets.admin.platforms.find_page import FindAdmin
from budgets.admin.platforms.link_words import link_in_words
from budgets.admin.platforms.titles import account_title, platform_choices
from budgets.admin.render.cells import chip_cell, name_cell
from budgets.connectors.base import Capability
from budgets.connectors.registry import CONNECTORS, connector_named
from budgets.models import Direction, PlatformAccount
from budgets.models.platforms.platform_account import DailyBudgets
from budgets.reports.platforms import AccountState, account_states, delays, open_ones_first
from budgets.reports.words import local_time

CAMPAIGNS_SHOWN = 20


class AccountForm(EditForm):
    """An account; its credentials are entered on a page of their own."""

    class Meta:
        model = PlatformAccount
        fields = (
            "brand",
            "connector",
            "external_id",
            "name",
            "currency",
            "timezone",
            "reads_from",
            "overlap_days",
            "outside",
            "daily_budgets",
            "is_on",
        )
        widgets = {"timezone": SearchableSelect, "connector": UnfoldAdminSelectWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "timezone" in self.fields:
            zones = zone_choices(now=timezone.now())
            # None is picked beforehand: a wrong zone books spend on wrong days.
            self.fields["timezone"].widget.choices = [("", ""), *zones]
        if "connector" in self.fields:
            self.fields["connector"].widget.choices = [("", "---------"), *platform_choices()]

    def clean_daily_budgets(self) -> str:
        """Refuse what the platform does not offer."""
        chosen = str(self.cleaned_data["daily_budgets"])
        name = self.cleaned_data.get("connector") or self.instance.connector
        if chosen != DailyBudgets.OFF and name in CONNECTORS:
            connector = connector_named(name)
            if Capability.SET_BUDGETS not in connector.capabilities:
                text = _("%(platform)s takes no daily budgets; choose “Off”.")
                raise ValidationError(text % {"platform": connector.title})
        return chosen


@admin.register(PlatformAccount)
class PlatformAccountAdmin(FindAdmin):
    """Accounts with what works and what does not."""

    form = AccountForm
    list_display = ("account", "platform", "state", "read", "linked", "open_orders")
    list_select_related = ("brand",)
    list_filter = (("brand", PickFilter),)
    search_fields = ("name", "external_id", "brand__name")
    autocomplete_fields = ("brand",)
    change_form_outer_before_template = "budgets/platforms/account_top.html"
    what_it_is = (("brand", "connector"), ("external_id", "name"))
    fieldsets = (
        (_("As the platform has it"), {"fields": (("currency", "timezone"),)}),
        (
            _("What is done"),
            {"fields": (("reads_from", "overlap_days"), "outside", "daily_budgets", "is_on")},
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep an account what it is: another one is another row."""
        return ("brand", "platform") if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        what_it_is = (("brand", "platform"), "name") if obj else self.what_it_is
        return ((None, {"fields": what_it_is}), *self.fieldsets)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        first = request_time(request).date().replace(day=1)
        return {"reads_from": first, **super().get_changeform_initial_data(request)}

    def load_page(self, rows: list[PlatformAccount], *, now: datetime) -> None:
        for row, state in zip(rows, account_states(rows), strict=True):
            row.state_now = state  # type: ignore[attr-defined]  # for the cells below

    @display(description=_("account"), ordering="name")
    def account(self, row: PlatformAccount) -> SafeString:
        return name_cell(row.name, row.brand)

    @display(description=_("platform"), ordering="connector")
    def platform(self, row: PlatformAccount) -> str:
        return account_title(row)

    @display(description=_("state"))
    def state(self, row: Any) -> SafeString:
        return chip_cell(*state_of(row.state_now))

    @display(description=_("spend read"))
    def read(self, row: Any) -> str:
        at = row.state_now.read_at
        return local_time(at, row.brand.clock) if at else str(_("never yet"))

    @display(description=_("campaigns"))
    def linked(self, row: Any) -> str:
        return f"{row.state_now.campaigns:,}"

    @display(description=_("not yet confirmed"))
    def open_orders(self, row: Any) -> str:
        return f"{row.state_now.unconfirmed:,}"

    def page_context(self, request: HttpRequest, row: PlatformAccount) -> dict[str, Any]:
        now = request_time(request)
        (state,) = account_states([row])
        links = open_ones_first(row, most=CAMPAIGNS_SHOWN + 1)
        return {
            "account": row,
            "title_there": account_title(row),
            "state": chip_cell(*state_of(state)),
            "trouble": trouble_in_words(state),
            "exchanges": exchanges_in_words(state),
            "delays": delays_in_words(delays(row, now=now)),
            "links": [
                {"campaign": link.campaign, **link_in_words(link, clock=row.brand.clock, now=now)}
                for link in links[:CAMPAIGNS_SHOWN]
            ],
            "has_more_links": len(links) > CAMPAIGNS_SHOWN,
        }


def exchanges_in_words(state: AccountState) -> list[dict[str, Any]]:
    """Return how reading and telling go, each with its last success and its trouble."""
    clock = state.account.brand.clock
    return [
        {
            "name": direction.label,
            "ok_at": local_time(found.ok_at, clock) if found and found.ok_at else _("never yet"),
            "error": found.error if found else "",
            "retry_at": local_time(found.retry_at, clock) if found and found.retry_at else "",
            "refused": found.refused if found else 0,
            "refusal": found.refusal if found else "",
        }
        for direction in Direction
        if direction != Direction.BUDGETS or state.account.daily_budgets != DailyBudgets.OFF
        for found in [state.exchanges.get(direction)]
    ]
