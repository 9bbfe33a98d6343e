"""Brands through the API."""

from typing import Any

import pytest

from budgets.access.roles import MANAGER
from budgets.models import Brand, Change
from tests.admin.people import a_person
from tests.api.program import a_program, problem_of
from tests.builders import (
    a_brand,
    a_brand_at_the_most,
    a_campaign,
    an_instant,
    spend,
    the_clock_at,
)

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")


def test_a_brand_is_shown_with_what_it_spent() -> None:
    with the_clock_at(NOON):
        brand = a_brand(daily="100.5", name="Acme")
        spend(a_campaign(brand=brand), "12.345", at=NOON)
        a_campaign(brand=brand, is_held=True)
        assert a_program().get(f"/brands/{brand.pk}").json() == {
            "id": brand.pk,
            "name": "Acme",
            "currency": "USD",
            "timezone": "UTC",
            "daily_budget": "100.50",
            "monthly_budget": None,
            "rollover": "none",
            "rollover_cap": None,
            "carried": "0.00",
            "exceptions": "",
            "is_held": False,
            "daily_spend": "12.345",
            "monthly_spend": "12.345",
            "running_campaigns": 1,
            "paused_campaigns": 1,
            "created_at": "2026-03-10T12:00:00Z",
        }


def test_a_brand_is_created() -> None:
    response = a_program().post(
        "/brands", {"name": "Acme", "currency": "EUR", "timezone": "Europe/Paris"}
    )
    assert response.status_code == 201
    brand = Brand.objects.get()
    assert response.headers["Location"] == f"/api/v1/brands/{brand.pk}"
    assert (brand.name, brand.currency, brand.timezone) == ("Acme", "EUR", "Europe/Paris")


def test_a_limited_key_creates_no_brands() -> None:
    problem_of(a_program(a_brand()).post("/brands", {"name": "Acme"}), 403)


@pytest.mark.parametrize(
    "fault, pointer",
    [
        ({"name": ""}, "/name"),
        ({"name": "x\0"}, "/name"),
        ({"name": "x" * 201}, "/name"),
        ({"currency": "XXQ"}, "/currency"),
        ({"timezone": "Mars/Olympus"}, "/timezone"),
        ({"timezone": "../../etc/passwd"}, "/timezone"),
        ({"daily_budget": "-1"}, "/daily_budget"),
        ({"daily_budget": "NaN"}, "/daily_budget"),
        ({"daily_budget": "0.0000001"}, "/daily_budget"),
        ({"daily_budget": 1e13}, "/daily_budget"),
        ({"dayly_budget": "1"}, "/dayly_budget"),
    ],
)
def test_a_brand_with_a_fault_is_refused_at_its_field(fault: dict[str, Any], pointer: str) -> None:
    problem = problem_of(a_program().post("/brands", {"name": "Acme"} | fault), 422)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert not Brand.objects.exists()


def test_a_number_is_read_exactly() -> None:
    program = a_program()
    body = '{"name": "Acme", "daily_budget": 999999999.000001}'
    assert program.send("POST", "/brands", body).json()["daily_budget"] == "999999999.000001"


def test_a_patch_changes_what_it_names_and_clears_what_is_null() -> None:
    brand = a_brand(daily="100", monthly="1000", name="Acme")
    response = a_program().patch(f"/brands/{brand.pk}", {"name": "Ajax", "daily_budget": None})
    assert response.status_code == 200
    shown = response.json()
    assert shown["name"] == "Ajax"
    assert shown["daily_budget"] is None
    assert shown["monthly_budget"] == "1000.00"


def test_a_name_cannot_be_null() -> None:
    brand = a_brand()
    problem_of(a_program().patch(f"/brands/{brand.pk}", {"name": None}), 422)


def test_an_empty_patch_changes_nothing() -> None:
    brand = a_brand(name="Acme")
    assert a_program().patch(f"/brands/{brand.pk}", {}).json()["name"] == "Acme"


def test_a_lower_budget_stops_campaigns_at_once_and_the_history_names_the_key() -> None:
    with the_clock_at(NOON):
        campaign = a_campaign()
        spend(campaign, "50", at=NOON)
        program = a_program(created_by=a_person("ada", MANAGER))
        program.patch(f"/brands/{campaign.brand_id}", {"daily_budget": "50"})
    change = Change.objects.get()
    assert change.trigger == "edit"
    assert str(change.by) == "ada"
    assert change.note == "API key “nightly sync”"


def test_the_currency_of_spent_money_stays() -> None:
    with the_clock_at(NOON):
        campaign = a_campaign()
        spend(campaign, "50", at=NOON)
    response = a_program().patch(f"/brands/{campaign.brand_id}", {"currency": "EUR"})
    assert problem_of(response, 422)["errors"][0]["pointer"] == "/currency"


def test_a_hold_stops_every_campaign_and_a_release_starts_them() -> None:
    campaign = a_campaign()
    program = a_program()
    held = program.post(f"/brands/{campaign.brand_id}/hold", {"note": "unpaid"})
    assert held.json()["is_held"] is True
    assert held.json()["paused_campaigns"] == 1
    assert Change.objects.get().note == "API key “nightly sync”: unpaid"
    released = program.post(f"/brands/{campaign.brand_id}/release")
    assert released.json()["is_held"] is False
    assert released.json()["running_campaigns"] == 1


def test_a_hold_may_not_be_patched_in() -> None:
    brand = a_brand()
    problem_of(a_program().patch(f"/brands/{brand.pk}", {"is_held": True}), 422)


@pytest.mark.parametrize(
    "query, names",
    [
        ({}, ["Acme", "Ajax", "Bolt"]),
        ({"name": "a"}, ["Acme", "Ajax"]),
        ({"currency": "EUR"}, ["Ajax"]),
        ({"is_held": "true"}, ["Bolt"]),
        ({"name": "a", "currency": "USD"}, ["Acme"]),
    ],
)
def test_brands_are_filtered(query: Any, names: Any) -> None:
    a_brand(name="Acme")
    a_brand(name="Ajax", currency="EUR")
    a_brand(name="Bolt", is_held=True)
    items = a_program().get("/brands", **query).json()["items"]
    assert [item["name"] for item in items] == names


def test_the_zone_of_spent_money_stays() -> None:
    brand = a_brand()
    spend(a_campaign(brand=brand), "1", at=NOON)
    response = a_program().patch(f"/brands/{brand.pk}", {"timezone": "Europe/Paris"})
    (error,) = problem_of(response, 422)["errors"]
    assert error["pointer"] == "/timezone"
    assert "move the brand on its page" in error["message"]


@pytest.mark.parametrize("campaigns", [2, 100])
def test_a_sum_of_any_size_is_told_exactly(campaigns: int) -> None:
    program, brand = a_program(), a_brand_at_the_most(campaigns=campaigns, on=NOON)
    campaign = brand.campaigns.all()[0]
    with the_clock_at(NOON):
        shown = program.get(f"/brands/{brand.pk}").json()
        assert shown["daily_spend"] == shown["monthly_spend"] == f"{campaigns * 10**11}.00"
        assert program.get("/brands").status_code == 200
        assert program.get(f"/campaigns/{campaign.pk}/explain").status_code == 200
