"""Public holidays are added to the dates of a schedule, beside what is written there."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from budgets.models import Schedule
from tests.browser.conftest import CHROMIUM
from tests.builders import a_schedule

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs a browser at {CHROMIUM}"),
]

NEXT_YEAR = timezone.now().year + 1


def test_holidays_are_added_to_what_is_written_and_saved(window: Callable[..., Page]) -> None:
    schedule = a_schedule()
    page = window()
    page.goto(reverse("admin:budgets_schedule_change", args=[schedule.pk]))
    dates = page.get_by_label("Dates with other hours")
    own = f"{NEXT_YEAR}-12-25 10:00-12:00 # ours"
    dates.fill(own)
    page.get_by_label("Public holidays of").select_option("DE")
    region = page.get_by_role("combobox", name="region")
    expect(region.locator("option")).to_have_count(18)
    region.select_option("BY")
    page.get_by_role("combobox", name="year").select_option(str(NEXT_YEAR))
    page.get_by_role("button", name="Add these dates").click()
    expect(page.get_by_text("1 were there already.")).to_be_visible()
    lines = dates.input_value().split("\n")
    assert own in lines
    assert f"{NEXT_YEAR}-01-06 closed # Epiphany" in lines
    assert lines == sorted(lines)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/schedule/")
    saved = Schedule.objects.get()
    assert saved.exceptions == "\n".join(lines)
    assert saved.exception_days.count() == len(lines)


def test_what_cannot_be_answered_is_said(window: Callable[..., Page]) -> None:
    page = window()
    page.goto(reverse("admin:budgets_schedule_add"))
    page.route("**/holidays/**", lambda route: route.abort())
    page.get_by_label("Public holidays of").select_option("FR")
    expect(page.get_by_text("The holidays could not be read; try again.")).to_be_visible()
