"""Files are imported and exported by jobs: as previewed, once, by who asked, within bounds."""

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from budgets.access.roles import VIEWER
from budgets.admin.import_export import long_export
from budgets.models import Brand, BrandAccess, Change, Job, JobState
from budgets.operations.jobs.files import UPLOAD
from budgets.operations.jobs.keep import discard_old
from budgets.operations.jobs.kinds import WORKS
from budgets.operations.jobs.run import run_job
from tests.admin.files import a_workbook, confirm_import, csv_rows, take_in, upload
from tests.admin.pages import address, text_of
from tests.admin.people import a_manager_of
from tests.builders import a_brand


def dies_after(work: Any) -> Any:
    """Return the work, after which the process dies without a word."""

    def dies(*args: Any) -> None:
        work(*args)
        raise SystemExit

    return dies


def test_what_is_not_the_previewed_file_is_not_imported(signed_in: Client) -> None:
    page = upload(signed_in, "brand", "name\nAcme\n")
    (Job.objects.get().folder / UPLOAD).write_text("name\nEvil\n")
    assert "The uploaded file is not here any more" in text_of(confirm_import(signed_in, page))
    assert not Brand.objects.exists()


def test_confirming_twice_imports_once(signed_in: Client) -> None:
    page = upload(signed_in, "brand", "name\nAcme\n")
    confirm_import(signed_in, page)
    assert "Imported: 1 new" in text_of(confirm_import(signed_in, page))
    assert Brand.objects.count() == 1


def test_another_person_cannot_confirm(signed_in: Client) -> None:
    page = upload(signed_in, "brand", "name\nAcme\n")
    other = Client()
    other.force_login(User.objects.create_superuser("eve"))
    assert confirm_import(other, page).status_code == 404
    assert not Brand.objects.exists()


def test_who_lost_the_right_meanwhile_imports_nothing(db: None) -> None:
    brand = a_brand(daily="100")
    manager = a_manager_of(brand)
    page = upload(manager, "brand", f"id,daily_budget\n{brand.pk},150\n")
    User.objects.get().groups.set([Group.objects.get(name=VIEWER)])
    assert "You may not do this any more." in text_of(confirm_import(manager, page))
    assert Brand.objects.get().daily_budget == Decimal(100)


def test_a_brand_out_of_scope_meanwhile_is_not_edited(db: None) -> None:
    brand = a_brand(daily="100")
    manager = a_manager_of(brand)
    page = upload(manager, "brand", f"id,daily_budget\n{brand.pk},150\n")
    BrandAccess.objects.get().brands.clear()
    assert f"There is no brand {brand.pk}." in text_of(confirm_import(manager, page))
    assert Brand.objects.get().daily_budget == Decimal(100)


def test_refused_lines_come_back_as_a_file(signed_in: Client) -> None:
    upload(signed_in, "brand", "name,daily_budget\nGood,1\n=Bad,lots\n")
    file: Any = signed_in.get(address("job_file", Job.objects.get().pk))
    rows = csv_rows(b"".join(file.streaming_content))
    assert not (Job.objects.get().folder / UPLOAD).exists()
    assert [row["name"] for row in rows] == ["'=Bad"]
    assert rows[0]["line"] == "3"
    assert "“lots” is not an amount" in rows[0]["what is wrong"]


def test_the_file_of_refused_lines_is_imported_once_it_is_put_right(signed_in: Client) -> None:
    upload(signed_in, "brand", "name,daily_budget\n＝Bad,lots\n")
    file: Any = signed_in.get(address("job_file", Job.objects.get().pk))
    mended = b"".join(file.streaming_content).decode().replace("lots", "100")
    assert "'＝Bad" in mended
    take_in(signed_in, "brand", mended)
    assert Brand.objects.get().name == "＝Bad"


def test_a_new_campaign_that_does_not_run_at_first_is_no_campaign_that_stops(
    signed_in: Client,
) -> None:
    a_brand(name="TikTok")
    page = upload(signed_in, "campaign", "brand,name,daily_budget\nTikTok,Launch,0\n")
    assert "1 new campaign does not run at first" in text_of(page)
    assert "Launch TikTok Daily budget reached" in text_of(page)
    done = text_of(confirm_import(signed_in, page))
    assert "1 new campaign does not run yet" in done
    assert "stopped" not in done
    for told in (reverse("activity"), address("change_changelist")):
        text = text_of(signed_in.get(told))
        assert "New" in text
        assert "Running" not in text.split("Launch", 1)[1].split("Daily budget reached")[0]
    csv_file = signed_in.get(reverse("activity_csv")).getvalue().decode()
    assert "New → Daily budget reached" in csv_file
    assert Change.objects.get().trigger == "new"


