"""A site with a row of everything, and a window in which its owner is signed in."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone
from django_celery_beat.models import ClockedSchedule, SolarSchedule
from playwright.sync_api import Browser, Page, Playwright
from pytest_django.live_server_helper import LiveServer

from budgets.models import ApiKey, Brand, BrandAccess, Campaign, CampaignMatch, Source
from budgets.operations.close import close_periods
from budgets.operations.holds import hold
from budgets.operations.keys import new_secret
from core.celery import app
from tests.builders import a_brand, a_campaign, a_schedule, spend

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PASSWORD = "secret-owner"

# Playwright keeps an event loop running in the thread of the tests, which Django mistakes for
# asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield browser
    browser.close()


@pytest.fixture
def jobs_at_once(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Do jobs when they are asked for, with files of the test's own."""
    settings.VAR_DIR = tmp_path
    app.conf.update(task_always_eager=True, task_eager_propagates=True)
    yield
    app.conf.update(task_always_eager=False, task_eager_propagates=False)


@pytest.fixture
def owner(transactional_db: None) -> User:
    return User.objects.create_superuser("owner", password=PASSWORD)


@pytest.fixture
def window(chromium: Browser, live_server: LiveServer, owner: User) -> Callable[..., Page]:
    """Return what opens a window in which the owner is signed in."""

    def open_window(**look: Any) -> Page:
        page = chromium.new_page(base_url=live_server.url, reduced_motion="reduce", **look)
        page.goto("/admin/login/")
        page.get_by_label("Username").fill(owner.username)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/admin/")
        return page

    return open_window


def a_row_of_everything(called: Callable[[str], str] = str) -> None:
    """Save a row of each kind that has pages; `called` makes the names what the test needs."""
    now = timezone.now()
    brand = a_brand(name=called("Acme"), daily="1000", monthly="20000")
    schedule = a_schedule(name=called("Office hours"))
    campaign = a_campaign(brand=brand, name=called("Spring sale"), daily="100", schedule=schedule)
    a_campaign(brand=brand, name=called("Summer sale"))
    hold(a_campaign(brand=brand, name=called("Autumn sale")), by=None, now=now, note=called("Wait"))
    spend(campaign, "100", at=now, key=called("key")[:200])
    close_periods(now=now)
    person = User.objects.create_user(called("viewer")[:150], is_staff=True)
    person.groups.set(Group.objects.all())
    BrandAccess.objects.create(user=person).brands.add(brand)
    Group.objects.create(name=called("Interns")[:150])
    rows_of_programs(brand, campaign, called)


def rows_of_programs(brand: Brand, campaign: Campaign, called: Callable[[str], str]) -> None:
    """Save what programs and recurring tasks go by."""
    now = timezone.now()
    Source.objects.create(brand=brand, name=called("google")[:50], timezone="Europe/Berlin")
    match = {"identifier": called("Spring")[:200], "is_name": True, "campaign": campaign}
    CampaignMatch.objects.create(brand=brand, source="google", at=now, **match)
    maker = User.objects.first()
    key = ApiKey.objects.create(name=called("Reports")[:100], all_brands=True, created_by=maker)
    new_secret(key, now=now)
    SolarSchedule.objects.create(event="sunset", latitude=48, longitude=2)
    ClockedSchedule.objects.create(clocked_time=now)
