"""Schedules: the weekly hours campaigns may run in."""

from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from budgets.access.scope import is_used_outside, keep_in_scope, within
from budgets.admin.base.forms import ScheduleForm
from budgets.admin.base.scope import scope_of
from budgets.admin.confirm.delete_guard import DeleteGuardAdmin, obstacles_of_schedule
from budgets.admin.confirm.history import HistoryAdmin
from budgets.admin.confirm.preview import PreviewedAdmin
from budgets.admin.import_export.admin import ImportExportAdmin
from budgets.admin.import_export.resources import ScheduleResource
from budgets.admin.render.cells import name_cell, status_cell
from budgets.models import Campaign, Schedule
from budgets.models.brand_scope import BrandScope

QUARTERS_AN_HOUR = 4
USERS_SHOWN = 25
LONGEST_IN_A_LINK = 2_000


@admin.register(Schedule)
class ScheduleAdmin(HistoryAdmin, PreviewedAdmin, DeleteGuardAdmin, ImportExportAdmin):
    """Schedules with their hours and how many campaigns run by them."""

    form = ScheduleForm
    resource_classes = (ScheduleResource,)
    actions = ("delete_selected",)
    list_display = ("schedule", "open_hours", "used_by")
    list_display_links = ("schedule",)
    search_fields = ("name",)
    search_help_text = _("Search schedules by name")
    ordering = ("name", "id")
    fieldsets = ((None, {"fields": ("name", "hours", "exceptions")}),)
    change_form_outer_before_template = "budgets/schedule_theirs.html"
    change_form_outer_after_template = "budgets/schedule_users.html"

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        listed = super().get_changelist_instance(request)
        count_users(listed.result_list, scope_of(request))
        return listed

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self.is_theirs(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self.is_theirs(request, obj)

    def is_theirs(self, request: HttpRequest, obj: Any) -> bool:
        """Say whether the schedule, itself or its id, serves no campaign beyond scope."""
        scope = scope_of(request)
        if obj is None or scope.all_brands:
            return True
        schedule = obj if isinstance(obj, Schedule) else self.get_object(request, str(obj))
        return schedule is not None and not is_used_outside(scope, schedule)

    @display(description=_("schedule"), ordering="name")
    def schedule(self, row: Any) -> SafeString:
        return name_cell(row.name, row.hours)

    @display(description=_("open"))
    def open_hours(self, row: Any) -> str:
        hours = row.week_hours.open_quarters / QUARTERS_AN_HOUR
        return str(_("%(hours)g hours a week")) % {"hours": hours}

    @display(description=_("used by"))
    def used_by(self, row: Any) -> str:
        text = ngettext("%(n)s campaign", "%(n)s campaigns", row.users)
        return text % {"n": row.users}

    def page_context(self, request: HttpRequest, row: Schedule) -> dict[str, Any]:
        is_shared = super().has_change_permission(request) and not self.is_theirs(request, row)
        add_url = reverse("admin:budgets_schedule_add") if self.has_add_permission(request) else ""
        dates = {"exceptions": row.exceptions} if len(row.exceptions) < LONGEST_IN_A_LINK else {}
        hours = urlencode({"name": row.name, "hours": row.hours} | dates)
        return {
            "users": users_of(row, scope_of(request)),
            "schedule": row,
            "others_use": is_shared,
            "add_url": add_url and f"{add_url}?{hours}",
        }

    def after_create(self, request: HttpRequest, row: Any) -> None:
        keep_in_scope(scope_of(request), row)

    def obstacles_of(self, rows: list[Schedule]) -> list[str]:
        return [obstacle for row in rows for obstacle in obstacles_of_schedule(row)]


def count_users(rows: list[Schedule], scope: BrandScope) -> None:
    """Put on each schedule how many campaigns in scope run by it."""
    users = within(scope, Campaign.objects.filter(schedule__in=[row.pk for row in rows]))
    counts = dict(users.order_by().values_list("schedule").annotate(users=Count("id")))
    for row in rows:
        row.users = counts.get(row.pk, 0)  # type: ignore[attr-defined]  # for the cell above


def users_of(schedule: Schedule, scope: BrandScope) -> list[dict[str, Any]]:
    """Return the first campaigns in scope that run by the schedule."""
    users = within(scope, schedule.campaigns.select_related("brand"))
    users = users.order_by("brand__name", "name")
    return [
        {"campaign": campaign, "status": status_cell(campaign)} for campaign in users[:USERS_SHOWN]
    ]