def test_an_import_whose_process_dies_after_it_is_not_done_again(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = upload(signed_in, "brand", "name\nAcme\n")
    with monkeypatch.context() as patched:
        patched.setitem(WORKS, "brand_import", dies_after(WORKS["brand_import"]))
        with pytest.raises(SystemExit):
            confirm_import(signed_in, page)
    job = Job.objects.get()
    assert not run_job(job.pk, clock=lambda: timezone.now() + timedelta(hours=1))
    assert Brand.objects.count() == 1


def a_workbook_with(place: str) -> bytes:
    """Return a small table with one cell more."""
    book, stream = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["name"])
    book.active.append(["Acme"])
    book.active[place] = "far"
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "place, words",
    [
        ("A100000", "more than 5,000 lines. Delete what stands below the table."),
        ("C2", "Line 2 has something in a column without a name."),
        ("BA1", "more than 50 columns. Delete those beside the table."),
        ("XFD1000000", "is there a cell far"),
    ],
)
def test_a_workbook_is_not_read_beyond_its_bounds(
    signed_in: Client, place: str, words: str
) -> None:
    text = text_of(upload(signed_in, "brand", a_workbook_with(place), "rows.xlsx"))
    assert words in text


def test_a_file_that_cannot_be_read_is_not_kept(signed_in: Client) -> None:
    upload(signed_in, "brand", b"\x00\x01\x02", "rows.xlsx")
    job = Job.objects.get()
    assert job.state == JobState.FAILED
    assert not (job.folder / UPLOAD).exists()


def test_a_preview_that_nobody_confirms_is_let_go_of_with_its_file(signed_in: Client) -> None:
    upload(signed_in, "brand", "name\nAcme\n")
    folder = Job.objects.get().folder
    discard_old(now=timezone.now() + timedelta(hours=23))
    assert (folder / UPLOAD).exists()
    discard_old(now=timezone.now() + timedelta(hours=25))
    assert not folder.exists()
    assert not Job.objects.exists()


def test_the_file_of_an_import_that_failed_waits_a_day_to_be_tried_again(
    signed_in: Client,
) -> None:
    upload(signed_in, "brand", "name\nAcme\n")
    Job.objects.update(kind="brand_import", state=JobState.FAILED)
    file = Job.objects.get().folder / UPLOAD
    discard_old(now=timezone.now() + timedelta(hours=23))
    assert file.exists()
    discard_old(now=timezone.now() + timedelta(hours=25))
    assert not file.exists()


def test_a_workbook_whose_first_line_is_blank_is_refused(signed_in: Client) -> None:
    book = a_workbook([None], ["name"], ["Acme"])
    text = text_of(upload(signed_in, "brand", book, "rows.xlsx"))
    assert "Line 2 has something in a column without a name." in text


def test_a_cell_of_many_blanks_is_refused(signed_in: Client) -> None:
    text = text_of(upload(signed_in, "campaign", f"brand,name\n{' ' * 60_000},A\n"))
    assert "Line 2: a cell has more than 2,000 characters; shorten it." in text


def test_a_long_export_is_written_by_a_worker(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_export, "MOST_IN_A_REQUEST", 1)
    for name in ("Acme", "Acme too", "Other"):
        a_brand(name=name)
    data = {"format": "0", "resource": "0"}
    page = signed_in.post(address("brand_export") + "?q=Acm", data, follow=True)
    assert "2 rows." in text_of(page)
    file: Any = signed_in.get(address("job_file", Job.objects.get().pk))
    rows = csv_rows(b"".join(file.streaming_content))
    assert [row["name"] for row in rows] == ["Acme", "Acme too"]
    assert ".csv" in file.headers["Content-Disposition"]


def test_an_export_is_fetched_by_who_asked_while_its_brands_are_theirs(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_export, "MOST_IN_A_REQUEST", 1)
    brands = a_brand(), a_brand()
    manager = a_manager_of(*brands)
    manager.post(address("brand_export"), {"format": "0", "resource": "0"})
    file = address("job_file", Job.objects.get().pk)
    assert manager.get(file).status_code == 200
    assert signed_in.get(file).status_code == 404
    BrandAccess.objects.get().brands.set(brands[:1])
    assert manager.get(file).status_code == 403
