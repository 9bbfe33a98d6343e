"""Budgets over time in the admin: planned, seen before they are saved, listed, undone, as files."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.utils import timezone

from budgets.admin.people.role_rights import all_of
from budgets.models import Brand, Campaign, DatedBudget
from budgets.operations import edits
from tests.admin.files import csv_rows, exported, take_in, upload
from tests.admin.pages import address, confirm, errors_of, send, text_of
from tests.admin.people import a_person, browser_of
from tests.builders import a_brand, a_campaign, spend


def day(ahead: int) -> date:
    return timezone.now().date() + timedelta(days=ahead)


def a_plan(**facts: Any) -> dict[str, Any]:
    """Return a filled-in form: nothing from the day after tomorrow on."""
    form = {"brand": "", "campaign": "", "period": "day", "amount": "0", "ends_on": ""}
    return form | {"starts_on": day(2).isoformat()} | facts


def planned(row: Brand | Campaign, amount: int | None = 0, ahead: int = 2) -> DatedBudget:
    of = {"campaign": row} if isinstance(row, Campaign) else {"brand": row}
    dated = DatedBudget(**of, amount=amount, starts_on=day(ahead))
    edits.save([dated], by=None, now=timezone.now())
    return DatedBudget.objects.get(pk=dated.pk)


def test_a_plan_shows_what_stops_on_its_first_day(signed_in: Client) -> None:
    campaign = a_campaign(brand=a_brand(daily="100"))
    page = text_of(send(signed_in, "datedbudget_add", a_plan(brand=campaign.brand_id)))
    assert "Save “Daily budget of Acme from" in page
    assert "Budget a day $100.00 $0.00" in page
    assert "It counts by itself from" in page
    assert "Save the plan" in page
    assert "1 campaign stops Campaign Will be paused by" in page
    assert "Brand's daily budget reached" in page
    assert not DatedBudget.objects.exists()
    assert Campaign.objects.get().status == "running"


def test_confirming_plans_it_and_stops_nobody_yet(signed_in: Client, owner: User) -> None:
    campaign = a_campaign(brand=a_brand(daily="100"))
    page = send(signed_in, "datedbudget_add", a_plan(brand=campaign.brand_id))
    assert confirm(signed_in, page, _meant="1").status_code == 302
    brand = Brand.objects.get()
    assert brand.daily_budget == 100
    assert brand.budget_on(day(2), "day") == 0
    assert Campaign.objects.get().status == "running"
    newest = DatedBudget.objects.get(starts_on=day(2))
    assert newest.history.first().history_user == owner


def test_a_plan_shows_who_will_run_again(signed_in: Client) -> None:
    campaign = a_campaign(daily="0")
    plan = a_plan(campaign=campaign.pk, amount="50", ends_on=day(4).isoformat())
    page = text_of(send(signed_in, "datedbudget_add", plan))
    assert "1 campaign starts" in page
    assert f"From {day(5):%a}" in page
    assert "on $0.00 counts again." in page


def test_a_plan_of_what_changes_nothing_is_saved_at_once(signed_in: Client) -> None:
    campaign = a_campaign(daily="100")
    answer = send(signed_in, "datedbudget_add", a_plan(campaign=campaign.pk, amount="150"))
    assert answer.status_code == 302
    assert campaign.budget_on(day(2), "day") == 150


def test_a_budget_of_today_decides_at_once(signed_in: Client) -> None:
    campaign = a_campaign(daily="100")
    spend(campaign, "60", at=timezone.now())
    plan = a_plan(campaign=campaign.pk, amount="50", starts_on=day(0).isoformat())
    page = send(signed_in, "datedbudget_add", plan)
    assert "It counts by itself" not in text_of(page)
    confirm(signed_in, page)
    campaign.refresh_from_db()
    assert (campaign.status, campaign.daily_budget) == ("paused", 50)


@pytest.mark.parametrize(
    "facts, field, words",
    [
        ({}, "campaign", "Choose a campaign, or a brand for all of its campaigns."),
        ({"starts_on": "2026-01-05"}, "starts_on", "That day has passed; begin on"),
        ({"ends_on": "2026-01-05"}, "ends_on", "It ends before it starts"),
        ({"amount": "1.0001"}, "amount", "USD has 2"),
        ({"amount": "-1"}, "amount", "A budget cannot be negative"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    signed_in: Client, facts: dict[str, str], field: str, words: str
) -> None:
    of = {"campaign": a_campaign().pk} if facts else {}
    response = send(signed_in, "datedbudget_add", a_plan(**of) | facts)
    found = errors_of(response)
    assert words in " ".join([*found.get(field, []), *found.get("__all__", [])])
    assert not DatedBudget.objects.exists()


def test_a_campaign_of_another_brand_is_refused(signed_in: Client) -> None:
    plan = a_plan(brand=a_brand(name="Other").pk, campaign=a_campaign().pk)
    response = send(signed_in, "datedbudget_add", plan)
    assert errors_of(response)["campaign"] == [
        "The campaign is of another brand; leave the brand empty."
    ]


def test_the_page_of_its_row_lists_what_was_is_and_will_be(signed_in: Client) -> None:
    campaign = a_campaign(daily="100")
    planned(campaign, 150)
    text = text_of(signed_in.get(address("campaign_change", campaign.pk)))
    assert "Budgets over time Budget From To State $150.00 a day" in text
    assert "no end planned $100.00 a day the beginning" in text
    assert "in force Plan a budget" in text
    brand = text_of(signed_in.get(address("brand_change", campaign.brand_id)))
    assert "The budgets below have counted since it was made." in brand


def test_the_list_says_until_when_each_counts(signed_in: Client) -> None:
    campaign = a_campaign(daily="100")
    planned(campaign, 150)
    text = text_of(signed_in.get(address("datedbudget_changelist")))
    assert f"the beginning {day(1):%a}" in text
    only = text_of(signed_in.get(address("datedbudget_changelist") + "?state=planned"))
    assert "$150.00 a day" in only
    assert "$100.00 a day" not in only


def test_a_planned_budget_is_changed_and_the_edit_undone(signed_in: Client) -> None:
    dated = planned(a_campaign(daily="100"), 150)
    form = {"amount": "160", "starts_on": day(3).isoformat(), "ends_on": ""}
    assert send(signed_in, "datedbudget_change", form, dated.pk).status_code == 302
    dated.refresh_from_db()
    assert (dated.amount, dated.starts_on) == (160, day(3))
    record = dated.history.first()
    history = text_of(signed_in.get(address("datedbudget_history", dated.pk)))
    assert "Budget before: $150.00 → after: $160.00" in history
    undo = address("datedbudget_undo", dated.pk, record.pk)
    page = signed_in.post(undo)
    confirm(signed_in, page, _meant="1")
    dated.refresh_from_db()
    assert (dated.amount, dated.starts_on) == (150, day(2))


def test_what_has_begun_only_takes_another_last_day(signed_in: Client) -> None:
    dated = planned(a_campaign(daily="100"), 150, ahead=0)
    page = signed_in.get(address("datedbudget_change", dated.pk))
    assert list(page.context["adminform"].form.fields) == ["ends_on"]
    send(signed_in, "datedbudget_change", {"ends_on": day(5).isoformat()}, dated.pk)
    dated.refresh_from_db()
    assert (dated.amount, dated.ends_on) == (150, day(5))


def test_a_planned_one_is_deleted_and_one_that_began_stays(signed_in: Client) -> None:
    campaign = a_campaign(daily="100")
    dated = planned(campaign, 150)
    base = DatedBudget.objects.exclude(pk=dated.pk).get()
    page = text_of(signed_in.get(address("datedbudget_delete", base.pk)))
    assert "has begun, and days were judged by it. Give it a last day instead." in page
    signed_in.post(address("datedbudget_delete", dated.pk), {"post": "yes"})
    assert DatedBudget.objects.get() == base


def test_who_may_not_edit_brands_plans_none_for_them(db: None) -> None:
    campaign = a_campaign(daily="100")
    role = Group.objects.create(name="Planners")
    for app, codename in all_of(["campaigns"]):
        may = Permission.objects.filter(content_type__app_label=app, codename=codename)
        role.permissions.add(*may)
    planner = browser_of(a_person("planner", "Planners"))
    plan = a_plan(brand=campaign.brand_id, amount="150")
    response = send(planner, "datedbudget_add", plan)
    assert errors_of(response)["campaign"] == ["You may not set budgets of a brand."]
    plan = a_plan(campaign=campaign.pk, amount="150")
    assert send(planner, "datedbudget_add", plan).status_code == 302
    of_brand = planned(campaign.brand)
    page = planner.get(address("datedbudget_change", of_brand.pk))
    assert page.context["has_change_permission"] is False
    assert send(planner, "datedbudget_delete", {"post": "yes"}, of_brand.pk).status_code == 403


def test_budgets_come_as_a_file_and_go_as_one(signed_in: Client) -> None:
    campaign = a_campaign(daily="100")
    first = day(2).isoformat()
    content = f"campaign,period,amount,starts_on\nSpring sale,day,150,{first}\n"
    page = upload(signed_in, "datedbudget", content)
    assert "1 begins on" in text_of(page)
    take_in(signed_in, "datedbudget", content)
    assert campaign.budget_on(day(2), "day") == 150
    rows = csv_rows(exported(signed_in, "datedbudget"))
    assert (rows[0]["amount"], rows[0]["starts_on"], rows[0]["state_now"]) == (
        "150.00",
        first,
        "planned",
    )
    again = upload(signed_in, "datedbudget", exported(signed_in, "datedbudget"))
    assert "Nothing in the file differs from what is there." in text_of(again)


@pytest.mark.parametrize(
    "cells, words",
    [
        (",,day,1,{first}", "Name a campaign, or a brand for all of its campaigns together."),
        ("Acme,,week,1,{first}", "Write “day” or “month”, not “week”."),
        ("Acme,,day,1,2026-01-05", "That day has passed; begin on"),
        ("Acme,Nobody,day,1,{first}", "There is no campaign “Nobody”."),
        ("Acme,,day,1.0001,{first}", "USD has 2"),
    ],
)
def test_a_line_that_cannot_be_is_refused_with_its_reason(
    signed_in: Client, cells: str, words: str
) -> None:
    a_campaign()
    line = cells.format(first=day(2).isoformat())
    content = f"brand,campaign,period,amount,starts_on\n{line}\n"
    assert words in text_of(upload(signed_in, "datedbudget", content))
    assert not DatedBudget.objects.exists()


def test_the_activity_tells_of_plans_and_of_their_beginning(signed_in: Client) -> None:
    campaign = a_campaign(daily="100")
    planned(campaign, 150, ahead=0)
    text = text_of(signed_in.get("/admin/activity/"))
    assert "Daily budget from" in text
    assert "Came into force" in text
    assert "automatic Came into force Spring sale" in text
    assert "Daily budget before: $100.00 → after: $150.00" in text
