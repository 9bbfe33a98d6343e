"""Nobody learns from an address whether a row exists that they may not see."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admindocs.views import extract_views_from_urlpatterns, simplify_regex
from django.contrib.auth.models import Group, User
from django.contrib.messages import get_messages
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse
from django_celery_beat.models import ClockedSchedule, SolarSchedule

from budgets.access.roles import FINANCE, MANAGER, OWNER, VIEWER
from budgets.models import ApiKey, Brand, BrandAccess, CampaignMatch, DatedBudget, Job, Source
from tests.admin.walk import PLACE
from tests.builders import a_brand, a_campaign, a_link, a_schedule, an_instant, spend

NOON = an_instant("2026-03-10 12:00")
MISSING = 987_654_321
CHANGES_EACH_TIME = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|reference\s*<code>\w+'
    r'|name="_looked_at" value="[^"]+"'
)


@pytest.fixture
def one_of_each(db: None) -> Brand:
    """Save a row of every model that has pages, all of one brand where they have one."""
    brand = a_brand(name="Zebulon", daily="100")
    schedule = a_schedule("Mon-Sun 00:00-24:00")
    campaign = a_campaign(brand=brand, daily="10", schedule=schedule)
    spend(campaign, "10", at=NOON)
    Source.objects.get_or_create(brand=brand, name="google")
    person = User.objects.create_user("somebody")
    Job.objects.create(pk=8, kind="spend_import", title="a.csv", asked_by=person, asked_at=NOON)
    a_link(campaign)
    DatedBudget.objects.create(brand=brand, amount=20, starts_on=date(2026, 3, 1))
    ApiKey.objects.create(name="feed")
    CampaignMatch.objects.create(
        brand=brand, source="google", identifier="x", is_name=True, campaign=campaign, at=NOON
    )
    SolarSchedule.objects.create(event="sunset", latitude=48, longitude=2)
    ClockedSchedule.objects.create(clocked_time=NOON)
    return brand


def a_person(role: str | None, *brands: Brand, all_brands: bool = False) -> User:
    user = User.objects.create_user(f"{role}-person", is_staff=True)
    if role:
        user.groups.add(Group.objects.get(name=role))
    BrandAccess.objects.create(user=user, all_brands=all_brands).brands.set(brands)
    return user


def pages_of_rows(model: type[Model]) -> Iterator[str]:
    """Yield the pattern of every address of the admin that names one row of the model."""
    meta = model._meta
    own = f"/admin/{meta.app_label}/{meta.model_name}/"
    for _view, regex, _namespace, _name in extract_views_from_urlpatterns(
        get_resolver().url_patterns
    ):
        pattern = simplify_regex(str(regex))
        if pattern.startswith(f"{own}<"):
            yield pattern


def may_see(user: User, row: Model) -> bool:
    request = RequestFactory().get("/")
    request.user = User.objects.get(pk=user.pk)
    page = admin.site._registry[type(row)]
    return page.has_view_permission(request) and page.get_queryset(request).contains(row)


def rows_out_of_sight(user: User) -> Iterator[Model]:
    for model in admin.site._registry:
        row = model._default_manager.order_by("pk").first()
        assert row is not None, f"Save one {model._meta.label} for this test"
        if not may_see(user, row):
            yield row


def actions_of(user: User, model: type[Model]) -> list[str]:
    """Return the names of the actions that a list offers somebody; none, where they see no list."""
    request = RequestFactory().get("/")
    request.user = User.objects.get(pk=user.pk)
    page = admin.site._registry[model]
    return list(page.get_actions(request)) if page.has_view_permission(request) else []


def answer(
    client: Client, method: str, pattern: str, pk: int, row: int, sent: Any = None
) -> tuple[Any, ...]:
    """Return all that a browser is told: status, where to go, what to read, messages.

    Both ids are left out of either answer: the row's may stand in every page, as in "utf-8".
    """
    send = getattr(client, method)
    response = send(PLACE.sub(str(pk), pattern), sent)
    body = CHANGES_EACH_TIME.sub("", response.content.decode())
    told = [str(message) for message in get_messages(response.wsgi_request)]
    said = (response.headers.get("Location", ""), body, *told)
    ids = rf"(?<![\w=])(?:{row}|{MISSING})\b"
    return response.status_code, *(re.sub(ids, "ID", text) for text in said)


@pytest.mark.parametrize(
    "role, everywhere",
    [
        (OWNER, False),
        (MANAGER, False),
        (MANAGER, True),
        (FINANCE, True),
        (VIEWER, False),
        (None, True),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_row_out_of_sight_and_one_that_is_not_there_answer_alike(
    one_of_each: Brand, role: str | None, everywhere: bool, method: str
) -> None:
    """Walks every page of a row of every model, which takes some seconds in all."""
    person = a_person(role, a_brand(name="Alpha"), all_brands=everywhere)
    client = Client()
    client.force_login(person)
    told, compared = {}, 0
    for row in rows_out_of_sight(person):
        for pattern in pages_of_rows(type(row)):
            compared += 1
            there = answer(client, method, pattern, row.pk, row.pk)
            missing = answer(client, method, pattern, MISSING, row.pk)
            if there != missing:
                told[pattern] = (there[:2], missing[:2])
    assert told == {}
    assert compared > 30


@pytest.mark.parametrize("role", [OWNER, MANAGER])
def test_an_action_on_a_row_out_of_sight_is_one_on_no_row(one_of_each: Brand, role: str) -> None:
    person = a_person(role, a_brand(name="Alpha"))
    client = Client()
    client.force_login(person)
    told, compared = {}, 0
    for row in rows_out_of_sight(person):
        meta = type(row)._meta
        for action in actions_of(person, type(row)):
            compared += 1
            answers = []
            for pk in (row.pk, MISSING):
                sent = {"action": action, "_selected_action": [pk]}
                page = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
                answers.append(answer(client, "post", page, pk, row.pk, sent))
            if answers[0] != answers[1]:
                told[meta.model_name, action] = answers
    assert told == {}
    assert compared > 8
