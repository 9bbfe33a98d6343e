"""From an invitation to the first page, in a real browser: two people, two windows."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from playwright.sync_api import Browser, Page, Playwright, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_account_manager import CHROMIUM, QUIET, choose, sign_in
from tests.builders import a_brand

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs a browser at {CHROMIUM}"),
]

SECRET = "violet-harbour-92"


@pytest.fixture
def windows(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield browser
    browser.close()


def a_window(windows: Browser, live_server: LiveServer) -> Page:
    """Open a window that shares nothing with the others; scripts may not fail in it."""
    page = windows.new_page(base_url=live_server.url)
    page.on("pageerror", lambda error: pytest.fail(f"script failed: {error}"))
    return page


def test_somebody_invited_chooses_a_password_and_sees_their_brand(
    windows: Browser, live_server: LiveServer, settings: Any
) -> None:
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.example.com", "budgets@example.com"
    a_brand(name="Acme")
    a_brand(name="Zebulon")
    User.objects.create_superuser("owner", password="secret-owner")
    owner, ben = a_window(windows, live_server), a_window(windows, live_server)
    invite(owner, "ben@example.com", brand="Acme")
    (letter,) = mail.outbox
    link = re.search(r"http://\S+/admin/reset/\S+", str(letter.body))
    assert link
    ben.goto(link[0])
    expect(ben.get_by_text("You will sign in as ben@example.com")).to_be_visible()
    ben.get_by_label("Your password").fill(SECRET)
    ben.get_by_label("The same once more").fill(SECRET)
    ben.get_by_role("button", name="Set my password").click()
    expect(ben.get_by_text("Your password is set.")).to_be_visible()
    sign_in(ben, "ben@example.com", SECRET)
    expect(ben.get_by_role("link", name="Acme")).to_be_visible()
    expect(ben.get_by_text("Zebulon")).to_have_count(0)


def invite(page: Page, email: str, *, brand: str) -> None:
    sign_in(page, "owner", "secret-owner")
    page.goto("/admin/auth/user/add/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("radio", name=re.compile("^Manager")).check()
    expect(page.get_by_role("combobox", name="These brands")).to_have_count(0)
    page.get_by_role("radio", name=re.compile("^These brands")).check()
    choose(page, "These brands", brand, brand)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(f"An invitation was sent to {email}.")).to_be_visible()
