"""Campaigns through the API."""

from datetime import date
from typing import Any

import pytest

from budgets.models import Campaign, Change
from tests.api.program import a_program, problem_of
from tests.builders import a_brand, a_campaign, a_schedule, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")


def test_a_campaign_is_shown() -> None:
    with the_clock_at(NOON):
        campaign = a_campaign(daily="10", ends_on=date(2026, 3, 31), name="Spring sale")
        spend(campaign, "10", at=NOON)
        assert a_program().get(f"/campaigns/{campaign.pk}").json() == {
            "id": campaign.pk,
            "brand_id": campaign.brand_id,
            "name": "Spring sale",
            "external_id": None,
            "schedule_id": None,
            "daily_budget": "10.00",
            "monthly_budget": None,
            "starts_on": None,
            "ends_on": "2026-03-31",
            "is_held": False,
            "status": "paused",
            "reasons": ["DAILY_BUDGET"],
            "daily_spend": "10.00",
            "monthly_spend": "10.00",
            "created_at": "2026-03-10T12:00:00Z",
        }


def test_yesterdays_spend_is_not_todays() -> None:
    with the_clock_at(NOON):
        campaign = a_campaign()
        spend(campaign, "10", at=an_instant("2026-03-09 12:00"), now=NOON)
        shown = a_program().get(f"/campaigns/{campaign.pk}").json()
    assert (shown["daily_spend"], shown["monthly_spend"]) == ("0.00", "10.00")


def test_a_campaign_is_created() -> None:
    brand, schedule = a_brand(), a_schedule("Mon-Sun 00:00-24:00")
    body = {
        "brand_id": brand.pk,
        "name": "Spring sale",
        "external_id": "c-1",
        "schedule_id": schedule.pk,
        "daily_budget": "100",
        "starts_on": "2026-03-01",
    }
    with the_clock_at(NOON):
        response = a_program().post("/campaigns", body)
    assert response.status_code == 201
    campaign = Campaign.objects.get()
    assert response.headers["Location"] == f"/api/v1/campaigns/{campaign.pk}"
    assert response.json() | body | {"daily_budget": "100.00"} == response.json()
    assert response.json()["status"] == "running"


@pytest.mark.parametrize(
    "fault, pointer",
    [
        ({"brand_id": 10**9}, "/brand_id"),
        ({"brand_id": 10**30}, "/brand_id"),
        ({"schedule_id": 10**9}, "/schedule_id"),
        ({"starts_on": "soon"}, "/starts_on"),
        ({"starts_on": "9999-12-31"}, "/starts_on"),
        ({"starts_on": "2026-03-02", "ends_on": "2026-03-01"}, "/ends_on"),
    ],
)
def test_a_campaign_with_a_fault_is_refused_at_its_field(
    fault: dict[str, Any], pointer: str
) -> None:
    body = {"brand_id": a_brand().pk, "name": "x"} | fault
    problem = problem_of(a_program().post("/campaigns", body), 422)
    assert pointer in [error["pointer"] for error in problem["errors"]]
    assert not Campaign.objects.exists()


def test_a_brand_has_each_reference_once() -> None:
    program, brand, other = a_program(), a_brand(), a_brand()
    body = {"brand_id": brand.pk, "name": "x", "external_id": "c-1"}
    assert program.post("/campaigns", body).status_code == 201
    assert program.post("/campaigns", body | {"brand_id": other.pk}).status_code == 201
    assert problem_of(program.post("/campaigns", body), 409)["code"] == "external_id_taken"


def test_a_patch_may_not_take_the_reference_of_another_campaign() -> None:
    first, second = a_campaign(), a_campaign()
    Campaign.objects.filter(pk=second.pk).update(brand=first.brand, external_id="c-1")
    program = a_program()
    problem_of(program.patch(f"/campaigns/{first.pk}", {"external_id": "c-1"}), 409)
    assert program.patch(f"/campaigns/{second.pk}", {"external_id": "c-1"}).status_code == 200


def test_a_patch_changes_what_it_names_and_clears_what_is_null() -> None:
    campaign = a_campaign(daily="10", monthly="100", schedule=a_schedule())
    response = a_program().patch(
        f"/campaigns/{campaign.pk}", {"monthly_budget": "200", "schedule_id": None}
    )
    shown = response.json()
    assert shown["daily_budget"] == "10.00"
    assert shown["monthly_budget"] == "200.00"
    assert shown["schedule_id"] is None


def test_a_patch_keeps_what_somebody_else_wrote_meanwhile() -> None:
    campaign = a_campaign(name="old")
    program = a_program()
    Campaign.objects.filter(pk=campaign.pk).update(name="new")
    program.patch(f"/campaigns/{campaign.pk}", {"daily_budget": "10"})
    campaign.refresh_from_db()
    assert campaign.name == "new"


def test_a_higher_budget_starts_the_campaign_at_once() -> None:
    with the_clock_at(NOON):
        campaign = a_campaign(daily="10")
        spend(campaign, "10", at=NOON)
        response = a_program().patch(f"/campaigns/{campaign.pk}", {"daily_budget": "20"})
    assert response.json()["status"] == "running"


