"""A file of spend is uploaded, previewed, and imported as it was previewed, by the same person."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from budgets.models import BrandAccess, Campaign, LedgerEntry
from tests.admin.pages import address, text_of, told
from tests.builders import a_brand, a_campaign, an_instant, the_clock_at

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
HEADER = "campaign_id,occurred_at,amount,currency"


@pytest.fixture(autouse=True)
def var_dir(settings: Any, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def campaign() -> Campaign:
    return a_campaign(brand=a_brand(name="Acme"), name="Spring sale", daily="5")


def rows_of(campaign: Campaign, *amounts: str) -> str:
    rows = (f"{campaign.pk},2026-03-10T11:00:00Z,{amount},USD" for amount in amounts)
    return "\n".join([HEADER, *rows, ""])


def upload(browser: Client, content: str, **data: Any) -> Any:
    file = SimpleUploadedFile("march.csv", content.encode())
    with the_clock_at(NOON):
        return browser.post(
            address("spend_import_spend"), {"file": file, "source": "agency", **data}
        )


def confirm(browser: Client, token: str) -> Any:
    with the_clock_at(NOON):
        return browser.post(address("spend_confirm_import"), {"upload": token})


def waiting(var_dir: Path) -> list[Path]:
    return list((var_dir / "uploads").iterdir())


def test_the_list_of_spend_offers_the_import(signed_in: Client) -> None:
    assert address("spend_import_spend") in signed_in.get(address("spend_changelist")).text
    assert "Which file?" in text_of(signed_in.get(address("spend_import_spend")))


def test_the_preview_shows_what_the_file_would_do_and_writes_nothing(
    signed_in: Client, campaign: Campaign
) -> None:
    text = text_of(upload(signed_in, rows_of(campaign, "3", "4", "1,5")))
    assert "march.csv" in text
    assert "New 2 $7.00" in text
    assert "Refused 1" in text
    assert "Would stop 1" in text
    assert "Spring sale Acme : Daily budget reached" in text
    assert not LedgerEntry.objects.exists()


def test_the_confirmed_file_is_imported_and_gone(
    signed_in: Client, owner: User, campaign: Campaign, var_dir: Path
) -> None:
    preview = upload(signed_in, rows_of(campaign, "3", "4"))
    response = confirm(signed_in, preview.context["upload"])
    assert told(response) == ["2 rows were new: $7.00.", "1 campaign stopped."]
    assert set(LedgerEntry.objects.values_list("source", flat=True)) == {"agency"}
    change = campaign.changes.get()
    assert (change.by, change.note) == (owner, "Import of march.csv")
    assert LogEntry.objects.get().change_message.startswith("Imported march.csv: 2 new")
    assert waiting(var_dir) == []


def test_confirming_twice_counts_once(signed_in: Client, campaign: Campaign) -> None:
    token = upload(signed_in, rows_of(campaign, "3")).context["upload"]
    confirm(signed_in, token)
    assert told(confirm(signed_in, token))[-1].startswith("The upload is not here any more")
    assert LedgerEntry.objects.count() == 1


def test_what_is_not_the_previewed_file_is_not_imported(
    signed_in: Client, campaign: Campaign, var_dir: Path
) -> None:
    token = upload(signed_in, rows_of(campaign, "3")).context["upload"]
    waiting(var_dir)[0].write_text(rows_of(campaign, "9999"))
    confirm(signed_in, token)
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize("token", ["", "x", "../../etc/passwd"])
def test_a_confirmation_we_did_not_sign_imports_nothing(signed_in: Client, token: str) -> None:
    response = confirm(signed_in, token)
    assert response.url == address("spend_import_spend")


def test_another_person_cannot_confirm(signed_in: Client, campaign: Campaign) -> None:
    token = upload(signed_in, rows_of(campaign, "3")).context["upload"]
    other = Client()
    other.force_login(User.objects.create_superuser("eve"))
    confirm(other, token)
    assert not LedgerEntry.objects.exists()


def test_an_upload_nobody_confirms_is_deleted_after_a_day(
    signed_in: Client, campaign: Campaign, var_dir: Path
) -> None:
    upload(signed_in, rows_of(campaign, "3"))
    (old,) = waiting(var_dir)
    two_days_ago = (NOON - timedelta(days=2)).timestamp()
    os.utime(old, (two_days_ago, two_days_ago))
    upload(signed_in, rows_of(campaign, "4"))
    assert len(waiting(var_dir)) == 1
    assert not old.exists()


def test_a_file_that_cannot_be_read_says_why_and_is_not_kept(
    signed_in: Client, var_dir: Path
) -> None:
    text = text_of(upload(signed_in, "name,cost\nx,1\n"))
    assert "no header we know" in text
    assert waiting(var_dir) == []


def test_a_file_beyond_the_limit_is_refused(
    signed_in: Client, campaign: Campaign, settings: Any
) -> None:
    settings.SPEND_UPLOAD_MAX_BYTES = 10
    assert "10 bytes at most" in text_of(upload(signed_in, rows_of(campaign, "3")))


def test_a_body_beyond_the_limit_is_not_even_read(signed_in: Client, settings: Any) -> None:
    settings.SPEND_UPLOAD_MAX_BYTES = 10
    response = upload(signed_in, HEADER + "\n" * 100_000)
    assert response.status_code == 413


def test_an_upload_needs_the_token_of_the_form(owner: User, campaign: Campaign) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)
    assert upload(strict, rows_of(campaign, "3")).status_code == 403


def test_who_may_not_record_spend_may_not_import(viewer: Client, campaign: Campaign) -> None:
    assert address("spend_import_spend") not in viewer.get(address("spend_changelist")).text
    assert viewer.get(address("spend_import_spend")).status_code == 403
    assert upload(viewer, rows_of(campaign, "3")).status_code == 403
    assert confirm(viewer, "x").status_code == 403
    assert viewer.get(address("spend_refused"), {"upload": "x"}).status_code == 403


def test_rows_of_brands_out_of_reach_are_refused(campaign: Campaign, var_dir: Path) -> None:
    person = User.objects.create_user("grace", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(content_type__app_label="budgets"))
    BrandAccess.objects.create(user=person).brands.add(campaign.brand)
    browser = Client()
    browser.force_login(person)
    beyond = a_campaign(name="Secret sale")
    content = rows_of(campaign, "3") + rows_of(beyond, "4").partition("\n")[2]
    preview = upload(browser, content)
    assert f"There is no campaign '{beyond.pk}'." in text_of(preview)
    confirm(browser, preview.context["upload"])
    assert list(LedgerEntry.objects.values_list("campaign", flat=True)) == [campaign.pk]


def test_refused_rows_are_downloaded_with_their_reasons(
    signed_in: Client, campaign: Campaign
) -> None:
    token = upload(signed_in, rows_of(campaign, "3", "x")).context["upload"]
    with the_clock_at(NOON):
        response = signed_in.get(address("spend_refused"), {"upload": token})
    lines = response.getvalue().decode().splitlines()
    assert lines[0] == f"{HEADER},line,reason"
    assert "is not an amount" in lines[1]
    assert "refused rows of march.csv" in response["Content-Disposition"]


def test_cells_are_shown_as_text(signed_in: Client) -> None:
    evil = "<script>alert(1)</script>"
    response = upload(signed_in, f"{HEADER}\n{evil},2026-03-10T11:00Z,1,USD\n")
    assert evil not in response.content.decode()


def test_nothing_new_offers_nothing_to_import(signed_in: Client, campaign: Campaign) -> None:
    content = rows_of(campaign, "3")
    confirm(signed_in, upload(signed_in, content).context["upload"])
    again = upload(signed_in, content)
    assert "There is nothing new in this file." in text_of(again)


def totals_of(campaign: Campaign, *amounts: str) -> str:
    rows = (f"{campaign.pk},2026-03-10,{amount},USD" for amount in amounts)
    return "\n".join(["campaign_id,day,total,currency", *rows, ""])


def test_day_totals_need_the_name_of_their_source(signed_in: Client, campaign: Campaign) -> None:
    page = upload(signed_in, totals_of(campaign, "5"), source="")
    assert "they need its name" in text_of(page)
    assert page.context["form"].errors.keys() == {"source"}


def test_the_preview_says_what_is_added_up_and_what_would_be_replaced(
    signed_in: Client, campaign: Campaign
) -> None:
    page = upload(signed_in, totals_of(campaign, "3", "1"))
    assert "are added up: 1 total" in text_of(page)
    confirm(signed_in, page.context["upload"])
    with the_clock_at(NOON + timedelta(minutes=1)):
        file = SimpleUploadedFile("march.csv", totals_of(campaign, "2.50").encode())
        again = signed_in.post(address("spend_import_spend"), {"file": file, "source": "agency"})
    shown = text_of(again)
    assert "Totals that would be replaced" in shown
    assert "$4.00 $2.50" in " ".join(shown.split())


def test_a_file_of_which_nothing_can_be_taken_says_so(
    signed_in: Client, campaign: Campaign
) -> None:
    page = upload(signed_in, totals_of(campaign, "four"))
    assert "No row of this file can be taken" in text_of(page)
