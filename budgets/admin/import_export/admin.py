"""Import and export of brands, schedules and campaigns, each import seen before it is saved."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import options
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from import_export.admin import ImportExportMixin
from unfold.contrib.import_export.forms import ExportForm

from budgets.admin.base.admin import BaseAdmin, page_name
from budgets.admin.base.lists import is_id
from budgets.admin.import_export import long_export
from budgets.admin.import_export.forms import FORMATS, ImportFileForm
from budgets.admin.import_export.long_export import LongExport
from budgets.admin.import_export.long_import import LongImport

MOST_EXPORTED = 50_000


class ImportExportAdmin(ImportExportMixin, BaseAdmin):
    """A list that can be imported and exported."""

    formats = FORMATS
    import_form_class = ImportFileForm
    export_form_class = ExportForm
    import_template_name = "budgets/import.html"
    export_template_name = "budgets/export.html"
    to_encoding = "utf-8-sig"  # Excel takes a file without the mark for its country's old encoding

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.long_import = LongImport(self)
        self.long_export = LongExport(self)

    def get_urls(self) -> list[URLPattern]:
        """Leave out the second step of the library: a job saves what was seen."""
        second_step = page_name(self.model, "process_import")
        return [url for url in super().get_urls() if url.name != second_step]

    def has_import_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_change_permission(request))

    def has_export_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_view_permission(request))

    def after_create(self, request: HttpRequest, row: Any) -> None:
        """Do what else a new row needs, in the transaction that made it."""

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Ask for a file; have what it would do worked out."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = self.create_import_form(request)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["import_file"]
            try:
                return self.long_import.edit.begin(
                    request, title=file.name, upload=file, suffix=form.suffix()
                )
            except OSError as error:
                text = _("The server cannot keep the file: %s.") % error.strerror
                form.add_error("import_file", text)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import"),
            "opts": self.model._meta,
            "form": form,
            "columns": [
                field.column_name for field in self.resource_classes[0]().get_user_visible_fields()
            ],
        }
        return TemplateResponse(request, self.import_template_name, context)

    def export_action(self, request: HttpRequest) -> HttpResponse:
        try:
            response: HttpResponse = super().export_action(request)
        except options.IncorrectLookupParameters:
            messages.error(request, _("The list has no such filter."))
            return HttpResponseRedirect(reverse(f"admin:{page_name(self.model, 'changelist')}"))
        return response

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
        return {}

    def get_data_for_export(
        self, request: HttpRequest, queryset: QuerySet[Any], **kwargs: Any
    ) -> Any:
        if queryset[: MOST_EXPORTED + 1].count() > MOST_EXPORTED:
            text = _("More than %(most)s rows: filter or search the list first, then export it.")
            raise ValueError(text % {"most": MOST_EXPORTED})
        return super().get_data_for_export(request, queryset, **kwargs)
