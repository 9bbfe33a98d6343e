"""Spend, statements and changes go out as the list shows them; campaigns with what they spent."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from budgets.access.roles import FINANCE
from budgets.admin.import_export import long_export
from budgets.models import Brand, BrandAccess, Campaign, Job
from budgets.operations.close import close_periods
from budgets.operations.holds import hold
from tests.admin.files import csv_rows, exported, upload
from tests.admin.pages import address, text_of
from tests.builders import a_brand, a_campaign, a_person, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
DAY = timedelta(days=1)


@pytest.fixture
def acme() -> Brand:
    """A brand in Jakarta, of which one campaign reached its budget on the 10th."""
    with the_clock_at(NOON - DAY):
        brand = a_brand(name="Acme", currency="SAR", zone="Asia/Jakarta")
        spring = a_campaign(brand=brand, name="=Spring", daily="10")
        autumn = a_campaign(brand=brand, name="Autumn")
    spend(autumn, "4", at=NOON - DAY)
    spend(spring, "10.50", at=NOON)
    spend(autumn, "3", at=NOON)
    return brand


def test_spend_goes_out_as_the_list_is_filtered_and_sorted(signed_in: Client, acme: Brand) -> None:
    spend(a_campaign(name="Of another brand"), "99", at=NOON)
    query = f"?campaign__brand__id__exact={acme.pk}&o=2"
    assert csv_rows(exported(signed_in, "spend", query=query)) == [
        {
            "day": day,
            "brand": "Acme",
            "campaign": campaign,
            "currency": "SAR",
            "spent": amount,
        }
        for day, campaign, amount in (
            ("2026-03-10", "Autumn", "3.00"),
            ("2026-03-09", "Autumn", "4.00"),
            ("2026-03-10", "'=Spring", "10.50"),
        )
    ]
    searched = csv_rows(exported(signed_in, "spend", query="?q=Autumn&day_from=2026-03-10"))
    assert [row["spent"] for row in searched] == ["3.00"]


def test_statements_go_out_with_both_figures(signed_in: Client, acme: Brand) -> None:
    close_periods(now=NOON + DAY)
    spring = Campaign.objects.get(name="=Spring")
    spend(spring, "1", at=NOON, now=NOON + DAY)
    query = f"?campaign__id__exact={spring.pk}&starts_on_from=2026-03-10"
    assert csv_rows(exported(signed_in, "statement", query=query)) == [
        {
            "period": "day",
            "first_day": "2026-03-10",
            "brand": "Acme",
            "campaign": "'=Spring",
            "currency": "SAR",
            "budget_in_force": "10.00",
            "carried_over": "",
            "spent": "11.50",
            "spent_at_close": "10.50",
            "difference": "1.50",
            "restated_at": "2026-03-11T12:00:00Z",
        }
    ]


def test_changes_go_out_in_words(signed_in: Client, acme: Brand) -> None:
    hold(Campaign.objects.get(name="Autumn"), by=a_person("ada"), now=NOON, note="@client")
    rows = csv_rows(exported(signed_in, "change"))
    assert rows[0] == {
        "at": "2026-03-10T12:00:00Z",
        "brand": "Acme",
        "campaign": "Autumn",
        "before": "Running",
        "after": "On hold",
        "because": "a person held it",
        "person": "ada",
        "note": "'@client",
    }
    assert (rows[1]["after"], rows[1]["person"]) == ("Daily budget reached", "")


def test_campaigns_go_out_with_their_spend_and_status(signed_in: Client, acme: Brand) -> None:
    with the_clock_at(NOON):
        rows = csv_rows(exported(signed_in, "campaign", query="?o=1"))
    told = [
        [
            row[name]
            for name in ("name", "status_now", "reasons_now", "spent_today", "spent_this_month")
        ]
        for row in rows
    ]
    assert told == [
        ["'=Spring", "paused", "Daily budget reached", "10.50", "10.50"],
        ["Autumn", "running", "", "3.00", "7.00"],
    ]


def test_an_import_leaves_alone_what_is_only_shown(signed_in: Client, acme: Brand) -> None:
    content = exported(signed_in, "campaign").decode("utf-8-sig")
    assert "Nothing in the file differs" in text_of(upload(signed_in, "campaign", content))
    offered = signed_in.get(address("campaign_import")).context["columns"]
    assert "ends_on" in offered
    assert "status_now" not in offered


def test_a_spreadsheet_gets_numbers_and_days(signed_in: Client, acme: Brand) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(exported(signed_in, "spend", 1))).active
    assert sheet is not None
    assert (str(sheet["A2"].value)[:10], sheet["E2"].value) == ("2026-03-10", 10.5)


def a_finance_person_of(brand: Brand) -> Client:
    user = User.objects.create_user("finance", is_staff=True)
    user.groups.add(Group.objects.get(name=FINANCE))
    BrandAccess.objects.create(user=user).brands.add(brand)
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.mark.parametrize("listed", ["spend", "statement", "change"])
def test_who_is_limited_to_brands_exports_theirs(acme: Brand, listed: str) -> None:
    hidden = a_campaign(brand=a_brand(name="Hidden"), daily="1")
    spend(hidden, "5", at=NOON)
    close_periods(now=NOON + DAY)
    rows = csv_rows(exported(a_finance_person_of(acme), listed))
    assert {row["brand"] for row in rows} == {"Acme"}


def test_many_rows_are_written_by_a_worker_and_kept_to_their_brands(
    acme: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_export, "MOST_IN_A_REQUEST", 1)
    browser = a_finance_person_of(acme)
    data = {"format": "0", "resource": "0"}
    page = browser.post(address("spend_export") + "?q=Autumn", data, follow=True)
    assert "2 rows." in text_of(page)
    job = Job.objects.get()
    file = b"".join(browser.get(address("job_file", job.pk)).streaming_content)  # type: ignore[attr-defined]  # a stream
    assert [row["spent"] for row in csv_rows(file)] == ["3.00", "4.00"]
    assert job.result is not None
    assert job.result["brand_ids"] == [acme.pk]


def test_who_may_not_read_a_list_does_not_export_it(db: None) -> None:
    browser = Client()
    browser.force_login(User.objects.create_user("nobody", is_staff=True))
    for listed in ("spend", "statement", "change"):
        assert browser.get(address(f"{listed}_export")).status_code == 403
