"""Import and export of brands, schedules and campaigns, each import seen before it is saved."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import options
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from import_export.admin import ImportExportMixin
from unfold.contrib.import_export.forms import ExportForm

from budgets.admin.base.admin import BaseAdmin, message_changes, page_name, request_time
from budgets.admin.confirm.confirmation import Confirmation, Unconfirmed
from budgets.admin.import_export.batch import ImportBatch
from budgets.admin.import_export.forms import FORMATS, ConfirmForm, ImportFileForm, why_unreadable
from budgets.models import Brand, Schedule

MOST_EXPORTED = 50_000


class ImportExportAdmin(ImportExportMixin, BaseAdmin):
    """A list that can be imported and exported."""

    formats = FORMATS
    import_form_class = ImportFileForm
    confirm_form_class = ConfirmForm
    export_form_class = ExportForm
    import_template_name = "budgets/import.html"
    export_template_name = "budgets/export.html"
    to_encoding = "utf-8-sig"  # Excel takes a file without the mark for its country's old encoding

    def has_import_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_change_permission(request))

    def has_export_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_view_permission(request))

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().import_action(request, **kwargs)
        context = getattr(response, "context_data", None) or {}
        batch: ImportBatch | None = getattr(context.get("result"), "batch", None)
        if batch and batch.confirmation:
            context |= batch.confirmation.context(request.POST)
        return response

    def export_action(self, request: HttpRequest) -> HttpResponse:
        try:
            response: HttpResponse = super().export_action(request)
        except options.IncorrectLookupParameters:
            messages.error(request, _("The list has no such filter."))
            return HttpResponseRedirect(reverse(f"admin:{page_name(self.model, 'changelist')}"))
        return response

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().process_import(request, **kwargs)
        except Unconfirmed as unconfirmed:
            return self.ask_to_import(request, unconfirmed.confirmation)
        except FileNotFoundError:
            messages.error(request, _("The file is no longer there; choose it once more."))
            return HttpResponseRedirect(reverse(f"admin:{page_name(self.model, 'import')}"))
        return response

    def ask_to_import(self, request: HttpRequest, confirmation: Confirmation) -> HttpResponse:
        context = {**self.frame(request), **confirmation.context(request.POST)}
        context["confirm_form"] = self.create_confirm_form(request)
        return TemplateResponse(request, self.import_template_name, context)

    def process_result(self, result: Any, request: HttpRequest) -> HttpResponse:
        if result.has_errors() or result.has_validation_errors():
            context = {**self.frame(request), "result": result}
            context["form"] = self.import_form_class(
                self.get_import_formats(), self.get_import_resource_classes(request)
            )
            return TemplateResponse(request, self.import_template_name, context)
        response: HttpResponse = super().process_result(result, request)
        return response

    def frame(self, request: HttpRequest) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": _("Import"),
            "opts": self.model._meta,
        }

    def get_import_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        batch = ImportBatch(
            by=request.user,
            rows=self.get_queryset(request),
            rows_of={
                "brand": self.rows_of(Brand, request),
                "schedule": self.rows_of(Schedule, request),
            },
            may_add=self.has_add_permission(request),
            may_change=lambda row: self.has_change_permission(request, row),
            after_create=lambda row: self.after_create(request, row),
            sent=request.POST,
            now=request_time(request),
        )
        return {"batch": batch}

    def rows_of(self, model: Any, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.admin_site.get_model_admin(model).get_queryset(request)
        return rows

    def get_export_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        return {}

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.pop("form", None)
        return {**kwargs, "rollback_on_validation_errors": True}

    def get_confirm_form_initial(self, request: HttpRequest, import_form: Any) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_confirm_form_initial(request, import_form)
        if import_form is not None:
            initial["import_file_name"] = ConfirmForm.signed(initial["import_file_name"])
        return initial

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        form.add_error("import_file", why_unreadable(e))

    def get_data_for_export(
        self, request: HttpRequest, queryset: QuerySet[Any], **kwargs: Any
    ) -> Any:
        if queryset[: MOST_EXPORTED + 1].count() > MOST_EXPORTED:
            text = _("More than %(most)s rows: filter or search the list first, then export it.")
            raise ValueError(text % {"most": MOST_EXPORTED})
        return super().get_data_for_export(request, queryset, **kwargs)

    def generate_log_entries(self, result: Any, request: HttpRequest) -> None:
        batch: ImportBatch = result.batch
        for rows, flag in ((batch.made, ADDITION), (batch.changed, CHANGE)):
            if rows:
                LogEntry.objects.log_actions(
                    request.user.pk,  # type: ignore[arg-type]  # signed in
                    rows,
                    flag,
                    change_message=_("Imported from a file"),
                )

    def add_success_message(self, result: Any, request: HttpRequest) -> None:
        batch: ImportBatch = result.batch
        made = ngettext("%(n)s new", "%(n)s new", len(batch.made)) % {"n": len(batch.made)}
        changed = ngettext("%(n)s changed", "%(n)s changed", len(batch.changed))
        told = {"made": made, "changed": changed % {"n": len(batch.changed)}}
        if batch.edit:
            message_changes(request, batch.edit.change_ids)
        messages.success(request, _("Imported: %(made)s, %(changed)s.") % told)
