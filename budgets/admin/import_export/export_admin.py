"""Export of a list: the rows it shows, by its search, filters and order, with its columns."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import options
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from import_export.admin import ExportMixin
from unfold.contrib.import_export.forms import ExportForm

from budgets.admin.base.admin import BaseAdmin, page_name, request_time
from budgets.admin.base.lists import is_id
from budgets.admin.import_export import long_export
from budgets.admin.import_export.forms import FORMATS
from budgets.admin.import_export.long_export import LongExport

MOST_EXPORTED = 50_000


class ExportAdmin(ExportMixin, BaseAdmin):
    """A list that can be exported."""

    formats = FORMATS
    export_form_class = ExportForm
    export_template_name = "budgets/export.html"
    to_encoding = "utf-8-sig"  # Excel takes a file without the mark for its country's old encoding

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.long_export = LongExport(self)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_view_permission(request))

    def export_action(self, request: HttpRequest) -> HttpResponse:
        try:
            response: HttpResponse = super().export_action(request)
        except options.IncorrectLookupParameters:
            messages.error(request, _("The list has no such filter."))
            return HttpResponseRedirect(reverse(f"admin:{page_name(self.model, 'changelist')}"))
        return response

    def get_export_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_export_queryset(request)
        related = self.list_select_related
        return rows.select_related(*related) if isinstance(related, tuple) and related else rows

    def _do_file_export(
        self, file_format: Any, request: HttpRequest, queryset: QuerySet[Any], **kwargs: Any
    ) -> HttpResponse:
        count = queryset[: MOST_EXPORTED + 1].count()
        if long_export.MOST_IN_A_REQUEST < count <= MOST_EXPORTED:
            return self.long_export.begin(request)
        response: HttpResponse = super()._do_file_export(file_format, request, queryset, **kwargs)
        return response

    def get_valid_export_item_pks(self, request: HttpRequest) -> list[int]:
        """Return which of the ids that were sent are of rows one may see: of others none exists."""
        sent = [pk for pk in request.POST.getlist("export_items") if is_id(self.model, pk)]
        return list(self.get_queryset(request).filter(pk__in=sent).values_list("pk", flat=True))

    def get_export_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        return {"now": request_time(request)}

    def get_data_for_export(
        self, request: HttpRequest, queryset: QuerySet[Any], **kwargs: Any
    ) -> Any:
        if queryset[: MOST_EXPORTED + 1].count() > MOST_EXPORTED:
            text = _("More than %(most)s rows: filter or search the list first, then export it.")
            raise ValueError(text % {"most": MOST_EXPORTED})
        return super().get_data_for_export(request, queryset, **kwargs)
