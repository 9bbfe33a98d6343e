"""Brands, schedules and campaigns come and go as CSV and XLSX files."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from budgets.models import Brand, Campaign, Change, Schedule
from tests.admin.files import a_workbook, confirm_import, csv_rows, exported, take_in, upload
from tests.admin.pages import address, text_of
from tests.admin.people import a_manager_of
from tests.builders import a_brand, a_campaign, a_schedule, spend


def test_a_budget_is_changed_by_its_rows_id(signed_in: Client, owner: User) -> None:
    brand = a_brand(daily="100", monthly="1000")
    done = take_in(signed_in, "brand", f"id,daily_budget\n{brand.pk},150.50\n")
    brand.refresh_from_db()
    assert (brand.daily_budget, brand.monthly_budget) == (Decimal("150.50"), Decimal(1000))
    text = text_of(done)
    assert "Imported: 0 new, 1 changed." in text
    assert "New 0 Changed 1 The same as before 0 Refused 0" in text
    assert "Done for owner" in text
    assert LogEntry.objects.get().user == owner


def test_nothing_is_saved_before_it_was_seen(signed_in: Client) -> None:
    brand = a_brand(daily="100")
    page = upload(signed_in, "brand", f"id,daily_budget\n{brand.pk},150\n")
    assert "Acme daily budget $100.00 $150.00" in text_of(page)
    assert Brand.objects.get().daily_budget == Decimal(100)


def test_the_page_shows_what_would_stop(signed_in: Client, owner: User) -> None:
    campaign = a_campaign(daily="100")
    spend(campaign, "60", at=timezone.now())
    page = upload(signed_in, "campaign", f"id,daily_budget\n{campaign.pk},50\n")
    assert "1 campaign stops" in text_of(page)
    assert Campaign.objects.get().status == "running"
    confirm_import(signed_in, page)
    assert Change.objects.get().by == owner


def test_what_has_changed_meanwhile_is_shown_again(signed_in: Client) -> None:
    campaign = a_campaign(daily="100")
    page = upload(signed_in, "campaign", f"id,daily_budget\n{campaign.pk},50\n")
    spend(campaign, "60", at=timezone.now())
    again = confirm_import(signed_in, page)
    assert "Things have changed since you looked." in text_of(again)
    assert Campaign.objects.get().daily_budget == Decimal(100)
    confirm_import(signed_in, again)
    assert Campaign.objects.get().daily_budget == Decimal(50)


def test_a_jump_has_to_be_meant(signed_in: Client) -> None:
    brand = a_brand(daily="100")
    page = upload(signed_in, "brand", f"id,daily_budget\n{brand.pk},10000\n")
    assert "Tick the box" in text_of(confirm_import(signed_in, page))
    confirm_import(signed_in, page, _meant="1")
    assert Brand.objects.get().daily_budget == Decimal(10000)


def test_rows_without_an_id_are_made(signed_in: Client) -> None:
    a_brand(name="Acme", currency="EUR")
    a_schedule(name="Office")
    take_in(
        signed_in,
        "campaign",
        "brand,name,external_id,daily_budget,schedule,starts_on\n"
        "Acme,Spring,A-1,10.5,Office,2026-03-01\n",
    )
    made = Campaign.objects.get()
    assert (made.name, made.external_id, made.daily_budget) == ("Spring", "A-1", Decimal("10.5"))
    assert (str(made.schedule), str(made.starts_on)) == ("Office", "2026-03-01")


def test_a_campaign_is_found_by_its_brand_and_reference(signed_in: Client) -> None:
    campaign = a_campaign(name="Old")
    Campaign.objects.update(external_id="A-1")
    take_in(signed_in, "campaign", f"brand,external_id,name\n#{campaign.brand_id},A-1,New\n")
    assert Campaign.objects.get().name == "New"


@pytest.mark.parametrize(
    "model, content, words",
    [
        ("brand", "id,name\n999,Acme\n", "Line 2 , id : There is no brand 999."),
        ("brand", "id,name\nx,Acme\n", "There is no brand x."),
        ("brand", "name,daily_budget\nA,1\nB,lots\n", "Line 3 , daily_budget : “lots” is not an"),
        ("brand", "name,daily_budget\nA,-1\n", "cannot be negative"),
        ("brand", "name,daily_budget\nA,0.0000001\n", "has more than 6 decimals"),
        ("brand", "name,timezone\nA,Mars/Olympus\n", "is not a time zone"),
        ("brand", "name,currency\nA,XYZ\n", "is no ISO 4217 currency"),
        ("brand", "name,dayly_budget\nA,1\n", "There is no column “dayly_budget” here"),
        ("brand", "name,name\nA,1\n", "There are two columns “name”."),
        ("schedule", "name,hours\nA,Mon 09:10-10:00\n", "Line 2 , hours : At character"),
        ("campaign", "brand,name\nNobody,A\n", "There is no brand “Nobody”."),
        ("campaign", "brand,name,starts_on\nAcme,A,soon\n", "“soon” is no day"),
        ("campaign", "brand,name,currency\nAcme,A,EUR\n", "budgets are in USD, not in EUR"),
        ("campaign", "brand,name,schedule\nAcme,A,Never\n", "There is no schedule “Never”."),
        ("campaign", "name,reasons\nA,0\n", "There is no column “reasons” here"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_saved(
    signed_in: Client, model: str, content: str, words: str
) -> None:
    a_brand(name="Acme")
    page = text_of(upload(signed_in, model, content))
    assert words in page
    assert "Nothing was imported." in page
    assert Brand.objects.count() == 1
    assert not Campaign.objects.exists()
    assert not Schedule.objects.exists()


def test_the_zone_of_spent_money_stays(signed_in: Client) -> None:
    campaign = a_campaign()
    spend(campaign, "1", at=timezone.now())
    content = f"id,name,timezone\n{campaign.brand_id},Acme,Europe/Paris\n"
    assert "move the brand on its page" in text_of(upload(signed_in, "brand", content))
    assert Brand.objects.get().timezone == "UTC"


def test_a_name_that_several_brands_have_needs_the_number(signed_in: Client) -> None:
    first, _second = a_brand(name="Acme"), a_brand(name="Acme")
    page = upload(signed_in, "campaign", "brand,name\nAcme,Spring\n")
    assert "Several are called “Acme”" in text_of(page)
    take_in(signed_in, "campaign", f"brand,name\nAcme #{first.pk},Spring\n")
    assert Campaign.objects.get().brand == first


def test_all_rows_are_taken_or_none_when_one_turns_bad(signed_in: Client) -> None:
    brand, other = a_brand(daily="100"), a_brand(daily="100")
    page = upload(signed_in, "brand", f"id,daily_budget\n{brand.pk},150\n{other.pk},150\n")
    other.delete()
    assert "There is no brand" in text_of(confirm_import(signed_in, page))
    assert Brand.objects.get().daily_budget == Decimal(100)


@pytest.mark.parametrize("file_format", [0, 1])
@pytest.mark.parametrize("model", ["brand", "campaign", "schedule"])
def test_an_export_comes_back_unchanged(signed_in: Client, model: str, file_format: int) -> None:
    a_campaign(
        brand=a_brand(name="=1+1", daily="0.000001", monthly="99999999999"),
        name="-Spring #7",
        schedule=a_schedule(name="'Office"),
        daily="0",
    )
    content = exported(signed_in, model, file_format)
    name = "rows.csv" if file_format == 0 else "rows.xlsx"
    assert "Nothing in the file differs" in text_of(upload(signed_in, model, content, name))


def test_no_spreadsheet_runs_an_exported_name(signed_in: Client) -> None:
    a_brand(name='=HYPERLINK("http://evil")')
    assert csv_rows(exported(signed_in, "brand"))[0]["name"].startswith("'=")


def test_an_export_holds_what_the_list_is_filtered_to(signed_in: Client) -> None:
    a_brand(name="Acme")
    a_brand(name="Other")
    assert [row["name"] for row in csv_rows(exported(signed_in, "brand", query="?q=Acm"))] == [
        "Acme"
    ]


def test_an_exported_spreadsheet_has_numbers_and_dates(signed_in: Client) -> None:
    a_brand(name="Acme", daily="100.50")
    content = exported(signed_in, "brand", 1)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet["E2"].value == 100.5
    assert sheet["F2"].value in (None, "")


def test_a_spreadsheets_numbers_are_read_exactly(signed_in: Client) -> None:
    rows = (["name", "daily_budget", "monthly_budget"], ["Acme", 0.1, 300])
    take_in(signed_in, "brand", a_workbook(*rows), "rows.xlsx")
    brand = Brand.objects.get()
    assert (brand.daily_budget, brand.monthly_budget) == (Decimal("0.10"), Decimal(300))


def test_semicolons_do_as_well_as_commas(signed_in: Client) -> None:
    take_in(signed_in, "brand", "name;daily_budget\nAcme;10\n")
    assert Brand.objects.get().daily_budget == Decimal(10)


@pytest.mark.parametrize(
    "content, name, words",
    [
        (b"PK", "rows.xlsx", "The workbook is damaged or was cut off"),
        (b"name\n\xff\xfe\n", "rows.csv", "not in UTF-8: line 2 has the byte 0xFF"),
        (b"name\n", "rows.pdf", "ends in .csv or .xlsx"),
    ],
)
def test_a_file_that_is_none_is_refused(
    signed_in: Client, content: bytes, name: str, words: str
) -> None:
    assert words in text_of(upload(signed_in, "brand", content, name))


def test_what_may_only_be_read_is_not_imported(viewer: Client) -> None:
    assert viewer.get(address("brand_import")).status_code == 403
    assert viewer.get(address("brand_export")).status_code == 200


def test_a_limited_person_neither_edits_nor_names_another_brand(db: None) -> None:
    mine, other = a_brand(name="Mine"), a_brand(name="Other", daily="100")
    manager = a_manager_of(mine)
    page = upload(manager, "brand", f"id,daily_budget\n{other.pk},1\n")
    assert f"There is no brand {other.pk}." in text_of(page)
    page = upload(manager, "campaign", "brand,name\nOther,Spring\n")
    assert "There is no brand “Other”." in text_of(page)


def test_a_limited_person_exports_their_own(db: None) -> None:
    mine = a_brand(name="Mine")
    a_brand(name="Other")
    assert [row["name"] for row in csv_rows(exported(a_manager_of(mine), "brand"))] == ["Mine"]


def test_a_limited_person_makes_no_brand(db: None) -> None:
    page = upload(a_manager_of(a_brand(name="Mine")), "brand", "name\nNew\n")
    assert "You may not add any" in text_of(page)


def test_a_limited_person_keeps_the_schedule_they_import(db: None) -> None:
    manager = a_manager_of(a_brand(name="Mine"))
    take_in(manager, "schedule", "name,hours\nOffice,Mon-Fri 09:00-17:00\n")
    assert [row["name"] for row in csv_rows(exported(manager, "schedule"))] == ["Office"]
