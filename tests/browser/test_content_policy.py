"""No page asks the browser for anything that its content policy forbids."""

from collections import defaultdict

import pytest
from django.contrib import admin
from playwright.sync_api import Browser, ConsoleMessage, Error
from pytest_django.live_server_helper import LiveServer

from budgets.models import Campaign
from core.references import HEADER
from tests.admin.walk import addresses
from tests.browser.test_accessibility import (  # noqa: F401 - fixtures
    campaign,
    chromium,
    open_preview,
    pytestmark,
    sign_in,
)

REPORT = """
addEventListener("securitypolicyviolation", event => console.error(
    `refused by ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
"""
SETTLES_MS = 100  # a page's scripts have begun


@pytest.mark.slow
def test_no_page_is_refused_anything(
    chromium: Browser,  # noqa: F811
    live_server: LiveServer,
    campaign: Campaign,  # noqa: F811
) -> None:
    """Opens every address that a browser can, a hundred and more: a minute."""
    page = chromium.new_page(base_url=live_server.url, reduced_motion="reduce")
    page.add_init_script(REPORT)
    refused: dict[str, list[str]] = defaultdict(list)

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            refused[page.url].append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: refused[page.url].append(str(error)))
    page.goto("/admin/login/")
    sign_in(page)
    opened = 0
    for address in [*addresses(first_of_each()), "/api/v1/docs"]:
        try:
            answer = page.goto(address)
        except Error as error:
            assert "Download is starting" in error.message  # noqa: PT017 - a file is no page
            continue
        page.wait_for_timeout(SETTLES_MS)
        opened += answer is not None and answer.ok and HEADER.lower() in answer.headers
    open_preview(page, campaign)
    assert refused == {}
    assert opened > 80


def first_of_each() -> dict[str, int]:
    """Return a row of each model of the admin, by the name of the model."""
    found = {model: model._default_manager.first() for model in admin.site._registry}
    return {str(model._meta.model_name): row.pk for model, row in found.items() if row}
