"""Pages fit their window, whatever things are called, and hide nothing that has the focus."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import CHROMIUM, a_row_of_everything
from tests.browser.every_page import every_page, ids_of_rows

LONG = "Donaudampfschifffahrtsgesellschaft" * 6
DESK = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)

# Three points of what has the focus; one under a bar is met by the bar.
COVERED = """() => {
    const box = document.activeElement;
    const { left, right, top, bottom } = box.getBoundingClientRect();
    const x = Math.min(Math.max((left + right) / 2, 0), innerWidth - 1);
    return [top + 2, (top + bottom) / 2, bottom - 2].some((y) => {
        const met = document.elementFromPoint(x, y);
        return !met || !(box.contains(met) || met.contains(box) || box.parentNode.contains(met));
    });
}"""
FOCUS = """() => {
    const box = document.activeElement;
    const name = box.name || box.getAttribute("aria-labelledby") || box.id || "?";
    return box.closest("form") && name;
}"""
# The heights at which the labels and the boxes of each row stand.
BOXES = (
    ".select2-selection, select:not(.select2-hidden-accessible), "
    "input:not([type=hidden]), .readonly"
)
HEIGHTS = """rows => rows.map((row) => [...row.querySelectorAll(".field-line")].flatMap((line) => {
    const box = line.querySelector("BOXES");
    return [line.querySelector("label"), box].map((part) => {
        const { top, bottom } = part.getBoundingClientRect();
        return (top + bottom) / 2;
    });
}))""".replace("BOXES", BOXES)
A_LINE_OFF = 3
MOST_BOXES = 100
NARROWEST_BOX, A_NAME_WIDE = 120, 240
OVER = "document.documentElement.scrollWidth - innerWidth"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs a browser at {CHROMIUM}"),
]


def long_name(name: str) -> str:
    """Return a name of 200 letters without a blank."""
    return (name.replace(" ", "") + LONG)[:200]


@pytest.mark.slow
def test_no_page_is_wider_than_its_window(window: Callable[..., Page], jobs_at_once: None) -> None:
    """Walk over more than a hundred pages, some 60 seconds."""
    a_row_of_everything(long_name)
    page = window(viewport=DESK)
    met, wide = 0, {}
    for sight in every_page(ids_of_rows()):
        page.set_viewport_size(DESK)
        if not sight.is_met(page):
            continue
        met += 1
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            over = page.evaluate(OVER)
            if over > 0:
                wide[f"{sight.name} at {size['width']}"] = over
    assert wide == {}
    assert met > 90


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720), (390, 844)])
def test_what_has_the_focus_lies_under_no_bar(
    window: Callable[..., Page], size: tuple[int, int]
) -> None:
    """Tab through four long forms, some 5 seconds."""
    a_row_of_everything()
    page = window(viewport={"width": size[0], "height": size[1]})
    ids = ids_of_rows()
    forms = (("budgets", "brand"), ("budgets", "campaign"), ("budgets", "schedule"))
    covered = {
        (model, box)
        for app, model in (*forms, ("auth", "user"))
        for box in covered_boxes(page, f"/admin/{app}/{model}/{ids[model]}/change/")
    }
    assert covered == set()


def covered_boxes(page: Page, address: str) -> list[str]:
    """Go through a form with the key, and return the boxes that something lies upon."""
    page.goto(address)
    page.locator("#content-main form[id$=_form]").evaluate(
        "form => { form.tabIndex = -1; form.focus(); }"
    )
    met, covered = set(), []
    for _press in range(MOST_BOXES):
        page.keyboard.press("Tab")
        box = page.evaluate(FOCUS)
        if box is None:
            break
        met.add(box)
        if page.evaluate(COVERED):
            covered.append(box)
    assert len(met) > 1, f"{address} has no form to go through"
    return covered


def test_the_first_key_leads_past_the_menu(window: Callable[..., Page]) -> None:
    page = window()
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_page_to_sign_in_has_a_way_past_its_head(
    chromium: Browser, live_server: LiveServer
) -> None:
    page = chromium.new_page(base_url=live_server.url)
    page.goto("/admin/login/")
    page.locator(".abm-skip").focus()
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()


@pytest.mark.parametrize("model", ["brand", "campaign"])
def test_boxes_beside_each_other_stand_on_one_line(window: Callable[..., Page], model: str) -> None:
    a_row_of_everything()
    page = window(viewport=DESK)
    page.goto(f"/admin/budgets/{model}/{ids_of_rows()[model]}/change/")
    page.locator(".select2-selection, .readonly").first.wait_for()
    rows = page.locator(".field-row.grid").evaluate_all(HEIGHTS)
    assert rows
    assert [row for row in rows if max(row) - min(row) > A_LINE_OFF] == []


def test_the_name_of_a_campaign_added_to_a_brand_can_be_read(window: Callable[..., Page]) -> None:
    a_row_of_everything()
    page = window(viewport=DESK)
    page.goto("/admin/budgets/brand/add/")
    page.get_by_role("link", name="Add another Campaign").click()
    boxes = page.locator(".formset tr.form-row:visible input[type=text]")
    widths = boxes.evaluate_all("boxes => boxes.map((box) => [box.name, box.offsetWidth])")
    assert [(name, width) for name, width in widths if width < NARROWEST_BOX] == []
    assert dict(widths)["campaigns-0-name"] >= A_NAME_WIDE
