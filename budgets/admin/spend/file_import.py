"""Upload a file of spend: choose it, see what it would do, then import that very file."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST
from unfold.decorators import action
from unfold.enums import ActionVariant

from budgets.admin.base.admin import request_time
from budgets.admin.spend.file_preview import preview_of, tell_result
from budgets.admin.spend.file_upload import (
    UploadForm,
    Waiting,
    is_too_large,
    log_import,
    refused_rows,
    too_large,
)
from budgets.models import Campaign, Trigger
from budgets.models.change import NOTE_LENGTH, Cause
from budgets.operations.spend_file.layout import BadFile
from budgets.operations.spend_file.load import import_file
from budgets.operations.spend_file.rehearsal import rehearse
from budgets.operations.spend_file.uploads import UploadGone, keep


class SpendImport:
    """Adds the import of files to the list of spend. Goes before `BaseAdmin`."""

    actions_list = ("import_spend",)
    admin_site: Any
    model: Any

    def get_urls(self) -> list[URLPattern]:
        """Put the steps after the upload before the pages of single rows."""
        view = self.admin_site.admin_view
        steps = [
            path("import/confirm/", view(self.confirm_import), name="budgets_spend_confirm_import"),
            path("import/refused/", view(self.refused_of_import), name="budgets_spend_refused"),
        ]
        return [*steps, *super().get_urls()]  # type: ignore[misc]  # mixin

    # Exempt only to look at the size first: checking the token reads, and stores, all of the body.
    @csrf_exempt
    @action(
        description=gettext_lazy("Import a file"),
        permissions=["add"],
        url_path="import",
        icon="upload_file",
        variant=ActionVariant.PRIMARY,
    )
    def import_spend(self, request: HttpRequest) -> HttpResponse:
        if is_too_large(request):
            form = UploadForm()
            return self.import_page(request, "upload", {"form": form, "error": too_large()}, 413)
        response: HttpResponse = csrf_protect(self.upload)(request)
        return response

    def upload(self, request: HttpRequest) -> HttpResponse:
        """Ask for a file; show what it would do."""
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method != "POST" or not form.is_valid():
            return self.import_page(request, "upload", {"form": form})
        file, now = form.cleaned_data["file"], request_time(request)
        waiting = Waiting(
            upload=keep(file.chunks(), now=now),
            file_name=file.name,
            source=form.cleaned_data["source"],
            user_id=request.user.pk,
        )
        try:
            result = rehearse(
                waiting.upload.path, now=now, source=waiting.source, within=self.reached(request)
            )
        except BadFile as error:
            waiting.upload.discard()
            form.add_error("file", str(error))
            return self.import_page(request, "upload", {"form": form})
        return self.import_page(request, "preview", preview_of(result, waiting))

    def confirm_import(self, request: HttpRequest) -> HttpResponse:
        """Import the file that was previewed."""
        self.require_add(request)
        return require_POST(self.import_waiting)(request)

    def import_waiting(self, request: HttpRequest) -> HttpResponse:
        """Import it for the person of the request, and say what became of it."""
        try:
            waiting = Waiting.read(request.POST.get("upload", ""), user_id=request.user.pk)
            note = f"{_('Import of')} {waiting.file_name}"[:NOTE_LENGTH]
            result = import_file(
                waiting.upload.checked(),
                clock=timezone.now,
                source=waiting.source,
                within=self.reached(request),
                cause=Cause(trigger=Trigger.SPEND, by_id=request.user.pk, note=note),
            )
        except (UploadGone, BadFile) as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("admin:budgets_spend_import_spend"))
        waiting.upload.discard()
        log_import(request.user.pk, waiting, result)
        tell_result(request, result)
        return HttpResponseRedirect(reverse("admin:budgets_spend_changelist"))

    def refused_of_import(self, request: HttpRequest) -> HttpResponse | FileResponse:
        """Send the refused rows of a file that waits."""
        self.require_add(request)
        try:
            waiting = Waiting.read(request.GET.get("upload", ""), user_id=request.user.pk)
            rows = refused_rows(waiting, now=request_time(request), within=self.reached(request))
        except (UploadGone, BadFile) as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("admin:budgets_spend_import_spend"))
        name = _("refused rows of %(file)s") % {"file": waiting.file_name}
        return FileResponse(rows, as_attachment=True, filename=name, content_type="text/csv")

    def reached(self, request: HttpRequest) -> QuerySet[Campaign]:
        """Return the campaigns that the person may know of."""
        campaigns: QuerySet[Campaign] = self.admin_site.get_model_admin(Campaign).get_queryset(
            request
        )
        return campaigns

    def require_add(self, request: HttpRequest) -> None:
        """Refuse people who may not record spend."""
        if not self.has_add_permission(request):  # type: ignore[attr-defined]  # mixin
            raise PermissionDenied

    def import_page(
        self, request: HttpRequest, page: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        """Show a page of the import in the frame of the admin."""
        frame = {
            **self.admin_site.each_context(request),
            "title": _("Import spend"),
            "opts": self.model._meta,
        }
        template = f"budgets/spend_import/{page}.html"
        return TemplateResponse(request, template, frame | context, status=status)
