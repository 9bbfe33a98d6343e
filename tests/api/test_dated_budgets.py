"""Budgets over time in the API: planned, changed, deleted, listed."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.utils import timezone

from budgets.models import BrandAccess, Campaign, DatedBudget
from tests.api.program import a_program, problem_of
from tests.builders import a_brand, a_campaign, spend

pytestmark = pytest.mark.django_db


def day(ahead: int) -> str:
    return (timezone.now().date() + timedelta(days=ahead)).isoformat()


def a_plan(**facts: Any) -> dict[str, Any]:
    return {"period": "day", "amount": "200.00", "starts_on": day(2)} | facts


def test_a_budget_is_planned_and_begins_on_its_day() -> None:
    campaign = a_campaign(daily="100")
    plan = a_plan(campaign_id=campaign.pk, ends_on=day(4))
    response = a_program().post("/dated-budgets", plan)
    assert response.status_code == 201
    shown = response.json()
    assert response["Location"].endswith(f"/dated-budgets/{shown['id']}")
    assert shown == {
        "id": shown["id"],
        "brand_id": campaign.brand_id,
        "campaign_id": campaign.pk,
        "period": "day",
        "amount": "200.00",
        "currency": "USD",
        "starts_on": day(2),
        "ends_on": day(4),
        "until": day(4),
        "state": "planned",
    }
    assert campaign.budget_on(date.fromisoformat(day(3)), "day") == 200
    assert campaign.budget_on(date.fromisoformat(day(5)), "day") == 100


def test_one_of_today_counts_at_once() -> None:
    campaign = a_campaign(daily="100")
    spend(campaign, "60", at=timezone.now())
    plan = a_plan(campaign_id=campaign.pk, amount="50", starts_on=day(0))
    assert a_program().post("/dated-budgets", plan).json()["state"] == "in_force"
    campaign.refresh_from_db()
    assert campaign.status == "paused"


def test_a_brand_has_budgets_over_time_too() -> None:
    brand = a_brand(monthly="1000")
    plan = a_plan(brand_id=brand.pk, period="month", amount=None)
    shown = a_program().post("/dated-budgets", plan).json()
    assert (shown["campaign_id"], shown["amount"], shown["period"]) == (None, None, "month")
    assert brand.budget_on(date.fromisoformat(day(3)), "month") is None


@pytest.mark.parametrize(
    "facts, pointer, words",
    [
        ({}, "/brand_id", "Send either brand_id or campaign_id."),
        ({"brand_id": 999}, "/brand_id", "There is no brand 999."),
        ({"campaign_id": 999}, "/campaign_id", "There is no campaign 999."),
        ({"starts_on": "2026-01-05"}, "/starts_on", "That day has passed; begin on"),
        ({"ends_on": "2026-01-05"}, "", "It ends before it starts"),
        ({"period": "week"}, "/period", "Input should be 'day' or 'month'"),
        ({"amount": "-1"}, "/amount", "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_planned_is_said(facts: dict[str, Any], pointer: str, words: str) -> None:
    own = {"campaign_id": a_campaign().pk}
    plan = a_plan(**(facts if not facts or "_id" in str(facts) else own | facts))
    (error,) = problem_of(a_program().post("/dated-budgets", plan), 422)["errors"]
    assert error["pointer"] == pointer
    assert words in error["message"]
    assert not DatedBudget.objects.exists()


def test_two_cannot_begin_on_one_day() -> None:
    program, plan = a_program(), a_plan(campaign_id=a_campaign().pk)
    program.post("/dated-budgets", plan)
    (error,) = problem_of(program.post("/dated-budgets", plan), 422)["errors"]
    assert "Another budget of it begins on that day" in error["message"]


def planned(campaign: Campaign) -> dict[str, Any]:
    made: dict[str, Any] = (
        a_program().post("/dated-budgets", a_plan(campaign_id=campaign.pk)).json()
    )
    return made


def test_a_plan_is_changed_and_deleted() -> None:
    campaign = a_campaign(daily="100")
    program, address = a_program(), f"/dated-budgets/{planned(campaign)['id']}"
    changed = program.patch(address, {"amount": "150", "starts_on": day(3), "ends_on": day(6)})
    assert [changed.json()[name] for name in ("amount", "starts_on", "ends_on")] == [
        "150.00",
        day(3),
        day(6),
    ]
    assert program.patch(address, {"ends_on": None}).json()["ends_on"] is None
    assert program.send("DELETE", address, None).status_code == 204
    assert problem_of(program.get(address), 404)["code"] == "not_found"
    assert campaign.budget_on(date.fromisoformat(day(4)), "day") == 100


def test_what_has_begun_stays_but_for_its_last_day() -> None:
    campaign = a_campaign(daily="100")
    planned(campaign)
    program = a_program()
    base = DatedBudget.objects.get(is_current=True)
    address = f"/dated-budgets/{base.pk}"
    (error,) = problem_of(program.patch(address, {"amount": "90"}), 422)["errors"]
    assert "only its last day can be changed" in error["message"]
    assert problem_of(program.send("DELETE", address, None), 409)["code"] == "on_record"
    assert program.patch(address, {"ends_on": day(1)}).json()["until"] == day(1)


def test_they_are_listed_by_whose_they_are_and_whether_they_are_planned() -> None:
    first, second = a_campaign(daily="100"), a_campaign()
    planned(first)
    planned(second)
    program = a_program()

    def amounts(**filters: Any) -> list[Any]:
        return [each["amount"] for each in program.get("/dated-budgets", **filters).json()["items"]]

    assert amounts(campaign_id=first.pk) == ["200.00", "100.00"]
    assert amounts(is_planned="true") == ["200.00", "200.00"]
    assert amounts(brand_id=second.brand_id, is_planned="false") == [None]
    assert amounts(period="month") == []


def test_a_key_plans_what_its_maker_may_set_today() -> None:
    brand = a_brand(daily="100")
    role = Group.objects.create(name="Planners")
    names = ("view_datedbudget", "add_datedbudget", "delete_datedbudget", "change_campaign")
    role.permissions.add(*Permission.objects.filter(codename__in=names))
    maker = User.objects.create_user("planner", is_staff=True)
    maker.groups.add(role)
    BrandAccess.objects.create(user=maker, all_brands=True)
    program = a_program(created_by=maker)
    assert program.post("/dated-budgets", a_plan(campaign_id=a_campaign().pk)).status_code == 201
    refused = program.post("/dated-budgets", a_plan(brand_id=brand.pk))
    assert problem_of(refused, 403)["code"] == "maker_may_not"


def test_a_plan_is_not_moved_into_the_past() -> None:
    address = f"/dated-budgets/{planned(a_campaign(daily='100'))['id']}"
    (error,) = problem_of(a_program().patch(address, {"starts_on": "2026-01-05"}), 422)["errors"]
    assert error["pointer"] == "/starts_on"
