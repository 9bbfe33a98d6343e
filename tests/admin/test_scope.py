"""Somebody limited to a brand meets nothing of another: every address is walked.

Brand B is full of marks: names, notes, ids and an amount that occur nowhere else.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.test import Client

from budgets.access.roles import MANAGER, OWNER, VIEWER
from budgets.models import (
    Brand,
    BrandAccess,
    Campaign,
    CampaignMatch,
    Change,
    Job,
    Schedule,
    Spend,
)
from budgets.operations.holds import hold
from tests.admin.pages import A_CAMPAIGN, address, errors_of, send, text_of
from tests.admin.walk import addresses, autocompletes
from tests.builders import a_brand, a_campaign, a_schedule, an_instant, spend

NOON = an_instant("2026-03-10 12:00")

MARKS = (
    "Zebulon",
    "Zebra push",
    "Zenith hours",
    "zorro",
    "zed-key",
    "zulu-ad",
    "987,654",
    "987654",
)
ID_MARK = "77000"

B_BRAND, B_CAMPAIGN, B_SCHEDULE, B_SPEND, B_CHANGE, B_MATCH = range(770001, 770007)
IDS_OF_B = {
    "brand": B_BRAND,
    "campaign": B_CAMPAIGN,
    "schedule": B_SCHEDULE,
    "spend": B_SPEND,
    "change": B_CHANGE,
    "job": B_SPEND,  # pages under Spend take its number, too
    "campaignmatch": B_MATCH,
}

QUERIES = (
    "",
    "?q=Z",
    "?term=Z",
    "?s=zeb&extended=1",
    f"?brand={B_BRAND}&campaign={B_CAMPAIGN}&schedule={B_SCHEDULE}",
    f"?brand__id__exact={B_BRAND}&schedule__id__exact={B_SCHEDULE}",
    f"?brand__id__exact={B_BRAND}&campaign__id__exact={B_CAMPAIGN}",
)


def renumber(rows: type[Model], pk: int, **which: object) -> None:
    rows._default_manager.filter(**which).update(id=pk)


@pytest.fixture
def brand_a(db: None) -> Brand:
    brand = a_brand(name="Alpha", daily="100")
    spend(a_campaign(brand=brand, name="Alpha search", daily="10"), "10", at=NOON)
    return brand


@pytest.fixture
def brand_b(db: None) -> Brand:
    schedule = Schedule(pk=B_SCHEDULE, name="Zenith hours", hours="Mon-Sun 00:00-24:00")
    schedule.save()
    brand = Brand(pk=B_BRAND, name="Zebulon", daily_budget="987654.32", currency="EUR")
    brand.save()
    campaign = Campaign(pk=B_CAMPAIGN, brand=brand, name="Zebra push", schedule=schedule)
    campaign.daily_budget = "987654.32"
    campaign.save()
    spend(campaign, "987654.32", at=NOON, key="zed-key")
    renumber(Change, B_CHANGE, campaign=campaign)
    renumber(Spend, B_SPEND, campaign=campaign)
    hold(campaign, by=None, now=NOON, note="zorro")
    person = User.objects.create_user("somebody of B")
    job = Job(pk=B_SPEND, kind="spend_import", title="Zebulon.csv", asked_by=person, asked_at=NOON)
    job.save()
    CampaignMatch.objects.create(
        pk=B_MATCH,
        brand=brand,
        source="google",
        identifier="zulu-ad",
        is_name=True,
        campaign=campaign,
        at=NOON,
    )
    for row in (brand, campaign, schedule):  # a record of a row is numbered as the row is
        row.name += " now"
        row.save()
        newest = type(row).history.filter(id=row.pk).latest()
        type(row).history.filter(pk=newest.pk).update(history_id=row.pk)
    return brand


def signed_in_as(role: str, *brands: Brand, all_brands: bool = False) -> Client:
    user = User.objects.create_user(f"{role}-person", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    access = BrandAccess.objects.create(user=user, all_brands=all_brands)
    access.brands.set(brands)
    client = Client(raise_request_exception=True)
    client.force_login(user)
    return client


@pytest.fixture
def limited(brand_a: Brand, brand_b: Brand) -> Client:
    """The most powerful role, limited to brand A."""
    return signed_in_as(OWNER, brand_a)


def every_question() -> Iterator[str]:
    for path in addresses(IDS_OF_B):
        queries = QUERIES if "/admin/budgets/" in path or path.count("/") <= 3 else QUERIES[:1]
        yield from (path + query for query in queries)
    yield from autocompletes()


def read(response: Any) -> str:
    """Return the whole of an answer, a stream too."""
    streaming = getattr(response, "streaming", False)
    body: bytes = b"".join(response) if streaming else response.content
    return body.decode(errors="replace")


def marks_in(text: str, question: str) -> list[str]:
    marks = MARKS if ID_MARK in question else (*MARKS, ID_MARK)
    return [mark for mark in marks if mark in text]


def test_nothing_of_another_brand_is_on_any_page(limited: Client) -> None:
    met = {}
    for question in every_question():
        found = marks_in(read(limited.get(question)), question)
        if found:
            met[question] = found
    assert met == {}


def test_the_walk_would_meet_every_mark(brand_b: Brand) -> None:
    everywhere = signed_in_as(OWNER, all_brands=True)
    text = "".join(read(everywhere.get(question)) for question in every_question())
    assert set(marks_in(text, "")) >= {*MARKS, ID_MARK} - {"987654"}


def test_every_page_of_another_brands_row_is_not_there(limited: Client) -> None:
    pages = [path for path in addresses(IDS_OF_B) if ID_MARK in path and "/admin/r/" not in path]
    assert len(pages) > 15
    answers = {page: limited.get(page, follow=True).status_code for page in pages}
    assert set(answers.values()) <= {403, 404}, answers


def test_nothing_of_another_brand_can_be_written(limited: Client) -> None:
    before = everything()
    for path in addresses(IDS_OF_B):
        if ID_MARK in path:
            data = {"post": "yes", "note": "mine", "confirmed": "1", "_confirmed": "1"}
            assert limited.post(path, data, follow=True).status_code in {403, 404, 405}, path
    for model in ("brand", "campaign", "schedule", "campaignmatch"):
        for action in ("hold_selected", "release_selected", "delete_selected"):
            data = {"action": action, "_selected_action": str(IDS_OF_B[model])}
            limited.post(address(f"{model}_changelist"), data | {"post": "yes", "confirmed": "1"})
    assert everything() == before


def test_no_answer_to_what_is_sent_tells_of_another_brand(limited: Client) -> None:
    rows = {"_selected_action": [str(pk) for pk in IDS_OF_B.values()]}
    files = {"format": "0", "resource": "0"}
    met = {}
    for path in addresses(IDS_OF_B):
        for sent in (rows | {"action": "hold_selected"}, files, {"post": "yes", "upload": "x"}):
            found = marks_in(read(limited.post(path, sent, follow=True)), path + ID_MARK)
            if found:
                met[path] = found
    assert met == {}


def test_a_viewer_can_send_nothing(brand_a: Brand, brand_b: Brand) -> None:
    viewer = signed_in_as(VIEWER, all_brands=True)
    before = everything()
    harmless = ("/admin/password_change/", "/admin/jsi18n/", "/admin/autocomplete/")
    for path in addresses(IDS_OF_B):
        if not path.startswith(harmless):
            viewer.post(path, {"post": "yes", "note": "mine", "confirmed": "1", "_save": "1"})
    for model in ("brand", "campaign", "schedule", "campaignmatch"):
        for action in ("hold_selected", "release_selected", "delete_selected"):
            data = {"action": action, "_selected_action": IDS_OF_B[model]}
            viewer.post(address(f"{model}_changelist"), data | {"post": "yes", "confirmed": "1"})
    assert everything() == before


def everything() -> dict[str, list[object]]:
    """Return all rows that people could write."""
    models: tuple[type[Model], ...] = (Brand, Campaign, Schedule, Spend, Change, User, BrandAccess)
    models += (CampaignMatch,)
    return {
        model.__name__: list(model._default_manager.order_by("pk").values_list())
        for model in models
    }


def test_somebody_without_brand_access_sees_no_brand(brand_a: Brand) -> None:
    user = User.objects.create_user("new", is_staff=True)
    user.groups.add(Group.objects.get(name=MANAGER))
    client = Client()
    client.force_login(user)
    assert "Alpha" not in text_of(client.get(address("brand_changelist")))
    assert client.get(address("brand_add")).status_code == 403
    assert "An owner gives people brands" in text_of(client.get("/admin/"))


def test_a_campaign_cannot_be_moved_to_another_brand(limited: Client, brand_a: Brand) -> None:
    data = A_CAMPAIGN | {"name": "Alpha social", "brand": str(B_BRAND)}
    assert "brand" in errors_of(send(limited, "campaign_add", data))


def test_a_campaign_cannot_run_by_another_brands_schedule(limited: Client, brand_a: Brand) -> None:
    data = A_CAMPAIGN | {"brand": str(brand_a.pk), "schedule": str(B_SCHEDULE)}
    assert "schedule" in errors_of(send(limited, "campaign_add", data))


def test_a_shared_schedule_is_read_but_not_changed(limited: Client, brand_a: Brand) -> None:
    shared = a_schedule(name="Shared hours")
    a_campaign(brand=brand_a, schedule=shared, name="Alpha shop")
    Campaign.objects.filter(pk=B_CAMPAIGN).update(schedule=shared)
    page = limited.get(address("schedule_change", shared.pk))
    assert "Alpha shop" in text_of(page)
    assert "Zebra push" not in text_of(page)
    assert "campaigns of brands beyond yours run by it, too" in text_of(page)
    assert "Add a schedule with these hours" in text_of(page)
    assert send(limited, "schedule_change", {"name": "Mine"}, shared.pk).status_code == 403
    assert limited.get(address("schedule_delete", shared.pk)).status_code == 403
    assert "1 campaign" in text_of(limited.get(address("schedule_changelist")))


def test_a_schedule_is_known_to_who_made_it(limited: Client) -> None:
    data = {"name": "My hours", "hours": "Mon-Fri 09:00-17:00"}
    assert send(limited, "schedule_add", data).status_code == 302
    assert "My hours" in text_of(limited.get(address("schedule_changelist")))


def test_users_keys_and_tasks_are_for_those_who_reach_all_brands(limited: Client) -> None:
    for page in ("auth/user", "auth/group", "budgets/apikey", "django_celery_beat/periodictask"):
        assert limited.get(f"/admin/{page}/").status_code == 403
    assert "Recurring tasks" not in text_of(limited.get("/admin/"))
