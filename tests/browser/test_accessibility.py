"""No page has a violation that axe-core finds and calls moderate or worse, in light and in dark."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import CHROMIUM, a_row_of_everything
from tests.browser.every_page import Sight, ids_of_rows, opened_pages, reached_pages

WRONG = {"moderate", "serious", "critical"}
EVERY_RULE: dict[str, Any] = {
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}},
}
COLOURS: dict[str, Any] = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
LIGHT, DARK = "remove", "add"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs a browser at {CHROMIUM}"),
]


@pytest.mark.slow
@pytest.mark.parametrize("pages, at_least", [(opened_pages, 70), (reached_pages, 28)])
def test_no_page_has_a_violation(
    window: Callable[..., Page],
    jobs_at_once: None,
    pages: Callable[[Mapping[str, int]], Iterator[Sight]],
    at_least: int,
) -> None:
    """Walk over more than a hundred pages, two minutes in all."""
    a_row_of_everything()
    page = window()
    met, wrong = 0, {}
    for sight in pages(ids_of_rows()):
        if not sight.is_met(page):
            continue
        met += 1
        found = sorted(set(violations_in_both_schemes(page)))
        if found:
            wrong[sight.name] = found
    assert wrong == {}
    assert met > at_least


def test_icons_are_not_read_aloud(window: Callable[..., Page]) -> None:
    expect(window().get_by_role("link", name="Activity", exact=True)).to_be_visible()


def violations_in_both_schemes(page: Page) -> Iterator[str]:
    """Yield what is wrong with a page; in the dark only its colours are another's."""
    page.wait_for_load_state("load")
    paint(page, LIGHT)
    yield from violations(page, EVERY_RULE)
    paint(page, DARK)
    yield from violations(page, COLOURS)


def paint(page: Page, dark: str) -> None:
    """Put the page into the light or the dark, as the switch in the menu does."""
    page.evaluate(f"document.documentElement.classList.{dark}('dark')")


def violations(page: Page, options: dict[str, Any]) -> Iterator[str]:
    """Yield the rules that are broken, each with the elements that break it."""
    for rule in Axe().run(page, options=options).response["violations"]:
        if rule["impact"] in WRONG:
            elements = "; ".join(node["html"][:160] for node in rule["nodes"][:4])
            yield f"{rule['id']}: {elements}"
