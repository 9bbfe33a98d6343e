"""Every page of every model opens, for those who may open it."""

from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from budgets.models import Brand, Campaign, Change, Schedule, Spend
from tests.builders import a_campaign, a_schedule, spend

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)

OURS: tuple[type, ...] = (Brand, Campaign, Schedule)
PEOPLE: tuple[type, ...] = (User, Group)
BEAT: tuple[type, ...] = (PeriodicTask, IntervalSchedule, CrontabSchedule)
BEAT += (SolarSchedule, ClockedSchedule)
EDITED = OURS + PEOPLE + BEAT
READ: tuple[type, ...] = (Spend, Change)


@pytest.fixture
def one_of_each(db: None) -> None:
    spend(a_campaign(daily="10", schedule=a_schedule("Mon-Sun 00:00-24:00")), "10", at=NOON)
    Group.objects.create(name="Managers")
    SolarSchedule.objects.create(event="sunset", latitude=48, longitude=2)
    ClockedSchedule.objects.create(clocked_time=NOON)


def page(model: type, name: str, *args: object) -> str:
    meta = model._meta  # type: ignore[attr-defined]  # a model
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=args)


@pytest.mark.parametrize("model", sorted(admin.site._registry, key=str))
def test_the_list_opens(signed_in: Client, one_of_each: None, model: type) -> None:
    assert signed_in.get(page(model, "changelist")).status_code == 200


@pytest.mark.parametrize(
    "model, name",
    [(model, name) for model in EDITED for name in ("change", "history")]
    + [(model, "change") for model in READ],
)
def test_the_pages_of_a_row_open(
    signed_in: Client, one_of_each: None, model: type, name: str
) -> None:
    row = model._default_manager.first()  # type: ignore[attr-defined]  # a model
    assert signed_in.get(page(model, name, row.pk), follow=True).status_code == 200


@pytest.mark.parametrize("model", [*EDITED, Spend])
def test_the_add_page_opens(signed_in: Client, one_of_each: None, model: type) -> None:
    assert signed_in.get(page(model, "add")).status_code == 200


@pytest.mark.parametrize("model", EDITED)
def test_the_delete_page_opens(signed_in: Client, one_of_each: None, model: type) -> None:
    row = model._default_manager.order_by("pk").last()  # type: ignore[attr-defined]  # a model
    assert signed_in.get(page(model, "delete", row.pk)).status_code == 200


def test_the_first_page_opens(signed_in: Client, one_of_each: None) -> None:
    assert signed_in.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize("model", READ)
def test_what_is_recorded_cannot_be_deleted(
    signed_in: Client, one_of_each: None, model: type
) -> None:
    row = model._default_manager.first()  # type: ignore[attr-defined]  # a model
    assert signed_in.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model._default_manager.filter(pk=row.pk).exists()  # type: ignore[attr-defined]  # a model


@pytest.mark.parametrize("model", [Brand, Campaign, Schedule, Spend])
def test_a_viewer_reads_but_does_not_add(viewer: Client, one_of_each: None, model: type) -> None:
    row = model._default_manager.first()  # type: ignore[attr-defined]  # a model
    assert viewer.get(page(model, "changelist")).status_code == 200
    assert viewer.get(page(model, "change", row.pk)).status_code == 200
    assert viewer.get(page(model, "add")).status_code == 403


def test_a_stranger_is_asked_to_sign_in(client: Client, db: None) -> None:
    response = client.get(page(Campaign, "changelist"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("admin:login"))
