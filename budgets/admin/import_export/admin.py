"""Import and export of brands, schedules and campaigns, each import seen before it is saved."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from import_export.admin import ImportExportMixin

from budgets.admin.base.admin import page_name
from budgets.admin.import_export.export_admin import ExportAdmin
from budgets.admin.import_export.forms import ImportFileForm
from budgets.admin.import_export.long_import import LongImport


class ImportExportAdmin(ImportExportMixin, ExportAdmin):
    """A list that can be imported and exported."""

    import_form_class = ImportFileForm
    import_template_name = "budgets/import.html"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.long_import = LongImport(self)

    def get_urls(self) -> list[URLPattern]:
        """Leave out the second step of the library: a job saves what was seen."""
        second_step = page_name(self.model, "process_import")
        return [url for url in super().get_urls() if url.name != second_step]

    def has_import_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_change_permission(request))

    def after_create(self, request: HttpRequest, row: Any) -> None:
        """Do what else a new row needs, in the transaction that made it."""

    def remarks_on(self, rows: list[Any]) -> tuple[str, ...]:
        """Return what else there is to say of the rows that an import saves."""
        return ()

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
            "columns": self.resource_classes[0]().columns_read(),
        }
        return TemplateResponse(request, self.import_template_name, context)
