"""Ctrl-K in a real browser: type, see, press Enter."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, Playwright, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_account_manager import CHROMIUM, QUIET
from tests.builders import a_brand, a_campaign

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs a browser at {CHROMIUM}"),
]
PATIENCE = 20_000


@pytest.fixture
def desk(playwright: Playwright, live_server: LiveServer) -> Iterator[Page]:
    """The overview, signed in."""
    client = Client()
    client.force_login(User.objects.create_superuser("owner"))
    window = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    page = window.new_page(base_url=live_server.url)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto("/admin/")
    yield page
    window.close()


def test_enter_opens_the_first_of_what_ctrl_k_found(desk: Page) -> None:
    campaign = a_campaign(brand=a_brand(name="Maison Lumière"), name="Móveis de verão")
    desk.keyboard.press("Control+k")
    box = desk.get_by_placeholder("Type to search")
    box.press_sequentially("MOVEIS")
    first = desk.locator("#command-results-list li.active")
    expect(first).to_contain_text(f"Campaign {campaign.pk} of Maison Lumière", timeout=PATIENCE)
    box.press("Enter")
    expect(desk).to_have_url(
        re.compile(f"/admin/budgets/campaign/{campaign.pk}/change/"), timeout=PATIENCE
    )


def test_what_is_not_there_is_said(desk: Page) -> None:
    desk.keyboard.press("Control+k")
    desk.get_by_placeholder("Type to search").press_sequentially("Zebulon")
    expect(desk.get_by_text("Nothing is called “Zebulon”.")).to_be_visible(timeout=PATIENCE)
