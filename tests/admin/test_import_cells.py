"""Cells of imported files are read exactly, and no row is named twice."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from budgets.models import Brand, Campaign
from tests.admin.files import a_workbook, exported, take_in, upload
from tests.admin.pages import text_of
from tests.builders import a_brand, a_campaign


def refused(signed_in: Client, model: str, content: str | bytes, name: str = "rows.csv") -> str:
    """Return the page that refuses a file."""
    page = text_of(upload(signed_in, model, content, name))
    assert "Nothing was imported." in page, page
    return page


@pytest.mark.parametrize(
    "cell, currency, budget",
    [
        ('"1,234.56"', "USD", "1234.56"),
        ('"$1,234.56"', "USD", "1234.56"),
        ("1 234.56", "USD", "1234.56"),
        ("€1000", "EUR", "1000"),
        ("1000 EUR", "EUR", "1000"),
        ('"12,50"', "EUR", "12.50"),
        ('"¥2,345"', "JPY", "2345"),
    ],
)
def test_a_budget_is_read_as_people_write_it(
    signed_in: Client, cell: str, currency: str, budget: str
) -> None:
    take_in(signed_in, "brand", f"name,currency,daily_budget\nAcme,{currency},{cell}\n")
    assert Brand.objects.get().daily_budget == Decimal(budget)


def test_the_whole_file_shows_how_its_amounts_are_written(signed_in: Client) -> None:
    take_in(
        signed_in,
        "brand",
        "name;currency;daily_budget;monthly_budget\nA;EUR;1.234;9.000\nB;EUR;1.234,56;\n",
    )
    first = Brand.objects.get(name="A")
    assert (first.daily_budget, first.monthly_budget) == (Decimal(1234), Decimal(9000))


def test_a_budget_with_two_readings_is_refused_with_both(signed_in: Client) -> None:
    page = refused(signed_in, "brand", 'name,daily_budget\nAcme,"1,234"\n')
    assert "“1,234” is 1234 or 1.234" in page


def test_a_file_written_in_two_ways_is_refused(signed_in: Client) -> None:
    page = refused(signed_in, "brand", "name;daily_budget\nA;1,234.56\nB;12,50\n")
    assert "“1,234.56” in line 2" in page
    assert "“12,50” in line 3" in page


def test_a_campaigns_budget_is_in_its_brands_currency(signed_in: Client) -> None:
    a_brand(name="Yen", currency="JPY")
    take_in(signed_in, "campaign", 'brand,name,daily_budget\nYen,Spring,"2,345"\n')
    assert Campaign.objects.get().daily_budget == Decimal(2345)
    page = refused(signed_in, "campaign", "brand,name,daily_budget\nYen,Autumn,€5\n")
    assert "amounts here are in JPY" in page


def test_decimals_that_the_currency_lacks_are_refused(signed_in: Client) -> None:
    page = refused(signed_in, "brand", "name,currency,daily_budget\nYen,JPY,10.50\n")
    assert "JPY has no decimals" in page


def test_finer_budgets_that_there_are_already_come_back_unchanged(signed_in: Client) -> None:
    a_brand(currency="JPY", daily="0.5", monthly="1.234")
    content = exported(signed_in, "brand")
    assert "Nothing in the file differs" in text_of(upload(signed_in, "brand", content))


def test_an_exported_budget_has_one_reading(signed_in: Client) -> None:
    a_brand(currency="KWD", daily="1.234")
    content = exported(signed_in, "brand")
    assert b"1.2340" in content
    assert "Nothing in the file differs" in text_of(upload(signed_in, "brand", content))


def test_the_remains_of_binary_sums_are_no_decimals(signed_in: Client) -> None:
    rows = (["name", "daily_budget"], ["Acme", 0.30000000000000004])
    take_in(signed_in, "brand", a_workbook(*rows), "rows.xlsx")
    assert Brand.objects.get().daily_budget == Decimal("0.30")


@pytest.mark.parametrize(
    "cell", ["2026-03-31", "31.03.2026", "3/31/2026", "31/03/2026", '"Mar 31, 2026"', "20260331"]
)
def test_a_flight_is_read_as_people_write_it(signed_in: Client, cell: str) -> None:
    a_brand()
    take_in(signed_in, "campaign", f"brand,name,starts_on\nAcme,Spring,{cell}\n")
    assert Campaign.objects.get().starts_on == date(2026, 3, 31)


def test_one_flight_shows_the_order_of_all(signed_in: Client) -> None:
    a_brand()
    take_in(
        signed_in,
        "campaign",
        "brand,name,starts_on,ends_on\nAcme,Spring,03/04/2026,03/31/2026\n",
    )
    assert Campaign.objects.get().starts_on == date(2026, 3, 4)


def test_a_flight_with_two_readings_is_refused_with_both(signed_in: Client) -> None:
    a_brand()
    page = refused(signed_in, "campaign", "brand,name,starts_on\nAcme,Spring,03/04/2026\n")
    assert "“03/04/2026” is 2026-04-03 or 2026-03-04" in page


def test_a_spreadsheets_days_are_read(signed_in: Client) -> None:
    a_brand()
    day = datetime(2026, 3, 31)  # noqa: DTZ001  # as a spreadsheet has it
    rows: tuple[list[Any], ...] = (["brand", "name", "starts_on"], ["Acme", "Spring", day])
    take_in(signed_in, "campaign", a_workbook(*rows), "rows.xlsx")
    assert Campaign.objects.get().starts_on == date(2026, 3, 31)


@pytest.mark.parametrize("cell", ["1.2021E+17", 120210000000000123, 1.2021e17])
def test_an_id_shortened_in_a_workbook_is_refused(signed_in: Client, cell: Any) -> None:
    a_brand()
    book = a_workbook(["brand", "name", "external_id"], ["Acme", "Spring", cell])
    page = refused(signed_in, "campaign", book, "rows.xlsx")
    assert "Line 2 , external_id" in page
    assert "was shortened by a spreadsheet" in page


def test_an_id_shortened_in_text_is_refused(signed_in: Client) -> None:
    a_brand()
    text = "brand,name,external_id\nAcme,Spring,1.2021E+17\nAcme,Autumn,1.2021E+17\n"
    page = refused(signed_in, "campaign", text)
    assert "was shortened by a spreadsheet" in page
    assert not Campaign.objects.exists()


def test_a_shortened_id_of_a_brand_is_refused(signed_in: Client) -> None:
    page = refused(signed_in, "brand", "id,name\n1E+17,Acme\n")
    assert "was shortened by a spreadsheet" in page


def test_a_long_id_is_kept_whole(signed_in: Client) -> None:
    a_brand()
    text = "brand,name,external_id\nAcme,Spring,120210000000000123\nAcme,Autumn,'120210000000000124"
    take_in(signed_in, "campaign", text)
    ids = set(Campaign.objects.values_list("external_id", flat=True))
    assert ids == {"120210000000000123", "120210000000000124"}


def test_a_shortened_id_that_there_is_already_comes_back_unchanged(signed_in: Client) -> None:
    campaign = a_campaign()
    Campaign.objects.update(external_id="1.2021E+17")
    text = f"id,external_id,name\n{campaign.pk},1.2021E+17,New\n"
    take_in(signed_in, "campaign", text)
    assert Campaign.objects.get().name == "New"


def test_a_row_named_twice_by_its_id_is_refused(signed_in: Client) -> None:
    brand = a_brand(daily="100")
    page = refused(signed_in, "brand", f"id,daily_budget\n{brand.pk},150\n{brand.pk},200\n")
    assert "Line 3" in page
    assert "Line 2 names this brand already" in page
    assert Brand.objects.get().daily_budget == Decimal(100)


def test_a_campaign_named_by_its_id_and_its_reference_is_refused(signed_in: Client) -> None:
    campaign = a_campaign(name="Spring")
    Campaign.objects.update(external_id="A-1")
    page = refused(
        signed_in,
        "campaign",
        f"id,brand,external_id,name\n{campaign.pk},,,One\n,#{campaign.brand_id},A-1,Two\n",
    )
    assert "Line 2 names this campaign already" in page


def test_a_new_campaign_named_twice_is_refused(signed_in: Client) -> None:
    a_brand()
    page = refused(
        signed_in, "campaign", "brand,external_id,name\nAcme,A-1,Spring\nAcme,A-1,Autumn\n"
    )
    assert "Line 2 names this campaign already" in page
    assert not Campaign.objects.exists()


def test_a_reference_given_to_one_campaign_and_naming_another_is_refused(
    signed_in: Client,
) -> None:
    campaign = a_campaign()
    text = f"id,brand,external_id,name\n{campaign.pk},Acme,A-1,One\n,Acme,A-1,Two\n"
    assert "Line 2 names this campaign already" in refused(signed_in, "campaign", text)


@pytest.mark.parametrize(
    "model, content",
    [
        ("brand", "name,daily_budget\nNew,1\nNew,2\n"),
        ("schedule", "name,hours\nOffice,Mon 09:00-17:00\nOffice,Tue 09:00-17:00\n"),
        ("campaign", "brand,name\nAcme,Spring\nAcme,Spring\n"),
    ],
)
def test_a_new_row_of_the_same_name_twice_is_refused(
    signed_in: Client, model: str, content: str
) -> None:
    a_brand()
    assert "Line 2 names this" in refused(signed_in, model, content)


def test_the_same_name_in_two_brands_is_two_campaigns(signed_in: Client) -> None:
    a_brand(name="A")
    a_brand(name="B")
    take_in(signed_in, "campaign", "brand,external_id,name\nA,1,Spring\nB,1,Spring\nA,2,Spring\n")
    assert Campaign.objects.count() == 3


def test_an_id_beyond_any_row_is_unknown(signed_in: Client) -> None:
    number = "9" * 30
    assert f"There is no brand {number}." in refused(signed_in, "brand", f"id,name\n{number},A\n")
