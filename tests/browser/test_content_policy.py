"""No page asks the browser for anything that its content policy forbids."""

from collections import defaultdict
from collections.abc import Callable

import pytest
from playwright.sync_api import ConsoleMessage, Page

from tests.browser.conftest import CHROMIUM, a_row_of_everything
from tests.browser.every_page import every_page, ids_of_rows

REPORT = """
addEventListener("securitypolicyviolation", event => console.error(
    `refused by ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
"""
SETTLES_MS = 100  # a page's scripts have begun

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs a browser at {CHROMIUM}"),
]


@pytest.mark.slow
def test_no_page_is_refused_anything(window: Callable[..., Page], jobs_at_once: None) -> None:
    """Opens every page, a hundred and more: a minute."""
    a_row_of_everything()
    page = window()
    page.add_init_script(REPORT)
    refused: dict[str, list[str]] = defaultdict(list)

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            refused[page.url].append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: refused[page.url].append(str(error)))
    met = 0
    for sight in every_page(ids_of_rows()):
        met += sight.is_met(page)
        page.wait_for_timeout(SETTLES_MS)
    page.goto("/api/v1/docs")
    page.wait_for_timeout(SETTLES_MS)
    assert refused == {}
    assert met > 90
