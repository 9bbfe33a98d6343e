"""The file that was uploaded, from the form to the confirmation: bounded, signed, one person's."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from django import forms
from django.conf import settings
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextInputWidget

from budgets.models import Campaign, Spend
from budgets.operations.ingest.validation import MAX_SOURCE_LENGTH
from budgets.operations.spend_file.load import DEFAULT_SOURCE, Callbacks
from budgets.operations.spend_file.rehearsal import rehearse
from budgets.operations.spend_file.result import Result, refused_file
from budgets.operations.spend_file.uploads import LONGEST_WAIT, Upload, UploadGone

SALT = "spend upload"
REST_OF_THE_FORM_BYTES = 64 * 1024


class UploadForm(forms.Form):
    """Which file, and whose report it is."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=UnfoldAdminFileFieldWidget({"accept": ".csv,.tsv,.txt,text/csv"}),
        help_text=gettext_lazy(
            "CSV with a header. Entries: occurred_at, amount, currency, and source and key if "
            "there are any. Day totals: day, total, currency, as_of. Both: campaign_id, or "
            "external_id with brand or brand_id."
        ),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        initial=DEFAULT_SOURCE,
        max_length=MAX_SOURCE_LENGTH,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Of rows that name none. Keep to one name for one platform."),
    )

    def clean_file(self) -> UploadedFile[Any]:
        """Refuse a file beyond the limit."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if file.size is None or file.size > settings.SPEND_UPLOAD_MAX_BYTES:
            raise ValidationError(too_large())
        return file


def is_too_large(request: HttpRequest) -> bool:
    """Tell by its header alone whether a request is beyond the limit."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    limit: int = settings.SPEND_UPLOAD_MAX_BYTES + REST_OF_THE_FORM_BYTES
    return not length.isdecimal() or int(length) > limit


def too_large() -> str:
    """Say how large a file may be, and what to do with a larger one."""
    return _(
        "A file may have %(most)s at most; import a larger one with manage.py import_spend."
    ) % {"most": filesizeformat(settings.SPEND_UPLOAD_MAX_BYTES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A previewed file that waits for the person who uploaded it."""

    upload: Upload
    file_name: str
    source: str
    user_id: Any

    def signed(self) -> str:
        """Return it as text that only we can have written."""
        return signing.dumps(asdict(self), salt=SALT)

    @classmethod
    def read(cls, text: str, *, user_id: Any) -> "Waiting":
        """Read back such text. Raises `UploadGone` for any other, and for another person's."""
        try:
            facts = signing.loads(text, salt=SALT, max_age=LONGEST_WAIT)
        except signing.BadSignature:
            raise UploadGone from None
        if facts["user_id"] != user_id:
            raise UploadGone
        return cls(**facts | {"upload": Upload(*facts["upload"])})


def refused_rows(waiting: Waiting, *, now: datetime, within: QuerySet[Campaign]) -> BinaryIO:
    """Return the file of its refused rows. Raises `UploadGone` and `BadFile`."""
    path = waiting.upload.checked()
    with TemporaryDirectory() as folder:
        aside = Path(folder) / "refused.csv"
        with refused_file(aside, of=path) as write:
            callbacks = Callbacks(refused=write)
            rehearse(path, now=now, source=waiting.source, within=within, callbacks=callbacks)
        return aside.open("rb")  # readable to the end, though its name goes with the folder


def log_import(user_id: Any, waiting: Waiting, result: Result) -> None:
    """Write down who imported what."""
    LogEntry.objects.create(
        user_id=user_id,
        content_type=ContentType.objects.get_for_model(Spend),
        object_repr=waiting.file_name[:200],
        action_flag=ADDITION,
        change_message=_("Imported %(file)s: %(new)s new, %(known)s known, %(refused)s refused.")
        % {
            "file": waiting.file_name,
            "new": f"{result.accepted:,}",
            "known": f"{result.duplicates:,}",
            "refused": f"{result.refused:,}",
        },
    )
