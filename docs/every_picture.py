"""A picture of every page in every look, and a sheet to look through: `screenshots --all`."""

import os
import sys
from pathlib import Path

from django.template import Context, Engine
from playwright.sync_api import Error, Page, sync_playwright

from docs.take_screenshots import LOOKS, Look, chromium, signed_in
from tests.browser.every_page import every_page, ids_of_rows

# Playwright keeps an event loop running, which Django mistakes for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

TALLEST = 2600
SHEET = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Every page</title>
<style>body { font: 14px sans-serif } figure { display: inline-block; margin: 4px; width: 30% }
img { border: 1px solid #888; max-height: 40rem; max-width: 100% }</style>
{% for name, files in pages %}<h2>{{ name }}</h2>{% for file in files %}<figure>
<a href="{{ file }}"><img src="{{ file }}" alt="" loading="lazy"></a>
<figcaption>{{ file }}</figcaption></figure>
{% endfor %}{% endfor %}"""


def take(url: str, folder: str) -> None:
    """Take every page of the installation at `url`, one look after the other."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    taken: dict[str, list[str]] = {}
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        for look in LOOKS:
            page = signed_in(browser, url, look)
            for sight in every_page(ids_of_rows()):
                resize(page, look, look.height)
                try:
                    if not sight.is_met(page):
                        continue
                except Error as error:
                    sys.stderr.write(f"{sight.name} was not reached: {error.message}\n")
                    continue
                file = f"{sight.name}-{look.name}.png"
                take_one(page, look, Path(folder) / file)
                taken.setdefault(sight.name, []).append(file)
        browser.close()
    sheet = Engine().from_string(SHEET).render(Context({"pages": taken.items()}))
    (Path(folder) / "index.html").write_text(sheet)
    sys.stdout.write(f"{len(taken)} pages: {folder}/index.html\n")


def take_one(page: Page, look: Look, path: Path) -> None:
    """Write what a window as tall as its page shows: bars that stick stand where they end."""
    page.wait_for_load_state("networkidle")
    resize(page, look, page.evaluate("document.documentElement.scrollHeight"))
    page.wait_for_timeout(200)
    page.screenshot(path=path, animations="disabled")


def resize(page: Page, look: Look, height: int) -> None:
    """Make the window as tall, within measure."""
    page.set_viewport_size({"width": look.width, "height": min(height, TALLEST)})
