"""No page has a serious violation that axe-core can find, in light and in dark."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Browser, Page, Playwright, expect
from pytest_django.live_server_helper import LiveServer

from budgets.models import Campaign
from budgets.operations.close import close_periods
from tests.builders import a_brand, a_campaign, a_schedule, spend

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SERIOUS = {"serious", "critical"}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs a browser at {CHROMIUM}"),
]

# Playwright keeps an event loop running in the thread of the tests, which Django mistakes for
# asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield browser
    browser.close()


@pytest.fixture
def campaign(transactional_db: None) -> Campaign:
    """A campaign with hours that reached its budget, beside others paused and running."""
    brand = a_brand(name="Acme", daily="1000", monthly="20000")
    campaign = a_campaign(brand=brand, name="Spring sale", daily="100", schedule=a_schedule())
    a_campaign(brand=brand, name="Summer sale")
    a_campaign(brand=brand, name="Autumn sale", is_held=True)
    spend(campaign, "100", at=timezone.now())
    close_periods(now=timezone.now())
    return campaign


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_violation(
    chromium: Browser,
    live_server: LiveServer,
    campaign: Campaign,
    scheme: Literal["light", "dark"],
) -> None:
    page = chromium.new_page(base_url=live_server.url, color_scheme=scheme, reduced_motion="reduce")
    found = {"login": violations(page, "/admin/login/")}
    sign_in(page)
    for address in (
        "/admin/",
        "/admin/budgets/brand/",
        f"/admin/budgets/brand/{campaign.brand_id}/change/",
        f"/admin/budgets/brand/{campaign.brand_id}/hold/",
        "/admin/budgets/campaign/",
        "/admin/budgets/campaign/add/",
        f"/admin/budgets/campaign/{campaign.pk}/change/",
        "/admin/budgets/schedule/",
        f"/admin/budgets/schedule/{campaign.schedule_id}/change/",
        "/admin/budgets/spend/add/",
        "/admin/budgets/change/",
        "/admin/activity/",
        "/admin/budgets/statement/",
    ):
        found[address] = violations(page, address)
    open_preview(page, campaign)
    found["preview"] = violations(page)
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def test_icons_are_not_read_aloud(
    chromium: Browser, live_server: LiveServer, campaign: Campaign
) -> None:
    page = chromium.new_page(base_url=live_server.url)
    page.goto("/admin/login/")
    sign_in(page)
    expect(page.get_by_role("link", name="Activity", exact=True)).to_be_visible()


def sign_in(page: Page) -> None:
    User.objects.create_superuser("owner", password="secret-owner")
    page.get_by_label("Username").fill("owner")
    page.get_by_label("Password").fill("secret-owner")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")


def open_preview(page: Page, campaign: Campaign) -> None:
    """Lower the brand's budget below what it has spent, and send the form."""
    page.goto(f"/admin/budgets/brand/{campaign.brand_id}/change/")
    page.get_by_label("Daily budget").first.fill("50")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Nothing is saved yet.").wait_for()


def violations(page: Page, address: str | None = None) -> list[str]:
    """Return what is wrong on a page: the rule, and the elements that break it."""
    if address is not None:
        page.goto(address)
        page.wait_for_load_state("networkidle")
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: " + "; ".join(node["html"][:160] for node in rule["nodes"][:4])
        for rule in found
        if rule["impact"] in SERIOUS
    ]
