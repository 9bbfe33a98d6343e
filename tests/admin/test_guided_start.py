"""An empty system opens on what to do first, alarms nobody, and leads nobody where they may not."""

import re
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse
from django_celery_beat.models import PeriodicTask

from budgets.access.roles import FINANCE, MANAGER, OWNER, VIEWER
from budgets.models import BrandAccess
from budgets.operations.heartbeat import record_beat
from tests.admin.pages import text_of
from tests.admin.people import a_manager_of
from tests.builders import a_brand, a_campaign, a_link, an_instant, spend, the_clock_at

NOON = an_instant("2026-03-10 12:00")
MINUTE = timedelta(minutes=1)
WAYS = {
    "brand": "admin:budgets_brand_add",
    "campaign": "admin:budgets_campaign_add",
    "file": "admin:budgets_campaign_import",
    "template": "admin:budgets_campaign_export",
    "report": "admin:budgets_spend_import_spend",
    "spend": "admin:budgets_spend_add",
    "key": "admin:budgets_apikey_add",
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def installed_at_noon() -> None:
    MigrationRecorder.Migration.objects.filter(app="budgets").update(applied=NOON)


def a_member(role: str) -> Client:
    user = User.objects.create_user(f"a {role.lower()}", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    BrandAccess.objects.create(user=user, all_brands=True)
    client = Client()
    client.force_login(user)
    return client


def look(browser: Client, *, at: datetime = NOON + MINUTE) -> str:
    with the_clock_at(at):
        return text_of(browser.get(reverse("admin:index")))


def ways_of(browser: Client) -> set[str]:
    """Return what the guided start leads to."""
    html = browser.get(reverse("admin:overview")).content.decode()
    start = html.partition('aria-labelledby="abm-start"')[2].partition("</section>")[0]
    links = set(re.findall(r'href="([^"]+)"', start))
    return {name for name, page in WAYS.items() if reverse(page) in links}


def checked(at: datetime = NOON) -> None:
    for name in ("check_spend", "check_dayparts", "reset_daily", "deliver_changes"):
        record_beat(name, result=0, now=at)


def steps_done(page: str) -> int:
    return page.count("· done")


# Each step is ticked off, and the last ends it


def test_an_empty_system_opens_on_what_to_do_first(signed_in: Client) -> None:
    page = look(signed_in)
    assert page.index("Start here") < page.index("Add a brand") < page.index("Let spend come in")
    assert steps_done(page) == 0
    assert ways_of(signed_in) == set(WAYS)


def test_each_step_is_ticked_off_and_the_last_ends_it(signed_in: Client) -> None:
    brand = a_brand()
    assert steps_done(look(signed_in)) == 1
    campaign = a_campaign(brand=brand)
    assert steps_done(look(signed_in)) == 2
    spend(campaign, "1", at=NOON)
    page = look(signed_in)
    assert steps_done(page) == 3
    assert "From here on it works by itself" in page
    assert "Checks begin within 9 minutes." in page
    checked()
    assert "Start here" not in look(signed_in)


def test_spend_of_another_month_counts(signed_in: Client) -> None:
    checked()
    spend(a_campaign(), "1", at=an_instant("2026-02-01 12:00"))
    assert "Start here" not in look(signed_in)


def test_checks_that_ran_do_not_end_it_before_people_have_done_theirs(signed_in: Client) -> None:
    checked()
    assert steps_done(look(signed_in)) == 1


def test_a_demo_needs_no_guide(signed_in: Client) -> None:
    campaign = a_campaign()
    spend(campaign, "1", at=NOON)
    a_link(campaign)
    assert "Start here" not in look(signed_in)


# Who may what


def test_a_manager_is_led_to_everything_but_keys_and_to_no_terminal() -> None:
    manager = a_member(MANAGER)
    assert ways_of(manager) == set(WAYS) - {"key"}
    assert "manage.py" not in look(manager)


def test_an_owner_is_offered_the_demo_while_there_is_no_brand(signed_in: Client) -> None:
    assert "manage.py demo" in look(signed_in)
    assert "manage.py demo" in look(a_member(OWNER))
    a_brand()
    assert "manage.py demo" not in look(signed_in)


def test_a_viewer_is_told_whom_to_ask(owner: User) -> None:
    viewer = a_member(VIEWER)
    User.objects.create_user("gone", is_superuser=True, is_active=False)
    User.objects.filter(pk=owner.pk).update(first_name="Ada", last_name="Lovelace")
    page = look(viewer)
    assert ways_of(viewer) == set()
    assert page.count("Ask Ada Lovelace to do this.") == 3
    assert "manage.py" not in page


def test_an_owner_limited_to_brands_is_not_whom_to_ask_for_new_ones() -> None:
    limited = User.objects.create_user("limited", is_staff=True)
    limited.groups.add(Group.objects.get(name=OWNER))
    BrandAccess.objects.create(user=limited, all_brands=False)
    assert "Ask an owner to do this." in look(a_member(VIEWER))


def test_finance_is_led_to_spend_alone() -> None:
    assert ways_of(a_member(FINANCE)) == {"report", "spend"}


def test_somebody_limited_learns_of_their_brands_only(owner: User) -> None:
    manager = a_manager_of()
    spend(a_campaign(), "1", at=NOON)
    checked()
    page = look(manager)
    assert "No brand is yours to see yet." in page
    assert steps_done(page) == 1
    assert "brand" not in ways_of(manager)


# No alarm in the first minutes


@pytest.mark.parametrize("minutes", [0, 5, 9, 20])
def test_a_new_installation_shows_no_alarm_while_its_tasks_are_due(
    signed_in: Client, minutes: int
) -> None:
    for name in ("decide_due", "deliver_changes", "sync_spend", "resume_jobs"):
        record_beat(name, result=0, now=NOON + minutes * MINUTE)
    page = look(signed_in, at=NOON + minutes * MINUTE)
    assert "⚠" not in page
    assert "never" not in page


def test_a_new_installation_says_when_its_checks_begin(signed_in: Client) -> None:
    page = look(signed_in, at=NOON + 2 * MINUTE)
    assert "Automatic checks Checks begin within 8 minutes" in page
    assert "Check budgets first within 8 min" in page
    assert "Close days and months first within 13 min" in page
    assert "Check budgets due now" in look(signed_in, at=NOON + 11 * MINUTE)


def test_a_task_that_is_later_than_its_turns_is_an_alarm(signed_in: Client) -> None:
    page = look(signed_in, at=NOON + 40 * MINUTE)
    assert "Check budgets ⚠ never yet" in page
    assert "Start worker and beat" in page


def test_a_manager_gets_no_advice_for_a_terminal_but_whom_to_ask(owner: User) -> None:
    a_campaign()
    page = look(a_member(MANAGER), at=NOON + 40 * MINUTE)
    assert "Campaigns may not stop or start when they should. Ask owner to look into it." in page
    assert "Start worker and beat" not in page


def test_no_word_of_a_task_that_nobody_sends(signed_in: Client) -> None:
    PeriodicTask.objects.filter(task="budgets.tasks.check_spend").update(enabled=False)
    assert "“Check budgets” is off. Turn it on under Recurring tasks." in look(signed_in)
