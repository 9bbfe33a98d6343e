"""Upload a file of spend: choose it, see what it would do, then import that very file."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from django.contrib import messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from unfold.decorators import action
from unfold.enums import ActionVariant

from budgets.admin.base.admin import BaseAdmin, request_time
from budgets.admin.spend.file_preview import add_messages, preview_of
from budgets.admin.spend.file_upload import (
    Upload,
    UploadForm,
    UploadGone,
    is_too_large,
    too_large,
)
from budgets.models import Campaign, Spend, Trigger
from budgets.models.change import NOTE_LENGTH, Cause
from budgets.operations.spend_file.given import Given, Unanswered
from budgets.operations.spend_file.layout import BadFile
from budgets.operations.spend_file.load import Callbacks, import_file
from budgets.operations.spend_file.refused_file import refused_file
from budgets.operations.spend_file.rehearsal import rehearse
from budgets.operations.spend_file.result import Result


class SpendImport(BaseAdmin):
    """Adds the import of files to the list of spend."""

    actions_list = ("import_spend",)

    def get_urls(self) -> list[URLPattern]:
        """Put the steps after the upload before the pages of single rows."""
        view = self.admin_site.admin_view
        steps = [
            path("import/confirm/", view(self.confirm_import), name="budgets_spend_confirm_import"),
            path("import/refused/", view(self.refused_of_import), name="budgets_spend_refused"),
        ]
        return [*steps, *super().get_urls()]

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
        now, source = request_time(request), form.cleaned_data["source"]
        try:
            upload = Upload.keep(
                form.cleaned_data["file"], source=source, user_id=request.user.pk, now=now
            )
        except OSError as error:
            form.add_error("file", _("The server cannot keep the file: %s.") % error.strerror)
            return self.import_page(request, "upload", {"form": form})
        try:
            result = rehearse(
                upload.path,
                now=now,
                given=Given(source=source),
                within=self.get_campaigns(request),
            )
        except BadFile as error:
            upload.discard()
            form.add_error("source" if isinstance(error, Unanswered) else "file", str(error))
            return self.import_page(request, "upload", {"form": form})
        return self.import_page(request, "preview", preview_of(result, upload))

    def confirm_import(self, request: HttpRequest) -> HttpResponse:
        """Import the file that was previewed, and say what became of it."""
        self.require_add(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            upload = Upload.read(request.POST.get("upload", ""), user_id=request.user.pk)
            note = f"{_('Import of')} {upload.file_name}"[:NOTE_LENGTH]
            result = import_file(
                upload.checked(),
                clock=timezone.now,
                given=upload.given,
                within=self.get_campaigns(request),
                cause=Cause(trigger=Trigger.SPEND, by_id=request.user.pk, note=note),
            )
        except (UploadGone, BadFile) as error:
            return self.start_again(request, error)
        upload.discard()
        log_import(request.user.pk, upload, result)
        add_messages(request, result)
        return HttpResponseRedirect(reverse("admin:budgets_spend_changelist"))

    def refused_of_import(self, request: HttpRequest) -> HttpResponse | FileResponse:
        self.require_add(request)
        try:
            upload = Upload.read(request.GET.get("upload", ""), user_id=request.user.pk)
            within = self.get_campaigns(request)
            rows = refused_rows(upload, now=request_time(request), within=within)
        except (UploadGone, BadFile) as error:
            return self.start_again(request, error)
        name = _("refused rows of %(file)s") % {"file": upload.file_name}
        return FileResponse(rows, as_attachment=True, filename=name, content_type="text/csv")

    def start_again(self, request: HttpRequest, error: Exception) -> HttpResponse:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("admin:budgets_spend_import_spend"))

    def get_campaigns(self, request: HttpRequest) -> QuerySet[Campaign]:
        campaigns: QuerySet[Campaign] = self.admin_site.get_model_admin(Campaign).get_queryset(
            request
        )
        return campaigns

    def require_add(self, request: HttpRequest) -> None:
        if not self.has_add_permission(request):
            raise PermissionDenied

    def import_page(
        self, request: HttpRequest, page: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        frame = {
            **self.admin_site.each_context(request),
            "title": _("Import spend"),
            "opts": self.model._meta,
        }
        template = f"budgets/spend_import/{page}.html"
        return TemplateResponse(request, template, frame | context, status=status)


def refused_rows(upload: Upload, *, now: datetime, within: QuerySet[Campaign]) -> BinaryIO:
    """Return the file of its refused rows. Raises `UploadGone` and `BadFile`."""
    path = upload.checked()
    with TemporaryDirectory() as folder:
        aside = Path(folder) / "refused.csv"
        with refused_file(aside, of=path) as write:
            callbacks = Callbacks(refused=write)
            rehearse(path, now=now, given=upload.given, within=within, callbacks=callbacks)
        return aside.open("rb")  # readable to the end, though its name goes with the folder


def log_import(user_id: Any, upload: Upload, result: Result) -> None:
    LogEntry.objects.create(
        user_id=user_id,
        content_type=ContentType.objects.get_for_model(Spend),
        object_repr=upload.file_name[:200],
        action_flag=ADDITION,
        change_message=_("Imported %(file)s: %(new)s new, %(known)s known, %(refused)s refused.")
        % {
            "file": upload.file_name,
            "new": f"{result.accepted:,}",
            "known": f"{result.duplicates:,}",
            "refused": f"{result.refused:,}",
        },
    )
