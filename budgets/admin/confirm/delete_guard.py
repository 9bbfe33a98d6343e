"""What stands in the way of a deletion, in a sentence instead of a list of every row."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.contrib.admin.actions import delete_selected
from django.db.models import ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action

from budgets.admin.base.admin import BaseAdmin, page_name
from budgets.admin.confirm import long_deletes
from budgets.admin.confirm.long_deletes import MOST_AT_ONCE, LongDelete
from budgets.models import Brand, Schedule
from budgets.operations.database import id_rows

NAMED = 10


class DeleteGuardAdmin(BaseAdmin):
    """A row that other rows depend on."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.long_delete = LongDelete(self)

    def obstacles_of(self, rows: list[Any]) -> list[str]:
        """Return what keeps rows from being deleted and what to do instead."""
        raise NotImplementedError

    @action(
        description=gettext_lazy("Delete selected %(verbose_name_plural)s"), permissions=["delete"]
    )
    def delete_selected(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponseBase | None:
        """Ask, as Django does, and delete; let a worker do both for many rows."""
        ids = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(ids) > MOST_AT_ONCE:
            text = _("Select at most %(most)s at once; filter the list to get through all of them.")
            messages.error(request, text % {"most": f"{MOST_AT_ONCE:,}"})
            return None
        if len(ids) > long_deletes.MOST_IN_A_REQUEST:
            return self.long_delete.begin(request, ids)
        return delete_selected(self, request, queryset)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        extra = {"hold_url": self.hold_url(request, row), **(extra_context or {})}
        try:
            response: HttpResponse = super().delete_view(request, object_id, extra)
        except ProtectedError as error:
            return self.say_kept(request, error)
        return response

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            response: HttpResponse = super().changelist_view(request, extra_context)
        except ProtectedError as error:
            return self.say_kept(request, error)
        return response

    def say_kept(self, request: HttpRequest, error: ProtectedError) -> HttpResponse:
        """Say what came in the way between the question and the answer; nothing was deleted."""
        messages.error(request, str(error.args[0]))
        return HttpResponseRedirect(reverse(f"admin:{page_name(self.model, 'changelist')}"))

    def hold_url(self, request: HttpRequest, row: Any) -> str:
        """Return the page that holds the row instead; empty where there is nothing to hold."""
        if row is None or getattr(row, "is_held", True):
            return ""
        if not self.has_change_permission(request, row):
            return ""
        return reverse(f"admin:{page_name(self.model, 'hold_one')}", args=[row.pk])

    def get_deleted_objects(
        self, objs: Iterable[Any], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Answer the admin's question what a deletion takes along, without loading it all."""
        rows = list(objs)
        theirs = [row for row in rows if self.has_delete_permission(request, row)]
        protected = self.obstacles_of(theirs)
        meta = rows[0]._meta if rows else None
        counts = {str(meta.verbose_name_plural): len(rows)} if meta else {}
        lacking = set() if meta is None or len(theirs) == len(rows) else {str(meta.verbose_name)}
        return [str(row) for row in rows], counts, lacking, protected


def obstacles_of_brand(brand: Brand) -> list[str]:
    """A brand with campaigns stays, and one whose days were closed."""
    return in_use(brand.campaigns.order_by("name"), brand_text) or kept([brand])


def kept(rows: list[Any]) -> list[str]:
    """The history of money is never thinned out."""
    if not rows:
        return []
    of_model = type(rows[0])._default_manager.filter(pk__in=id_rows([row.pk for row in rows]))
    return [row.kept_because() for row in of_model.on_record().order_by("pk")]


def brand_text(count: int) -> str:
    return ngettext(
        "The brand still has %(n)s campaign: %(names)s. Delete it first, or hold the brand.",
        "The brand still has %(n)s campaigns: %(names)s. Delete them first, or hold the brand.",
        count,
    )


def obstacles_of_schedule(schedule: Schedule) -> list[str]:
    """A schedule in use stays."""
    return in_use(schedule.campaigns.order_by("name"), schedule_text)


def schedule_text(count: int) -> str:
    return ngettext(
        "%(n)s campaign runs by this schedule: %(names)s. Give it another schedule, or none, "
        "first.",
        "%(n)s campaigns run by this schedule: %(names)s. Give them another schedule, or none, "
        "first.",
        count,
    )


def in_use(users: Any, text: Callable[[int], str]) -> list[str]:
    """Name the first few rows that are in the way and count them all."""
    count = users.count()
    if not count:
        return []
    named = ", ".join(f"“{name}”" for name in users.values_list("name", flat=True)[:NAMED])
    more = ", …" if count > NAMED else ""
    return [text(count) % {"n": count, "names": named + more}]
