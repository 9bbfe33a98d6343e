"""Files of an import, chosen and confirmed as a person does it, and exports."""

import csv
import io
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from budgets.models import Job
from tests.admin.pages import HiddenInputs, address, text_of


def upload(signed_in: Client, model: str, content: str | bytes, name: str = "rows.csv") -> Any:
    """Choose a file on the import page of a model."""
    data = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, data)
    data_of_form = {"resource": "0", "import_file": file}
    return signed_in.post(address(f"{model}_import"), data_of_form, follow=True)


def confirm_import(signed_in: Client, page: Any, **more: str) -> Any:
    """Press “Import” on the page that shows what a file would do."""
    inputs = HiddenInputs()
    inputs.feed(page.content.decode())
    job = Job.objects.latest("pk")
    return signed_in.post(address("job_confirm", job.pk), inputs.values | more, follow=True)


def take_in(signed_in: Client, model: str, content: str | bytes, name: str = "rows.csv") -> Any:
    """Choose a file and confirm what it would do."""
    page = upload(signed_in, model, content, name)
    assert "Nothing is saved yet." in text_of(page), text_of(page)
    return confirm_import(signed_in, page)


def exported(signed_in: Client, model: str, file_format: int = 0, query: str = "") -> bytes:
    """Export the list as it is filtered."""
    data = {"format": str(file_format), "resource": "0"}
    response: Any = signed_in.post(address(f"{model}_export") + query, data)
    assert response.status_code == 200, response.url
    content: bytes = response.content
    return content


def a_workbook(*rows: list[Any]) -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
