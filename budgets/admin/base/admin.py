"""What every page of the admin shares: one instant a request, bounded lists, words for changes."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.admin.views.main import ORDER_VAR
from django.db.models import F, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

from budgets.admin.base.active_filters import ActiveFilter, active_filters
from budgets.admin.base.known_history import KnownHistory
from budgets.admin.base.lists import BoundedList, DeclaredChangeList
from budgets.admin.base.paginator import BoundedPaginator
from budgets.admin.base.scope import AlikeUnseen, BrandScoped
from budgets.models import Change
from budgets.operations import edits
from budgets.operations.database import id_rows
from budgets.reports.words import reasons_in_words

ROWS_A_PAGE = 50
NAMES_TOLD = 5
MOST_SORTED = 200_000


def request_time(request: HttpRequest) -> datetime:
    """Return the instant of a request: the clock is read once, all its parts agree."""
    instant: datetime | None = getattr(request, "abm_instant", None)
    if instant is None:
        instant = timezone.now()
        request.abm_instant = instant  # type: ignore[attr-defined]  # carried by the request
    return instant


def page_name(model: type[Model], page: str) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}_{page}"


class PageChangeList(DeclaredChangeList):
    """A list that loads what a page of rows needs in one go."""

    root_queryset: QuerySet[Any]

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Any]:
        if ORDER_VAR in self.params:
            self.root_queryset = self.model_admin.with_sort_keys(request, self.root_queryset)
        rows: QuerySet[Any] = super().get_queryset(request, *args, **kwargs)
        return rows

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """Put rows without what they are sorted by last; leave a sort that takes too long."""
        ordering = list(super().get_ordering(request, queryset))
        costly = self.model_admin.costly_sorts & {name_of(part) for part in ordering}
        # A search finds few; what it searches is not worth counting.
        if not costly or self.query or not queryset.order_by()[MOST_SORTED : MOST_SORTED + 1]:
            return [self.none_last(part) for part in ordering]
        text = _("More than %(most)s rows are too many to sort by this: filter the list first.")
        told = text % {"most": f"{MOST_SORTED:,}"}
        messages.warning(request, told, fail_silently=True)
        return list(self.model_admin.get_ordering(request))

    def none_last(self, part: Any) -> Any:
        name = name_of(part)
        fields = {field.name: field for field in self.opts.fields}
        can_be_none = fields[name].null if name in fields else name in self.model_admin.costly_sorts
        if not can_be_none or not isinstance(part, str):
            return part
        return F(name).desc(nulls_last=True) if part[0] == "-" else F(name).asc(nulls_last=True)

    @property
    def active_filters(self) -> list[ActiveFilter]:
        return active_filters(self)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: list[Any] = list(self.result_list)
        if not self.has_active_filters and not self.query:
            self.full_result_count = self.result_count
        self.model_admin.load_page(self.result_list, now=request_time(request))


def name_of(part: Any) -> str:
    """Return what a part of an order goes by; empty for an expression."""
    return part.removeprefix("-") if isinstance(part, str) else ""


class BaseAdmin(KnownHistory, BrandScoped, BoundedList, AlikeUnseen, ModelAdmin):
    """The pages of one model: the rows a person may see, in bounded lists."""

    list_per_page = ROWS_A_PAGE
    list_max_show_all = ROWS_A_PAGE
    show_full_result_count = False
    paginator = BoundedPaginator
    list_filter_submit = True
    list_before_template = "budgets/active_filters.html"
    warn_unsaved_form = True

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PageChangeList

    costly_sorts: frozenset[str] = frozenset()
    """What no index serves: to sort by it reads every row of the list."""

    def with_sort_keys(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Give the rows what they may be sorted by beyond their columns."""
        return rows

    def load_page(self, rows: list[Any], *, now: datetime) -> None:
        """Load figures for a page of rows; a constant number of queries."""

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Return what the page of a row shows around its form."""
        return {}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kw: Any
    ) -> HttpResponse:
        # As stored: a form that is shown again has written what was sent onto its own instance.
        row = self.get_object(request, str(obj.pk)) if obj is not None else None
        if row is not None:
            context |= self.page_context(request, row)
            context["show_history"] = self.has_history(row)
        response: HttpResponse = super().render_change_form(request, context, *args, obj=obj, **kw)
        return response

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.delete_queryset(request, [obj])

    def delete_queryset(self, request: HttpRequest, queryset: Iterable[Any]) -> None:
        by: Any = request.user
        now = request_time(request)
        change_ids = edits.delete(list(queryset), by=by, now=now, clock=timezone.now)
        message_changes(request, change_ids)


class NeverChanged:
    """Rows that nobody changes or deletes. Goes before the admin it limits."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnly(NeverChanged):
    """Rows to read: nobody adds any, either."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


def message_changes(request: HttpRequest, change_ids: Collection[int]) -> None:
    """Say in messages which campaigns stopped, which started, and why."""
    written = Change.objects.filter(pk__in=id_rows(change_ids)).select_related("campaign")
    changes = list(written.order_by("pk")) if change_ids else []
    stopped = [change for change in changes if change.must_stop and not change.is_first]
    idle = [change for change in changes if change.is_first]
    started = [change for change in changes if change.may_start]
    if stopped:
        why = sorted({words for c in stopped for words in reasons_in_words(c.reasons_after)})
        text = _("Stopped: %(names)s (%(why)s).")
        messages.warning(request, text % {"names": names(stopped), "why": ", ".join(why)})
    if idle:
        why = sorted({words for c in idle for words in reasons_in_words(c.reasons_after)})
        text = _("New, and not running yet: %(names)s (%(why)s).")
        messages.info(request, text % {"names": names(idle), "why": ", ".join(why)})
    if started:
        messages.info(request, _("Started: %(names)s.") % {"names": names(started)})


def names(changes: list[Change]) -> str:
    """Name the first few campaigns and count the others."""
    named = ", ".join(f"“{change.campaign}”" for change in changes[:NAMES_TOLD])
    others = len(changes) - NAMES_TOLD
    if others <= 0:
        return named
    return ngettext("%(named)s and %(n)s other", "%(named)s and %(n)s others", others) % {
        "named": named,
        "n": others,
    }