def test_the_brand_of_a_campaign_stays() -> None:
    campaign = a_campaign()
    problem_of(a_program().patch(f"/campaigns/{campaign.pk}", {"brand_id": a_brand().pk}), 422)


def test_a_campaign_is_explained() -> None:
    with the_clock_at(NOON):
        campaign = a_campaign(daily="10")
        spend(campaign, "10", at=NOON)
        answer = a_program().get(f"/campaigns/{campaign.pk}/explain").json()
    assert answer["status"] == "paused"
    assert answer["resumes_at"] == "2026-03-11T00:00:00Z"
    assert answer["sentence"].startswith("Paused since")
    (reason,) = answer["reasons"]
    assert reason["reason"] == "DAILY_BUDGET"
    assert reason["since"] == "2026-03-10T12:00:00Z"
    assert reason["clears_at"] == "2026-03-11T00:00:00Z"
    assert "$10.00" in reason["detail"]


def test_a_hold_stops_the_campaign_and_a_release_starts_it() -> None:
    campaign, program = a_campaign(), a_program()
    held = program.post(f"/campaigns/{campaign.pk}/hold", {"note": "typo"}).json()
    assert (held["is_held"], held["status"], held["reasons"]) == (True, "paused", ["HELD"])
    released = program.post(f"/campaigns/{campaign.pk}/release").json()
    assert (released["is_held"], released["status"]) == (False, "running")
    assert [change.trigger for change in Change.objects.order_by("id")] == ["hold", "release"]


def test_holding_twice_changes_nothing() -> None:
    campaign, program = a_campaign(), a_program()
    for _ in range(2):
        assert program.post(f"/campaigns/{campaign.pk}/hold").status_code == 200
    assert Change.objects.count() == 1


def test_a_note_longer_than_the_history_keeps_is_refused() -> None:
    campaign = a_campaign()
    problem_of(a_program().post(f"/campaigns/{campaign.pk}/hold", {"note": "x" * 301}), 422)


def test_campaigns_are_filtered() -> None:
    brand, schedule = a_brand(), a_schedule("Mon-Sun 00:00-24:00")
    plain = a_campaign(name="Plain")
    held = a_campaign(brand=brand, name="Held", is_held=True)
    scheduled = a_campaign(brand=brand, name="Scheduled", schedule=schedule)
    Campaign.objects.filter(pk=plain.pk).update(external_id="p")
    program = a_program()

    def found(**query: Any) -> Any:
        return [item["name"] for item in program.get("/campaigns", **query).json()["items"]]

    assert found(brand_id=brand.pk) == ["Held", "Scheduled"]
    assert found(status="paused") == ["Held"]
    assert found(status="running") == ["Plain", "Scheduled"]
    assert found(reason="HELD") == ["Held"]
    assert found(reason="FORECAST") == []
    assert found(schedule_id=schedule.pk) == [scheduled.name]
    assert found(external_id="p") == ["Plain"]
    assert found(name="hel") == [held.name]


@pytest.mark.parametrize("query", [{"status": "idle"}, {"reason": "BORED"}, {"brand_id": "x"}])
def test_a_filter_that_means_nothing_is_refused(query: Any) -> None:
    problem_of(a_program().get("/campaigns", **query), 422)


def test_a_page_costs_the_same_queries_however_many_rows(
    django_assert_max_num_queries: Any,
) -> None:
    program = a_program(a_brand())
    program.get("/campaigns")
    for _ in range(20):
        a_campaign(brand=program.key.brands.get())
    with django_assert_max_num_queries(3):
        assert len(program.get("/campaigns").json()["items"]) == 20


@pytest.mark.parametrize("budget", ["1_000", "١٢", " 5 ", "1e3", "+5", True])
def test_a_budget_that_is_no_plain_number_is_refused(budget: Any) -> None:
    campaign = a_campaign()
    answer = a_program().patch(f"/campaigns/{campaign.pk}", {"daily_budget": budget})
    (error,) = problem_of(answer, 422)["errors"]
    assert error["pointer"] == "/daily_budget"
    assert "plain digits" in error["message"]


@pytest.mark.parametrize(
    "day", [1767225600, "1767225600", "2026-1-1", "٢٠٢٦-01-01", "2026-01-01T00:00"]
)
def test_a_day_that_is_no_plain_date_is_refused(day: Any) -> None:
    campaign = a_campaign()
    answer = a_program().patch(f"/campaigns/{campaign.pk}", {"starts_on": day})
    assert problem_of(answer, 422)["errors"][0]["pointer"] == "/starts_on"


@pytest.mark.parametrize("written", ["1_0", "١٢", "+1", "%201", "1_000"])
def test_an_id_or_a_limit_that_is_no_plain_number_is_refused(written: str) -> None:
    problem_of(a_program().get(f"/campaigns/{written}"), 422)
    problem_of(a_program().get(f"/campaigns?brand_id={written}"), 422)
    problem_of(a_program().get(f"/campaigns?limit={written}"), 422)
