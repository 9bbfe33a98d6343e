"""A small file that would take all the time there is is refused, and read before any lock."""

import io
from collections.abc import Iterator
from time import process_time
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from budgets.admin.import_export import long_import, reading
from budgets.models import Brand, LedgerEntry
from budgets.sheets.text import TextTable
from tests.admin.files import a_workbook, upload
from tests.admin.pages import address, text_of
from tests.builders import a_campaign

MOST_SECONDS = 5
"""Of the processor; such a file took more than a minute."""

BLANKS = " " * 60_000
SPEND = ("campaign_id", "occurred_at", "amount", "currency", "key")


def a_cell_far_below(*header: str) -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    book.active.append(list(header))
    book.active.cell(row=100_000, column=1, value="x")
    book.save(stream)
    return stream.getvalue()


def upload_spend(browser: Client, content: bytes, name: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return browser.post(address("spend_import_spend"), {"file": file}, follow=True)


def test_one_cell_far_below_the_table_costs_nothing_in_an_import_of_brands(
    signed_in: Client,
) -> None:
    before = process_time()
    page = upload(signed_in, "brand", a_cell_far_below("name", "currency"), "rows.xlsx")
    assert process_time() - before < MOST_SECONDS
    assert "Delete what stands below the table" in text_of(page)


def test_one_cell_far_below_the_table_costs_nothing_in_an_import_of_spend(
    signed_in: Client,
) -> None:
    before = process_time()
    page = upload_spend(signed_in, a_cell_far_below(*SPEND), "rows.xlsx")
    assert process_time() - before < MOST_SECONDS
    assert page.status_code == 200
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize("cell", [BLANKS, "9" * 30_000, '"' * 30_000, "1 " * 15_000])
def test_a_long_cell_costs_nothing_in_an_import_of_brands(signed_in: Client, cell: str) -> None:
    rows = a_workbook(["name", "daily_budget"], *[["Acme", cell[:30_000]]] * 20)
    before = process_time()
    page = upload(signed_in, "brand", rows, "rows.xlsx")
    assert process_time() - before < MOST_SECONDS
    assert "a cell has more than 2,000 characters" in text_of(page)
    assert not Brand.objects.exists()


@pytest.mark.parametrize("cell", [BLANKS, "9" * 30_000, "'" * 30_000, "1 " * 15_000])
def test_a_long_cell_costs_nothing_in_an_import_of_spend(signed_in: Client, cell: str) -> None:
    row = f"{a_campaign().pk},2026-03-10T12:00:00Z,{cell},USD,k"
    before = process_time()
    page = upload_spend(signed_in, "\n".join([",".join(SPEND), *[row] * 20]).encode(), "rows.csv")
    assert process_time() - before < MOST_SECONDS
    assert page.status_code == 200
    assert not LedgerEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_no_writer_waits_while_a_file_of_brands_is_read(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked, read = [], reading.read_file

    def watched(*args: Any) -> Any:
        locked.append(connection.in_atomic_block)
        return read(*args)

    monkeypatch.setattr(long_import, "read_file", watched)
    upload(signed_in, "brand", "name\nAcme\n")
    assert set(locked) == {False}


@pytest.mark.django_db(transaction=True)
def test_no_writer_waits_while_a_file_of_spend_is_read(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked, read = [], TextTable.records_after

    def watched(*args: Any) -> Iterator[Any]:
        for record in read(*args):
            locked.append(connection.in_atomic_block)
            yield record

    monkeypatch.setattr(TextTable, "records_after", watched)
    row = f"{a_campaign().pk},2026-03-10T12:00:00Z,1.00,USD,k"
    upload_spend(signed_in, "\n".join([",".join(SPEND), row]).encode(), "rows.csv")
    assert set(locked) == {False}


@pytest.mark.parametrize("cell", ["a\0b", "9" * 30, "-1", "9" * 1_900])
@pytest.mark.parametrize("column", ["id", "brand", "name", "daily_budget", "schedule", "starts_on"])
def test_a_cell_that_nobody_means_is_refused_in_words(
    signed_in: Client, column: str, cell: str
) -> None:
    a_campaign(name="Spring")
    page = upload(signed_in, "campaign", f"{column},external_id\n{cell},x\n")
    assert page.status_code == 200
    assert "failed" not in text_of(page).lower() or "Refused" in text_of(page)
