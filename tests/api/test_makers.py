"""A key works while the person who made it may do what it does, or once it is the house's."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User

from budgets.access.roles import FINANCE, MANAGER, OWNER, VIEWER
from budgets.models import Brand, BrandAccess
from budgets.operations.keys import hand_over
from tests.api.program import Program, a_program, problem_of
from tests.builders import a_brand, a_campaign

pytestmark = pytest.mark.django_db


def a_maker(role: str = OWNER, *brands: Brand) -> User:
    """Save somebody who may make keys; without brands they reach all."""
    maker = User.objects.create_user("ada", is_staff=True)
    maker.groups.set([Group.objects.get(name=role)])
    BrandAccess.objects.create(user=maker, all_brands=not brands).brands.set(brands)
    return maker


def report(program: Program, campaign: Any) -> Any:
    row = {"source": "adserver", "key": "1", "campaign_id": campaign.pk, "amount": "5",
           "occurred_at": "2026-03-10T12:00:00Z", "currency": "USD"}  # fmt: skip
    return program.post("/spend", {"entries": [row]})


def test_a_key_works_while_its_maker_may_do_what_it_does() -> None:
    program = a_program(created_by=a_maker())
    assert program.get("/brands").status_code == 200
    assert program.post("/brands", {"name": "Acme"}).status_code == 201


@pytest.mark.parametrize("lost", ["is_active", "is_staff"])
def test_it_stops_when_its_maker_can_no_longer_sign_in(lost: str) -> None:
    maker = a_maker()
    program = a_program(created_by=maker)
    User.objects.filter(pk=maker.pk).update(**{lost: False})
    problem = problem_of(program.get("/brands"), 403)
    assert problem["code"] == "maker_may_not"
    assert "may no longer view brand" in problem["detail"]
    assert "hand the key over to the house" in problem["detail"]


def test_it_stops_when_its_maker_is_deleted() -> None:
    maker = a_maker()
    program = a_program(created_by=maker)
    maker.delete()
    problem = problem_of(program.get("/brands"), 403)
    assert problem["code"] == "maker_gone"
    assert "hand the key over to the house" in problem["detail"]


@pytest.mark.parametrize(
    "role, of_reading, of_spend, of_editing",
    [(OWNER, 200, 200, 200), (MANAGER, 200, 200, 200), (FINANCE, 200, 200, 403),
     (VIEWER, 200, 403, 403)],
)  # fmt: skip
def test_it_does_what_the_role_of_its_maker_allows_now(
    role: str, of_reading: int, of_spend: int, of_editing: int
) -> None:
    maker = a_maker()
    program, campaign = a_program(created_by=maker), a_campaign()
    maker.groups.set([Group.objects.get(name=role)])
    assert program.get("/campaigns").status_code == of_reading
    assert report(program, campaign).status_code == of_spend
    name = program.patch(f"/campaigns/{campaign.pk}", {"name": "Autumn"})
    assert name.status_code == of_editing


def test_it_reaches_only_brands_that_its_maker_reaches_now() -> None:
    kept, lost = a_brand(name="Kept"), a_brand(name="Lost")
    maker = a_maker()
    everywhere = a_program(created_by=maker)
    both = a_program(kept, lost, created_by=maker)
    campaign = a_campaign(brand=lost)
    maker.brand_access.all_brands = False
    maker.brand_access.save()
    maker.brand_access.brands.set([kept])
    for program in (everywhere, both):
        shown = program.get("/brands").json()["items"]
        assert [each["name"] for each in shown] == ["Kept"]
        problem_of(program.get(f"/campaigns/{campaign.pk}"), 404)
        assert report(program, campaign).json()["refused"][0]["code"] == "unknown_campaign"
    problem_of(everywhere.post("/brands", {"name": "New"}), 403)


def test_a_maker_without_brands_leaves_it_none() -> None:
    a_brand()
    maker = a_maker()
    program = a_program(created_by=maker)
    BrandAccess.objects.all().delete()
    assert program.get("/brands").json()["items"] == []


def test_once_it_is_the_houses_it_outlives_its_maker() -> None:
    brand, maker = a_brand(), a_maker()
    program = a_program(created_by=maker)
    hand_over(program.key)
    maker.delete()
    assert program.patch(f"/brands/{brand.pk}", {"name": "Acme Ltd"}).status_code == 200
    record = Brand.history.order_by("-history_id").first()
    assert record.history_user is None
    assert "API key “nightly sync”" in record.history_change_reason


def test_what_it_does_stands_under_its_makers_name() -> None:
    brand, maker = a_brand(), a_maker()
    program = a_program(created_by=maker)
    program.patch(f"/brands/{brand.pk}", {"name": "Acme Ltd"})
    assert Brand.history.order_by("-history_id").first().history_user == maker


def test_to_ask_who_made_it_takes_no_query_of_its_own(
    django_assert_num_queries: Any,
) -> None:
    campaign = a_campaign()
    of_house, of_ada = a_program(), a_program(created_by=a_maker())
    for program in (of_house, of_ada):
        program.get(f"/schedules/{campaign.pk}")  # its use is noted
        with django_assert_num_queries(2):  # the key, and the schedule
            program.get(f"/schedules/{campaign.pk}")
