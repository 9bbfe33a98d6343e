"""The file that was uploaded, from the form to the confirmation: bounded, signed, one person's."""

import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextInputWidget

from budgets.operations.ingest.validation import MAX_SOURCE_LENGTH
from budgets.operations.spend_file.given import Given

SALT = "spend upload"
LONGEST_WAIT = timedelta(days=1)
REST_OF_THE_FORM_BYTES = 64 * 1024


class UploadForm(forms.Form):
    """Which file, and whose report it is."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=UnfoldAdminFileFieldWidget({"accept": ".csv,.tsv,.txt,text/csv"}),
        help_text=gettext_lazy(
            "CSV with a header. Entries: occurred_at, amount, currency, and source and key if "
            "there are any. Day totals: day, total, currency, and as_of if it is there. Both: "
            "campaign_id, or external_id with brand or brand_id."
        ),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        required=False,
        max_length=MAX_SOURCE_LENGTH,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy(
            "Of rows that name none, such as google or meta. Day totals need one: each replaces "
            "what its source said before. Keep to one name for one platform."
        ),
    )

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if file.size is None or file.size > settings.SPEND_UPLOAD_MAX_BYTES:
            raise ValidationError(too_large())
        return file


def is_too_large(request: HttpRequest) -> bool:
    """Say by its header alone whether a request is beyond the limit."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    limit: int = settings.SPEND_UPLOAD_MAX_BYTES + REST_OF_THE_FORM_BYTES
    return not length.isdecimal() or int(length) > limit


def too_large() -> str:
    """Say how large a file may be, and what to do with a larger one."""
    return _(
        "A file may have %(most)s at most; import a larger one with manage.py import_spend."
    ) % {"most": filesizeformat(settings.SPEND_UPLOAD_MAX_BYTES)}


class UploadGone(Exception):
    """An upload that expired, was imported already, or is not what was previewed."""

    def __init__(self) -> None:
        super().__init__("The upload is not here any more; choose the file again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that waits, a day at most, until the person who uploaded it confirms the preview."""

    name: str
    sha256: str
    file_name: str
    source: str
    uploaded_at: str
    """In ISO 8601: day totals that do not say when they were known are as of then."""
    user_id: Any

    @classmethod
    def keep(cls, file: UploadedFile[Any], *, source: str, user_id: Any, now: datetime) -> "Upload":
        """Store the file under a name nobody can guess; delete those that waited too long."""
        discard_old(now=now)
        name, digest = secrets.token_hex(16), sha256()
        with (folder() / name).open("xb") as stored:
            for chunk in file.chunks():
                digest.update(chunk)
                stored.write(chunk)
        return cls(
            name=name,
            sha256=digest.hexdigest(),
            file_name=file.name or "",
            source=source,
            uploaded_at=now.isoformat(),
            user_id=user_id,
        )

    def signed(self) -> str:
        """Return it as text that only we can have written."""
        return signing.dumps(asdict(self), salt=SALT)

    @classmethod
    def read(cls, text: str, *, user_id: Any) -> "Upload":
        """Read back such text. Raises `UploadGone` for any other, and for another person's."""
        try:
            facts = signing.loads(text, salt=SALT, max_age=LONGEST_WAIT)
        except signing.BadSignature:
            raise UploadGone from None
        if facts["user_id"] != user_id:
            raise UploadGone
        return cls(**facts)

    @property
    def given(self) -> Given:
        """What was said with the file, and when."""
        return Given(source=self.source, as_of=datetime.fromisoformat(self.uploaded_at))

    @property
    def path(self) -> Path:
        return folder() / Path(self.name).name

    def checked(self) -> Path:
        """Return the path of the very file that was uploaded. Raises `UploadGone`."""
        try:
            with self.path.open("rb") as file:
                is_same = file_digest(file, "sha256").hexdigest() == self.sha256
        except OSError:
            raise UploadGone from None
        if not is_same:
            raise UploadGone
        return self.path

    def discard(self) -> None:
        """Delete it; harmless when it is gone."""
        with suppress(FileNotFoundError):
            self.path.unlink()


def folder() -> Path:
    """Return where uploads wait, readable by this service alone."""
    path: Path = settings.VAR_DIR / "uploads"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def discard_old(*, now: datetime) -> None:
    """Delete what nobody confirmed in time."""
    oldest = (now - LONGEST_WAIT).timestamp()
    for path in folder().iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()
