"""What every page of the admin shares: one instant, one person behind each edit, bounded lists."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

from budgets.admin.base.paginator import BoundedPaginator
from budgets.admin.base.scope import BrandScoped
from budgets.models import Change
from budgets.operations.cause import caused_by
from budgets.reports.words import reasons_in_words

ROWS_A_PAGE = 50
NAMES_TOLD = 5


def request_time(request: HttpRequest) -> datetime:
    """Return the instant of a request: the clock is read once, all its parts agree."""
    instant: datetime | None = getattr(request, "abm_instant", None)
    if instant is None:
        instant = timezone.now()
        request.abm_instant = instant  # type: ignore[attr-defined]  # carried by the request
    return instant


def page_name(model: type[Model], page: str) -> str:
    """Return the name of the address of a page of a model."""
    return f"{model._meta.app_label}_{model._meta.model_name}_{page}"


class PageChangeList(ChangeList):
    """A list that loads what a page of rows needs in one go."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: list[Any] = list(self.result_list)
        if not self.has_active_filters and not self.query:
            self.full_result_count = self.result_count
        self.model_admin.load_page(self.result_list, now=request_time(request))


class BaseAdmin(BrandScoped, ModelAdmin):
    """A door for people: what they scope, who did it, and what it stopped or started."""

    list_per_page = ROWS_A_PAGE
    list_max_show_all = ROWS_A_PAGE
    show_full_result_count = False
    paginator = BoundedPaginator
    list_filter_submit = True
    warn_unsaved_form = True

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PageChangeList

    def load_page(self, rows: list[Any], *, now: datetime) -> None:
        """Load figures for a page of rows; a constant number of queries."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        with attributed(request):
            response: HttpResponse = super().changelist_view(request, extra_context)
        return response

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        with attributed(request):
            response: HttpResponse = super().changeform_view(
                request, object_id, form_url, extra_context
            )
        return response

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        with attributed(request):
            response: HttpResponse = super().delete_view(request, object_id, extra_context)
        return response

    def save_model(
        self, request: HttpRequest, obj: Model, form: ModelForm[Any], change: bool
    ) -> None:
        # Only what was edited: a column left alone keeps what others wrote meanwhile, a hold say.
        if change:
            obj.save(update_fields=form.changed_data)
        else:
            obj.save()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        # One by one: each deletion takes its brand's lock first.
        for row in queryset:
            row.delete()


class ReadOnly:
    """A page to read: nobody adds, changes or deletes. Goes before `BaseAdmin`."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@contextmanager
def attributed(request: HttpRequest) -> Iterator[None]:
    """Attribute what is saved within to the request's person; tell what it stopped or started."""
    if request.method != "POST" or getattr(request, "abm_attributed", False):
        yield
        return
    request.abm_attributed = True  # type: ignore[attr-defined]  # carried by the request
    newest = Change.objects.order_by("-id").values_list("id", flat=True).first() or 0
    with caused_by(request.user if request.user.is_authenticated else None):
        yield
    own = Change.objects.filter(id__gt=newest, by=request.user.pk).select_related("campaign")
    tell(request, own.order_by("id"))


def tell(request: HttpRequest, changes: Iterable[Change]) -> None:
    """Say in messages which campaigns stopped, which started, and why."""
    changes = list(changes)
    stopped = [change for change in changes if change.must_stop]
    started = [change for change in changes if change.may_start]
    if stopped:
        why = sorted({words for c in stopped for words in reasons_in_words(c.reasons_after)})
        text = _("Stopped: %(names)s (%(why)s).")
        messages.warning(request, text % {"names": names(stopped), "why": ", ".join(why)})
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
