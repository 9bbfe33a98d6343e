"""Take the pictures of docs/screenshots; run it with script/screenshots. `--all` takes every page.

A scratch installation with the demo is started in a temporary folder, as script/server would, and
its processes are given time to look at the demo once, so that the pictures show a working day.
"""

import argparse
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from docs.scratch_installation import PASSWORD, ROOT, installation, run_inside

PICTURES = ROOT / "docs" / "screenshots"
NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars")

BRAND = "Brightwater Bank"
SCHEDULE = "Lunch and dinner"
WITH_ROOM_TODAY = (
    "td[data-label=Today] .abm-bar:has(.abm-bar-percent):not(.abm-bar-reached, .abm-bar-over)"
)


class Look(NamedTuple):
    """On which screen, in which colours."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"

    @property
    def is_phone(self) -> bool:
        """Whether it is held in a hand."""
        return self.width < 500


LIGHT = Look("light", 1440, 1100)
DARK = Look("dark", 1440, 1100, "dark")
PHONE = Look("phone", 390, 844)
LOOKS = (LIGHT, DARK, PHONE)


def open_dashboard(page: Page) -> None:
    """Open what a person sees after signing in."""
    page.goto("/admin/")


def open_campaign(page: Page) -> None:
    """Open a campaign that has reached a daily budget."""
    page.goto("/admin/budgets/campaign/?reason=DAILY_BUDGET")
    page.goto(address_of_first(page))


def open_brand(page: Page) -> None:
    """Open a brand."""
    page.goto(f"/admin/budgets/brand/?q={BRAND}")
    page.goto(address_of_first(page))


def open_schedule(page: Page) -> None:
    """Open the hours of a schedule."""
    page.goto(f"/admin/budgets/schedule/?q={SCHEDULE}")
    page.goto(address_of_first(page))


def open_preview(page: Page) -> None:
    """Lower a brand's daily budget below what it has spent today, and send the form."""
    open_dashboard(page)
    brand = page.locator("tr", has=page.locator(WITH_ROOM_TODAY)).first
    spent = brand.locator(WITH_ROOM_TODAY).locator("b").inner_text()
    page.goto(brand.locator(".abm-brand").get_attribute("href") or "")
    lower = int(re.sub(r"\..*|\D", "", spent)) * 19 // 20
    page.get_by_label("Daily budget").first.fill(str(lower))
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Nothing is saved yet.").wait_for()


def open_activity(page: Page) -> None:
    """Open what happened lately, on every brand."""
    page.goto("/admin/activity/")


def address_of_first(page: Page) -> str:
    """Return where the first line of a list leads."""
    return page.locator("#result_list tbody th a").first.get_attribute("href") or ""


class Scene(NamedTuple):
    """A page: how to get there, in which looks, and below which height it is cut off."""

    name: str
    show: Callable[[Page], None]
    looks: tuple[Look, ...] = LOOKS
    height: int = 1100


SCENES = (
    Scene("dashboard", open_dashboard),
    Scene("campaign", open_campaign),
    Scene("brand", open_brand, looks=(LIGHT,)),
    Scene("schedule", open_schedule),
    Scene("preview", open_preview, height=844),
    Scene("activity", open_activity, looks=(LIGHT,)),
)


def main() -> None:
    """Take every picture; what stood in the folder under the same name is replaced."""
    parser = argparse.ArgumentParser(description="Take pictures of the admin with the demo in it.")
    parser.add_argument(
        "--all",
        nargs="?",
        type=Path,
        const=ROOT / "var" / "screenshots",
        metavar="DIR",
        help="of every page, in every look, to look through; not those of the documentation",
    )
    every = parser.parse_args().all
    with tempfile.TemporaryDirectory() as scratch, installation(Path(scratch)) as url:
        if every:
            # The addresses are those of the rows there are, so this is asked inside.
            call = f"every_picture.take({url!r}, {str(every.resolve())!r})"
            run_inside(Path(scratch), f"from docs import every_picture; {call}")
        else:
            PICTURES.mkdir(exist_ok=True)
            take_all(url)


def take_all(url: str) -> None:
    """Open a window for each look and take its pictures."""
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        for look in LOOKS:
            page = signed_in(browser, url, look)
            for scene in SCENES:
                if look in scene.looks:
                    scene.show(page)
                    take(page, look, scene)
        browser.close()


def chromium(playwright: Playwright) -> Browser:
    """Start the browser of this machine."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    return playwright.chromium.launch(executable_path=path, args=QUIET)


def signed_in(browser: Browser, url: str, look: Look) -> Page:
    """Return a window in which the owner is signed in."""
    page = browser.new_page(
        base_url=url,
        viewport={"width": look.width, "height": look.height},
        color_scheme=look.scheme,
        reduced_motion="reduce",
        has_touch=look.is_phone,
        is_mobile=look.is_phone,
    )
    page.goto("/admin/login/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    return page


def take(page: Page, look: Look, scene: Scene) -> None:
    """Write what the window shows, once it is at rest."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    path = PICTURES / f"{scene.name}-{look.name}.png"
    height = min(look.height, scene.height)
    page.screenshot(
        path=path,
        animations="disabled",
        clip={"x": 0, "y": 0, "width": look.width, "height": height},
    )
    sys.stdout.write(f"{path.relative_to(ROOT)}, {path.stat().st_size // 1024} KB\n")


if __name__ == "__main__":
    main()
