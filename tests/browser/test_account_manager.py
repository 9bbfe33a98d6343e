"""The day of an account manager, in a real browser."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone
from playwright.sync_api import Page, Playwright, Request, expect
from pytest_django.live_server_helper import LiveServer

from budgets.access.roles import VIEWER
from budgets.models import BrandAccess, Campaign
from tests.builders import a_brand, a_campaign, spend

CHROMIUM = Path("/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs a browser at {CHROMIUM}"),
]

# Playwright keeps an event loop running in the thread of the tests, which Django mistakes for
# asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def desk(playwright: Playwright, live_server: LiveServer) -> Iterator[Page]:
    """A page in which the owner is signed in; scripts may not fail, nothing outside is asked."""
    User.objects.create_superuser("owner", password="secret-owner")
    window = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    page = window.new_page(base_url=live_server.url)
    wrong: list[str] = []

    def watch(request: Request) -> None:
        if not request.url.startswith((live_server.url, "data:", "blob:")):
            wrong.append(f"asked outside: {request.url}")

    page.on("request", watch)
    page.on("pageerror", lambda error: wrong.append(f"script failed: {error}"))
    sign_in(page, "owner", "secret-owner")
    yield page
    window.close()
    assert wrong == []


def sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/admin/login/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()


def choose(page: Page, label: str, typed: str, offered: str) -> None:
    """Pick from a searchable select as people do: open it, type, take what is offered."""
    page.get_by_role("combobox", name=label).click()
    page.locator(".select2-search__field").last.fill(typed)
    page.locator(".select2-results__option", has_text=offered).first.click()


def test_the_day_of_an_account_manager(desk: Page) -> None:
    make_a_brand(desk)
    paint_a_schedule(desk)
    add_a_campaign(desk)
    spend_until_it_pauses(desk)
    read_why(desk)
    raise_the_budget_as_previewed(desk)
    hold_and_release_everything(desk)
    undo_the_raised_budget(desk)


def make_a_brand(desk: Page) -> None:
    desk.get_by_role("link", name="Add a brand").click()
    desk.get_by_label("Name", exact=False).first.fill("Nordlicht")
    choose(desk, "Currency", "euro", "EUR · Euro")
    choose(desk, "Time zone", "berlin", "Europe/Berlin")
    desk.get_by_label("Daily budget").first.fill("1000")
    desk.get_by_role("button", name="Save", exact=True).click()


def paint_a_schedule(desk: Page) -> None:
    """Draw over the whole week, from Monday's first quarter hour to Sunday's last."""
    desk.goto("/admin/budgets/schedule/add/")
    desk.get_by_label("Name", exact=False).first.fill("All week")
    desk.locator('[data-slot="0"]').hover()
    desk.mouse.down()
    desk.locator(f'[data-slot="{7 * 96 - 1}"]').hover()
    desk.mouse.up()
    expect(desk.locator("[name=hours]")).to_have_value("Mon-Sun 00:00-24:00")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator("#result_list")).to_contain_text("All week")


def add_a_campaign(desk: Page) -> None:
    open_named(desk, "brand", "Nordlicht")
    desk.get_by_role("link", name="Add a campaign").click()
    desk.get_by_label("Name", exact=False).fill("Spring sale")
    choose(desk, "Schedule", "all", "All week")
    desk.get_by_label("Daily budget").fill("100")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator("#result_list")).to_contain_text("Running")


def open_named(desk: Page, rows: str, name: str) -> None:
    desk.goto(f"/admin/budgets/{rows}/")
    desk.locator("#result_list").get_by_role("link", name=name).first.click()


def spend_until_it_pauses(desk: Page) -> None:
    desk.goto("/admin/budgets/spend/add/")
    choose(desk, "Campaign", "spring", "Spring sale · Nordlicht (EUR)")
    desk.get_by_label("Amount").fill("100")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_text("Recorded €100.00 for “Spring sale”.")).to_be_visible()
    expect(desk.get_by_text("Stopped: “Spring sale” (Daily budget reached).")).to_be_visible()


def read_why(desk: Page) -> None:
    open_named(desk, "campaign", "Spring sale")
    expect(desk.locator(".abm-sentence")).to_contain_text(
        "Daily budget reached: €100.00 of €100.00 spent."
    )
    expect(desk.get_by_role("img", name="Today by the hour")).to_be_visible()


def raise_the_budget_as_previewed(desk: Page) -> None:
    open_named(desk, "campaign", "Spring sale")
    desk.get_by_role("textbox", name="Daily budget").fill("200")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_text("Nothing is saved yet.")).to_be_visible()
    expect(desk.get_by_text("1 campaign starts")).to_be_visible()
    desk.get_by_role("button", name="Save and start 1 campaign").click()
    expect(desk.locator("#result_list")).to_contain_text("Running")


def hold_and_release_everything(desk: Page) -> None:
    open_named(desk, "brand", "Nordlicht")
    desk.get_by_role("link", name="Hold everything").click()
    desk.get_by_label("Note").fill("Client call")
    desk.get_by_role("button", name="Hold").click()
    expect(desk.get_by_text("1 is on hold now.")).to_be_visible()
    desk.get_by_role("link", name="Release the hold").click()
    desk.get_by_role("button", name="Release").click()
    expect(desk.get_by_text("1 hold was released.")).to_be_visible()


def undo_the_raised_budget(desk: Page) -> None:
    open_named(desk, "campaign", "Spring sale")
    desk.locator("a[href$='/history/']").click()
    desk.get_by_role("link", name="Undo this edit").click()
    expect(desk.get_by_text("1 campaign stops")).to_be_visible()
    desk.get_by_role("button", name="Undo this edit").click()
    expect(desk.get_by_text("The edit was undone.")).to_be_visible()
    open_named(desk, "campaign", "Spring sale")
    expect(desk.locator(".abm-sentence")).to_contain_text("€100.00 of €100.00 spent.")


def test_a_viewer_of_one_brand_sees_nothing_of_another(desk: Page) -> None:
    theirs = a_campaign(brand=a_brand(name="Acme"), name="Spring sale")
    others = a_campaign(brand=a_brand(name="Zebulon"), name="Zebra push")
    for campaign in (theirs, others):
        spend(campaign, "60", at=timezone.now())
    viewer = User.objects.create_user("viewer", password="secret-viewer", is_staff=True)
    viewer.groups.add(Group.objects.get(name=VIEWER))
    BrandAccess.objects.create(user=viewer).brands.add(theirs.brand)
    desk.context.clear_cookies()
    sign_in(desk, "viewer", "secret-viewer")
    for address in (
        "/admin/",
        "/admin/budgets/brand/",
        "/admin/budgets/campaign/",
        "/admin/budgets/spend/",
        "/admin/activity/",
    ):
        desk.goto(address)
        expect(desk.get_by_text("Acme").first).to_be_visible()
        assert "Zeb" not in desk.content(), address
    for page in (
        f"brand/{others.brand_id}/change",
        f"campaign/{others.pk}/change",
        f"campaign/{others.pk}/history",
    ):
        desk.goto(f"/admin/budgets/{page}/")
        assert "Zeb" not in desk.content(), page
    desk.goto(f"/admin/budgets/campaign/{theirs.pk}/change/")
    expect(desk.get_by_role("button", name="Save", exact=True)).to_have_count(0)


def test_the_dashboard_refreshes_itself_without_a_reload(desk: Page) -> None:
    a_brand(name="Acme")
    desk.clock.install()
    desk.goto("/admin/")
    desk.evaluate("window.stayed = true")
    a_brand(name="Newcomer")
    desk.clock.fast_forward("00:16")
    expect(desk.get_by_role("link", name="Newcomer")).to_be_visible()
    assert desk.evaluate("window.stayed") is True


def test_filters_open_from_the_keyboard(desk: Page) -> None:
    a_campaign(is_held=True)
    desk.goto("/admin/budgets/campaign/")
    desk.get_by_role("button", name="Filters").press("Enter")
    expect(desk.get_by_label("Running")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_is_wider_than_its_window(desk: Page, width: int) -> None:
    brand = a_brand(name="An exceptionally long name that no designer ever expects " * 3)
    campaign = a_campaign(brand=brand, name="Überraschung" * 8, daily="123456789.01")
    desk.set_viewport_size({"width": width, "height": 844})
    for address in (
        "/admin/",
        "/admin/budgets/brand/",
        f"/admin/budgets/brand/{brand.pk}/change/",
        "/admin/budgets/campaign/",
        f"/admin/budgets/campaign/{campaign.pk}/change/",
        "/admin/budgets/spend/add/",
    ):
        desk.goto(address)
        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert desk.evaluate(over) == 0, address


def test_a_campaign_can_be_held_with_the_keyboard_alone(desk: Page) -> None:
    campaign = a_campaign()
    desk.goto(f"/admin/budgets/campaign/{campaign.pk}/hold/")
    expect(desk.get_by_label("Note")).to_be_focused()
    desk.keyboard.type("Typo in the ad")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("1 is on hold now.")).to_be_visible()
    assert Campaign.objects.get().is_held
