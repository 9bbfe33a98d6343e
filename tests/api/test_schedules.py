"""Schedules through the API, and who may see and change one that brands share."""

import pytest

from budgets.models import Schedule
from tests.api.program import a_program, problem_of
from tests.builders import a_brand, a_campaign, a_schedule, an_instant, the_clock_at

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")


def test_a_schedule_is_created_and_read() -> None:
    program = a_program()
    response = program.post("/schedules", {"name": "Office", "hours": "Mon-Fri 09:00-17:00"})
    assert response.status_code == 201
    address = response.headers["Location"].removeprefix("/api/v1")
    assert program.get(address).json() == response.json()
    assert response.json()["hours"] == "Mon-Fri 09:00-17:00"


def test_hours_that_mean_nothing_are_refused_with_the_reason() -> None:
    body = {"name": "Office", "hours": "Mon-Fri 09:07-17:00"}
    problem = problem_of(a_program().post("/schedules", body), 422)
    assert "quarter hour" in problem["errors"][0]["message"]
    assert problem["errors"][0]["pointer"] == "/hours"


def test_new_hours_close_campaigns_at_once() -> None:
    with the_clock_at(NOON):
        campaign = a_campaign(schedule=a_schedule("Mon-Sun 00:00-24:00"))
        program = a_program()
        program.patch(f"/schedules/{campaign.schedule_id}", {"hours": "Mon-Sun 13:00-14:00"})
        shown = program.get(f"/campaigns/{campaign.pk}").json()
    assert shown["reasons"] == ["OUTSIDE_SCHEDULE"]


def test_a_schedule_is_found_by_name() -> None:
    a_schedule(name="Office")
    a_schedule(name="Night")
    items = a_program().get("/schedules", name="off").json()["items"]
    assert [item["name"] for item in items] == ["Office"]


def test_a_limited_key_sees_the_schedules_of_its_campaigns_and_its_own() -> None:
    used, foreign, unused = a_schedule(name="used"), a_schedule(), a_schedule()
    brand = a_campaign(schedule=used).brand
    a_campaign(schedule=foreign)
    program = a_program(brand)
    own = program.post("/schedules", {"name": "own", "hours": "Mon 09:00-10:00"}).json()
    items = program.get("/schedules").json()["items"]
    assert [item["name"] for item in items] == ["used", "own"]
    assert program.get(f"/schedules/{own['id']}").status_code == 200
    for hidden in (foreign, unused):
        problem_of(program.get(f"/schedules/{hidden.pk}"), 404)
        problem_of(program.patch(f"/schedules/{hidden.pk}", {"name": "x"}), 404)


def test_a_limited_key_may_not_change_a_schedule_that_other_brands_use_too() -> None:
    shared = a_schedule(name="shared")
    brand = a_campaign(schedule=shared).brand
    a_campaign(schedule=shared)
    response = a_program(brand).patch(f"/schedules/{shared.pk}", {"name": "mine"})
    assert problem_of(response, 403)["code"] == "shared_schedule"
    assert Schedule.objects.get().name == "shared"


def test_a_limited_key_may_change_a_schedule_that_only_its_brands_use() -> None:
    schedule = a_schedule()
    brand, other = a_brand(), a_brand()
    for each in (brand, other):
        a_campaign(brand=each, schedule=schedule)
    response = a_program(brand, other).patch(f"/schedules/{schedule.pk}", {"name": "ours"})
    assert response.json()["name"] == "ours"


def test_a_limited_key_may_give_a_campaign_only_a_schedule_it_sees() -> None:
    campaign, foreign = a_campaign(), a_schedule()
    program = a_program(campaign.brand)
    own = program.post("/schedules", {"name": "own", "hours": "Mon 09:00-10:00"}).json()
    address = f"/campaigns/{campaign.pk}"
    problem_of(program.patch(address, {"schedule_id": foreign.pk}), 422)
    assert program.patch(address, {"schedule_id": own["id"]}).status_code == 200
