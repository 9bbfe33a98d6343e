"""Ctrl-K in a real browser: type, see, press Enter."""

import re
from pathlib import Path
import os

from playwright.sync_api import Page, expect

from tests.browser.test_account_manager import desk, pytestmark  # noqa: F401  # a fixture and marks
from tests.builders import a_brand, a_campaign


def test_enter_opens_the_first_of_what_ctrl_k_found(desk: Page) -> None:  # noqa: F811  # fixture
    campaign = a_campaign(brand=a_brand(name="Maison Lumière"), name="Móveis de verão")
    desk.keyboard.press("Control+k")
    box = desk.get_by_placeholder("Type to search")
    box.press_sequentially("MOVEIS")
    first = desk.locator("#command-results-list li.active")
    expect(first).to_contain_text(f"Campaign {campaign.pk} of Maison Lumière")
    if os.environ.get("SHOTS"):
        for scheme in ("light", "dark"):
            for width in (1440, 390):
                desk.emulate_media(color_scheme=scheme)
                desk.set_viewport_size({"width": width, "height": 900})
                desk.wait_for_timeout(400)
                desk.screenshot(path=f"/tmp/shot-{scheme}-{width}.png")
        desk.set_viewport_size({"width": 1440, "height": 900})
    box.press("Enter")
    expect(desk).to_have_url(re.compile(f"/admin/budgets/campaign/{campaign.pk}/change/"))


def test_what_is_not_there_is_said(desk: Page) -> None:  # noqa: F811  # fixture
    desk.keyboard.press("Control+k")
    desk.get_by_placeholder("Type to search").press_sequentially("Zebulon")
    expect(desk.get_by_text("Nothing is called “Zebulon”.")).to_be_visible()
