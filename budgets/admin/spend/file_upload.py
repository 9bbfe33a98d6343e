"""The form with which a file of spend is uploaded, of bounded size."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminFileFieldWidget

from budgets.admin.spend.given_form import WhoseReport
from budgets.cells.identifiers import number_in

REST_OF_THE_FORM_BYTES = 64 * 1024


class UploadForm(WhoseReport):
    """Which file, and whose report it is."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=UnfoldAdminFileFieldWidget({"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
        help_text=gettext_lazy(
            "The report of a platform as it is downloaded, or a table of your own: CSV, TSV, XLSX."
        ),
    )
    field_order = ("file", "brand", "source")

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if file.size is None or file.size > settings.SPEND_UPLOAD_MAX_BYTES:
            raise ValidationError(too_large())
        return file


def is_too_large(request: HttpRequest) -> bool:
    """Say by its header alone whether a request is beyond the limit."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    limit: int = settings.SPEND_UPLOAD_MAX_BYTES + REST_OF_THE_FORM_BYTES
    bytes_sent = number_in(length)
    return bytes_sent is None or bytes_sent > limit


def too_large() -> str:
    """Say how large a file may be, and what to do with a larger one."""
    return _(
        "A file may have %(most)s at most; import a larger one with manage.py import_spend."
    ) % {"most": filesizeformat(settings.SPEND_UPLOAD_MAX_BYTES)}
