"""The schedule editor in a real browser: painting, typing, keys, fingers, clocks."""

import json
import os
import random
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from playwright.sync_api import Browser, CDPSession, Locator, Page, Playwright, expect
from pytest_django.live_server_helper import LiveServer

from budgets.admin.base.widgets import HoursWidget
from budgets.models.schedule import validate_hours
from budgets.rules.hours import BadHours, WeekHours

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
# Nothing inline and nothing from outside may be needed.
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'"
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls(__name__),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs a browser at {CHROMIUM}"),
]

# Playwright keeps an event loop running in the thread of the tests, which Django mistakes for
# asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@csrf_exempt
def a_page_with_the_editor(request: HttpRequest) -> HttpResponse:
    """Show a form with hours, or what was sent with it."""
    if request.method == "POST":
        return HttpResponse(json.dumps(request.POST), content_type="application/json")
    zones = request.GET.getlist("zone")
    attrs = {"readonly": True} if "readonly" in request.GET else {}
    hours = forms.CharField(widget=HoursWidget(attrs, zones=zones), validators=[validate_hours])
    form = type("HoursForm", (forms.Form,), {"hours": hours})(
        initial={"hours": request.GET.get("hours", "")}
    )
    response = HttpResponse(
        f'<!doctype html><html lang="en"><head><title>Hours</title>'
        f'<meta name="viewport" content="width=device-width">{form.media}</head>'
        f'<body><form method="post" action=".">{form}<button>Save</button></form></body></html>'
    )
    response["Content-Security-Policy"] = POLICY
    return response


def no_icon(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


urlpatterns = [
    path("", a_page_with_the_editor),
    path("favicon.ico", no_icon),
    path("admin/", admin.site.urls),  # where middleware looks
]


class Editor:
    """A page with the editor, as a person sees it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.text = page.locator("textarea")
        self.grid = page.get_by_role("grid")

    def part(self, name: str) -> Locator:
        return self.page.locator(f'[data-part="{name}"]')

    def cell(self, day: int, time: str) -> Locator:
        """Return the quarter hour that starts at `09:15`."""
        hour, minute = map(int, time.split(":"))
        return self.page.locator(f'[data-slot="{day * 96 + hour * 4 + minute // 15}"]')

    def middle(self, place: Locator) -> tuple[float, float]:
        box = place.bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, start: Locator, end: Locator, *, drop: bool = True) -> None:
        self.page.mouse.move(*self.middle(start))
        self.page.mouse.down()
        self.page.mouse.move(*self.middle(end), steps=3)
        if drop:
            self.page.mouse.up()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def focused(self) -> str:
        label = self.page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert isinstance(label, str)
        return label

    def click(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def painted(self) -> WeekHours:
        """Return the week that the grid shows."""
        week = self.page.evaluate(
            "[...document.querySelectorAll('[data-slot]')].map(c => +c.matches('.is-open'))"
        )
        return WeekHours(week=bytes(week))

    def shows(self, hours: str) -> None:
        """Expect the same hours as text and in the grid."""
        expect(self.text).to_have_value(hours)
        assert self.painted().format() == hours


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield browser
    browser.close()


class Desk:
    """Opens the editor in new windows, and keeps what the browser complains of."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.complaints: list[str] = []

    def open(
        self, hours: str = "", *, query: str = "", clock: str | None = None, **window: Any
    ) -> Editor:
        window = {"viewport": {"width": 1280, "height": 900}, **window}
        page = self.browser.new_context(
            locale="en-GB", timezone_id="Asia/Tokyo", **window
        ).new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text))
        if clock:
            page.clock.set_fixed_time(datetime.fromisoformat(clock))
        page.goto(f"{self.address}/?{query}")
        editor = Editor(page)
        if hours:
            editor.text.fill(hours)
        return editor


@pytest.fixture
def desk(chromium: Browser, live_server: LiveServer) -> Iterator[Desk]:
    desk = Desk(chromium, live_server.url)
    yield desk
    for context in chromium.contexts:
        context.close()
    assert desk.complaints == []


# The language, in both languages


def some_weeks(dice: random.Random, count: int) -> list[WeekHours]:
    """Return weeks of a few windows, of pure noise, of whole days, and the two extremes."""
    weeks = [bytes(672)[:671] + b"\1", b"\1" * 672, b"\0" + b"\1" * 671, b"\0\1" * 336]
    while len(weeks) < count:
        week = bytearray(dice.choices([0, 1], k=672) if dice.random() < 0.2 else 672)
        for _ in range(dice.randint(1, 9)):
            first, length = dice.randrange(672), dice.choice([1, 2, 30, 34, 95, 96, 97, 200])
            first -= dice.choice([0, first % 96])
            for slot in range(first, first + length):
                week[slot % 672] = 1
        weeks.append(bytes(week))
    return [WeekHours(week=week) for week in weeks]


def some_texts(dice: random.Random, count: int) -> list[str]:
    """Return texts like the ones people write, most of them damaged in a place or two."""
    pieces = ["Mon-Fri", "sat", "SUN–mon", "Wednes", "Mo", " ", "\t", "\xa0", "\x1f", "\ufeff"]
    pieces += ["09:00-17:30", "9:00 – 9:15", "22:00-02:00", "24:00", "00:00-24:00", "10:75", "7:5"]
    pieces += [",", ", ", ";", "; ", "\n", "\r\n", "-", "'", '"', "\\", "\0", "é", "𝟗", "🎉", "٩"]
    texts = ["", " ", ";\n;", "x" * 100, "Mon 09:00-10:00" + " " * 5_000, "🎉" * 5_001]
    while len(texts) < count:
        if dice.random() < 0.4:
            texts.append("".join(dice.choices(pieces, k=dice.randint(1, 12))))
            continue
        text = dice.choice(some_weeks(dice, 5)).format()
        for _ in range(dice.choice([0, 0, 1, 2])):
            at = dice.randrange(min(len(text), 80) + 1)
            text = text[:at] + dice.choice([*pieces, ""]) + text[at + dice.randint(0, 3) :]
        texts.append(text)
    return texts


IN_THE_BROWSER = """async (texts) => {
  const { parse, format } = await import("/static/budgets/schedule_editor/hours.js");
  return texts.map((text) => {
    try {
      const week = parse(text);
      return { week: week.join(""), written: format(week) };
    } catch (error) {
      return { position: error.position, message: error.message };
    }
  });
}"""


def in_python(text: str) -> dict[str, Any]:
    try:
        hours = WeekHours.parse(text)
    except BadHours as refused:
        return {"position": refused.position, "message": str(refused)}
    return {"week": "".join(map(str, hours.week)), "written": hours.format()}


def test_a_week_is_written_and_read_as_python_does(desk: Desk) -> None:
    texts = [week.format() for week in some_weeks(random.Random(1), 1_000)]
    in_browser = desk.open().page.evaluate(IN_THE_BROWSER, texts)
    assert [found["written"] for found in in_browser] == texts
    assert in_browser == [in_python(text) for text in texts]


def test_any_text_is_read_or_refused_as_python_does(desk: Desk) -> None:
    texts = some_texts(random.Random(2), 3_000)
    expected = [in_python(text) for text in texts]
    refused = sum("position" in outcome for outcome in expected)
    assert 1_000 < refused < 2_500
    for text, found, wanted in zip(
        texts, desk.open().page.evaluate(IN_THE_BROWSER, texts), expected, strict=True
    ):
        assert found == wanted, repr(text)


# Painting


def test_dragging_opens_every_quarter_in_between(desk: Desk) -> None:
    editor = desk.open()
    editor.drag(editor.cell(TUESDAY, "09:15"), editor.cell(THURSDAY, "10:45"))
    editor.shows("Tue-Thu 09:15-11:00")


def test_dragging_from_an_open_quarter_closes(desk: Desk) -> None:
    editor = desk.open("Mon-Fri 09:00-17:30")
    editor.drag(editor.cell(WEDNESDAY, "12:45"), editor.cell(MONDAY, "12:00"))
    editor.shows("Mon-Wed 09:00-12:00, 13:00-17:30; Thu-Fri 09:00-17:30")


def test_a_click_changes_one_quarter(desk: Desk) -> None:
    editor = desk.open("Mon 09:00-10:00")
    editor.cell(MONDAY, "10:00").click()
    editor.shows("Mon 09:00-10:15")


def test_a_larger_brush_paints_whole_hours(desk: Desk) -> None:
    editor = desk.open()
    editor.part("step").select_option("1 hour")
    editor.drag(editor.cell(MONDAY, "09:45"), editor.cell(MONDAY, "11:15"))
    editor.shows("Mon 09:00-12:00")


def test_dragging_along_the_days_opens_whole_days(desk: Desk) -> None:
    editor = desk.open()
    days = editor.page.get_by_role("rowheader")
    editor.drag(days.nth(SATURDAY), days.nth(SUNDAY))
    editor.shows("Sat-Sun 00:00-24:00")


def test_dragging_along_the_hours_opens_them_on_every_day(desk: Desk) -> None:
    editor = desk.open()
    hours = editor.page.get_by_role("columnheader")
    editor.drag(hours.nth(1 + 9), hours.nth(1 + 16))
    editor.shows("Mon-Sun 09:00-17:00")


def test_a_stroke_that_leaves_the_grid_ends_at_its_edge(desk: Desk) -> None:
    editor = desk.open()
    editor.page.mouse.move(*editor.middle(editor.cell(SATURDAY, "22:00")))
    editor.page.mouse.down()
    editor.page.mouse.move(1_279, 899)
    editor.page.mouse.up()
    editor.shows("Sat-Sun 22:00-24:00")


def test_escape_calls_a_stroke_off(desk: Desk) -> None:
    editor = desk.open("Mon 09:00-10:00")
    editor.drag(editor.cell(TUESDAY, "09:00"), editor.cell(FRIDAY, "12:00"), drop=False)
    expect(editor.part("readout")).to_have_text("Open Tuesday–Friday 09:00–12:15")
    editor.press("Escape")
    editor.page.mouse.up()
    editor.shows("Mon 09:00-10:00")


def test_hours_after_midnight_are_told_apart_and_explained(desk: Desk) -> None:
    editor = desk.open("Sat 22:00-02:00; Mon 00:00-01:00")
    sunday = editor.cell(SUNDAY, "01:45")
    expect(sunday).to_have_attribute("aria-label", "Sunday 01:45–02:00, open, belongs to Saturday")
    expect(editor.cell(MONDAY, "00:00")).to_have_attribute("aria-label", "Monday 00:00–00:15, open")
    expect(editor.part("nights")).to_have_text(
        "Past midnight, a window belongs to the day it starts on: "
        "Saturday 22:00–02:00, the last 2 h on Sunday."
    )


def test_the_open_hours_of_a_week_are_added_up(desk: Desk) -> None:
    editor = desk.open("Mon-Fri 09:00-17:30; Sat 10:00-10:15")
    expect(editor.part("total")).to_have_text("Open 42 h 45 min a week (25 %).")
    expect(editor.page.get_by_role("rowheader").first).to_contain_text("8.5 h")


# The text


def test_typing_repaints_the_grid(desk: Desk) -> None:
    editor = desk.open()
    editor.text.press_sequentially("sat-sun 9:00-10:00")
    assert editor.painted() == WeekHours.parse("Sat-Sun 09:00-10:00")
    expect(editor.text).to_have_value("sat-sun 9:00-10:00")


def test_bad_text_is_explained_and_the_grid_keeps_the_last_hours(desk: Desk) -> None:
    editor = desk.open("Mon 09:00-10:00")
    editor.text.fill("Mon 09:00-10:00; Tue 09:10-11:00")
    expect(editor.part("error-text")).to_have_text(
        "At character 22: '09:10' is not on a quarter hour; write minutes 00, 15, 30 or 45."
    )
    expect(editor.text).to_have_attribute("aria-invalid", "true")
    assert editor.painted().format() == "Mon 09:00-10:00"


def test_the_place_of_an_error_is_shown_in_the_text(desk: Desk) -> None:
    editor = desk.open("Mon 09:00-10:00; Sonntag 09:00-11:00")
    editor.click("Show the place")
    selected = editor.page.evaluate("getSelection().toString()")
    assert selected == "Sonntag 09:00-11:00"


def test_an_error_goes_when_the_text_is_put_right(desk: Desk) -> None:
    editor = desk.open("Mon 09:10-10:00")
    expect(editor.part("error")).to_be_visible()
    editor.text.fill("Mon 09:15-10:00")
    expect(editor.part("error")).to_be_hidden()
    expect(editor.text).not_to_have_attribute("aria-invalid", "true")


def test_an_empty_form_is_not_scolded(desk: Desk) -> None:
    editor = desk.open()
    editor.text.focus()
    editor.text.blur()
    expect(editor.part("error")).to_be_hidden()


def test_painting_over_bad_text_starts_from_the_hours_shown_and_can_be_undone(desk: Desk) -> None:
    editor = desk.open("Mon 09:00-10:00")
    editor.text.fill("Mon 09:00-")
    editor.cell(MONDAY, "10:00").click()
    editor.shows("Mon 09:00-10:15")
    editor.click("Undo")
    expect(editor.text).to_have_value("Mon 09:00-")


def test_a_week_without_hours_is_refused_in_words(desk: Desk) -> None:
    editor = desk.open("Mon 09:00-10:00")
    editor.click("Clear")
    expect(editor.part("error-text")).to_contain_text("write at least one window")
    assert editor.painted().open_quarters == 0


# Presets and copies


@pytest.mark.parametrize(
    "name, hours",
    [
        ("Always", "Mon-Sun 00:00-24:00"),
        ("Business hours", "Mon-Fri 09:00-17:30"),
        ("Evenings", "Mon-Sun 18:00-23:00"),
        ("Weekends", "Sat-Sun 00:00-24:00"),
    ],
)
def test_a_preset_takes_the_place_of_the_hours(desk: Desk, name: str, hours: str) -> None:
    editor = desk.open("Tue 01:00-02:00")
    editor.click(name)
    editor.shows(hours)


def test_inverting_opens_what_was_closed(desk: Desk) -> None:
    editor = desk.open("Mon-Sun 09:00-17:00")
    editor.click("Invert")
    editor.shows("Mon-Sun 17:00-09:00")


def test_a_day_is_copied_to_weekdays_with_its_night(desk: Desk) -> None:
    editor = desk.open("Mon 12:00-13:00; Fri 22:00-02:00; Sun 08:00-09:00")
    editor.part("copy-source").select_option("Friday")
    editor.click("Copy to weekdays")
    editor.shows("Mon-Fri 22:00-02:00; Sun 08:00-09:00")


def test_a_day_is_copied_to_all_days(desk: Desk) -> None:
    editor = desk.open("Mon 09:00-12:15; Sat 10:00-12:00")
    editor.click("Copy to all days")
    editor.shows("Mon-Sun 09:00-12:15")


def test_a_day_is_copied_to_chosen_days(desk: Desk) -> None:
    editor = desk.open("Mon 09:00-12:15")
    for day in ("Wednesday", "Sunday"):
        editor.page.get_by_role("checkbox", name=day).check()
    editor.click("Copy to these")
    editor.shows("Mon,Wed,Sun 09:00-12:15")


def test_copying_an_empty_day_closes_the_others(desk: Desk) -> None:
    editor = desk.open("Mon-Fri 09:00-17:00; Sun 10:00-11:00")
    editor.part("copy-source").select_option("Saturday")
    editor.click("Copy to weekdays")
    editor.shows("Sun 10:00-11:00")


def test_edits_are_undone_and_done_again(desk: Desk) -> None:
    editor = desk.open("Mon 09:00-10:00")
    editor.click("Weekends")
    editor.cell(MONDAY, "00:00").click()
    editor.click("Undo")
    editor.click("Undo")
    editor.shows("Mon 09:00-10:00")
    editor.click("Redo")
    editor.shows("Sat-Sun 00:00-24:00")


# The keyboard


def test_the_tab_key_reaches_one_quarter_and_arrows_the_others(desk: Desk) -> None:
    editor = desk.open(query="hours=Mon+09:00-10:00")
    assert editor.page.locator('[data-slot][tabindex="0"]').count() == 1
    editor.part("zone").focus()
    editor.press("Tab")
    assert editor.focused() == "Monday 09:00–09:15, open"
    editor.press("ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft", "ArrowLeft", "ArrowUp")
    assert editor.focused() == "Tuesday 08:45–09:00, closed"


@pytest.mark.parametrize(
    "keys, place",
    [
        (["Home"], "Tuesday 00:00–00:15"),
        (["End"], "Tuesday 23:45–24:00"),
        (["PageDown"], "Tuesday 10:15–10:30"),
        (["PageUp", "PageUp"], "Tuesday 07:15–07:30"),
        (["Control+ArrowRight"], "Tuesday 10:15–10:30"),
        (["Control+ArrowDown"], "Sunday 09:15–09:30"),
        (["Control+Home"], "Monday 00:00–00:15"),
        (["Control+End", "ArrowRight", "ArrowDown"], "Sunday 23:45–24:00"),
    ],
)
def test_keys_lead_far(desk: Desk, keys: list[str], place: str) -> None:
    editor = desk.open()
    editor.cell(TUESDAY, "09:15").focus()
    editor.press(*keys)
    assert editor.focused() == f"{place}, closed"


@pytest.mark.parametrize("key", ["Space", "Enter"])
def test_a_key_opens_and_closes_the_quarter_in_focus(desk: Desk, key: str) -> None:
    editor = desk.open("Mon 09:00-10:00")
    editor.cell(MONDAY, "10:00").focus()
    editor.press(key)
    editor.shows("Mon 09:00-10:15")
    editor.press(key)
    editor.shows("Mon 09:00-10:00")


def test_shift_selects_an_area_to_open(desk: Desk) -> None:
    editor = desk.open()
    editor.cell(TUESDAY, "09:00").focus()
    editor.press(*["Shift+ArrowRight"] * 3, *["Shift+ArrowDown"] * 2)
    expect(editor.part("live")).to_have_text("Selected Tuesday–Thursday 09:00–10:00")
    assert editor.page.locator('[aria-selected="true"]').count() == 12
    editor.press("Space")
    editor.shows("Tue-Thu 09:00-10:00")


def test_an_arrow_without_shift_drops_the_selection(desk: Desk) -> None:
    editor = desk.open()
    editor.cell(TUESDAY, "09:00").focus()
    editor.press("Shift+ArrowRight", "ArrowRight", "Space")
    editor.shows("Tue 09:30-09:45")


def test_whole_days_and_whole_columns_are_selected_by_key(desk: Desk) -> None:
    editor = desk.open()
    editor.cell(TUESDAY, "09:00").focus()
    editor.press("Shift+Space", "Enter")
    editor.shows("Tue 00:00-24:00")
    editor.press("Escape", "Control+Space", "Delete")
    editor.shows("Tue 00:00-09:00, 09:15-24:00")
    editor.press("Control+a", "Enter")
    editor.shows("Mon-Sun 00:00-24:00")
    editor.press("Control+z", "Control+z", "Control+z", "Control+y")
    editor.shows("Tue 00:00-24:00")


def test_a_screen_reader_hears_what_changed(desk: Desk) -> None:
    editor = desk.open("Mon 09:00-10:00")
    editor.cell(MONDAY, "10:00").focus()
    editor.press("Space")
    expect(editor.part("live")).to_have_text(
        "Opened Monday 10:00–10:15. Open 1 h 15 min a week (1 %)."
    )


def test_the_quarter_in_focus_has_a_ring(desk: Desk) -> None:
    editor = desk.open("Mon 09:00-10:00")
    editor.cell(MONDAY, "09:00").focus()
    editor.press("ArrowRight")
    style = "getComputedStyle(document.activeElement).outlineStyle"
    assert editor.page.evaluate(style) == "solid"


# Now


def test_now_is_marked_on_the_clock_of_the_first_brand(desk: Desk) -> None:
    query = "hours=Mon-Fri+09:00-17:30&zone=Europe/Paris&zone=America/New_York"
    editor = desk.open(query=query, clock="2026-06-02T12:20:00+00:00")
    expect(editor.part("zone")).to_have_value("Europe/Paris")
    expect(editor.part("now")).to_have_text("Tuesday 14:20, open until 17:30")
    assert editor.cell(TUESDAY, "14:15").locator(".schedule-editor__now-mark").count() == 1


def test_now_is_shown_in_a_chosen_zone(desk: Desk) -> None:
    query = "hours=Mon-Fri+09:00-17:30&zone=Europe/Paris&zone=America/New_York"
    editor = desk.open(query=query, clock="2026-06-05T22:50:00+00:00")
    expect(editor.part("now")).to_have_text("Saturday 00:50, closed until Mon 09:00")
    editor.part("zone").select_option("America/New_York")
    expect(editor.part("now")).to_have_text("Friday 18:50, closed until Mon 09:00")
    assert editor.cell(FRIDAY, "18:45").locator(".schedule-editor__now-mark").count() == 1


def test_without_brands_now_is_that_of_the_device(desk: Desk) -> None:
    editor = desk.open(clock="2026-06-01T15:00:00+00:00")
    expect(editor.part("zone")).to_have_value("Asia/Tokyo")
    expect(editor.part("now")).to_have_text("Tuesday 00:00, never open")
    options = editor.part("zone").locator("option").all_inner_texts()
    assert options == ["UTC", "Asia/Tokyo (this device)"]


def test_a_zone_that_the_browser_does_not_know_is_not_offered(desk: Desk) -> None:
    editor = desk.open(query="zone=Mars/Olympus&zone=Europe/Paris")
    expect(editor.part("zone")).to_have_value("Europe/Paris")


def test_now_moves_on(desk: Desk) -> None:
    editor = desk.open("Mon-Sun 00:00-24:00", clock="2026-06-01T14:59:00+00:00")
    expect(editor.part("now")).to_have_text("Monday 23:59, always open")
    editor.page.clock.set_fixed_time(datetime.fromisoformat("2026-06-01T15:01:00+00:00"))
    editor.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(editor.part("now")).to_have_text("Tuesday 00:01, always open")


# Phones

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}


class Finger:
    """One finger on the screen."""

    def __init__(self, editor: Editor) -> None:
        self.session: CDPSession = editor.page.context.new_cdp_session(editor.page)

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y} for x, y in points]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.touch("touchMove", ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
        self.touch("touchMove", end)
        self.touch("touchEnd")


def test_a_phone_shows_the_whole_week_without_scrolling_sideways(desk: Desk) -> None:
    editor = desk.open("Mon-Fri 09:00-17:30", **PHONE)
    assert editor.page.evaluate("document.documentElement.scrollWidth") == 390
    box = editor.grid.bounding_box()
    assert box is not None
    assert box["height"] < 700


def test_a_tap_opens_an_hour(desk: Desk) -> None:
    editor = desk.open(**PHONE)
    editor.cell(WEDNESDAY, "09:30").tap()
    editor.shows("Wed 09:00-10:00")


def test_a_finger_that_holds_paints(desk: Desk) -> None:
    editor = desk.open(**PHONE)
    editor.grid.scroll_into_view_if_needed()
    start = editor.middle(editor.cell(TUESDAY, "09:15"))
    end = editor.middle(editor.cell(THURSDAY, "11:15"))
    finger = Finger(editor)
    finger.touch("touchStart", start)
    expect(editor.part("readout")).to_have_text("Open Tuesday 09:00–10:00")
    finger.drag(start, end)
    editor.shows("Tue-Thu 09:00-12:00")


def test_a_finger_that_moves_at_once_scrolls_and_paints_nothing(desk: Desk) -> None:
    editor = desk.open(query="hours=Mon+09:00-10:00", **PHONE)
    start = editor.middle(editor.cell(TUESDAY, "06:00"))
    finger = Finger(editor)
    finger.touch("touchStart", start)
    finger.drag(start, (start[0], start[1] - 150))
    editor.page.wait_for_timeout(500)
    assert editor.page.evaluate("scrollY") > 50
    editor.shows("Mon 09:00-10:00")


def test_arrows_follow_the_turned_grid(desk: Desk) -> None:
    editor = desk.open(viewport={"width": 390, "height": 844})
    editor.cell(TUESDAY, "09:00").focus()
    editor.press("ArrowDown", "ArrowRight")
    assert editor.focused() == "Wednesday 09:15–09:30, closed"


# In a form


def test_the_form_sends_the_text_and_nothing_else(desk: Desk) -> None:
    editor = desk.open()
    editor.drag(editor.cell(TUESDAY, "09:15"), editor.cell(THURSDAY, "10:45"))
    editor.click("Save")
    sent = json.loads(editor.page.locator("body").inner_text())
    assert sent == {"hours": "Tue-Thu 09:15-11:00"}


def test_the_form_hears_of_edits_and_not_of_the_choices_of_the_editor(desk: Desk) -> None:
    editor = desk.open()
    editor.page.evaluate(
        "window.heard = [];"
        "document.forms[0].addEventListener('change', e => window.heard.push(e.target.name))"
    )
    editor.part("step").select_option("1 hour")
    editor.page.get_by_role("checkbox", name="Monday").check()
    editor.click("Weekends")
    assert editor.page.evaluate("window.heard") == ["hours"]


def test_resetting_the_form_repaints_the_grid(desk: Desk) -> None:
    editor = desk.open(query="hours=Mon+09:00-10:00")
    editor.click("Weekends")
    editor.page.evaluate("document.forms[0].reset()")
    editor.page.wait_for_timeout(50)
    editor.shows("Mon 09:00-10:00")


def test_without_scripts_there_is_the_text(desk: Desk) -> None:
    editor = desk.open(java_script_enabled=False)
    expect(editor.grid).to_be_hidden()
    expect(editor.part("caption")).to_be_hidden()
    editor.text.fill("Mon 09:00-10:00")
    editor.click("Save")
    assert "Mon 09:00-10:00" in editor.page.content()


def test_hours_that_may_only_be_read_cannot_be_painted(desk: Desk) -> None:
    editor = desk.open(query="hours=Mon+09:00-10:00&readonly")
    editor.drag(editor.cell(TUESDAY, "09:15"), editor.cell(THURSDAY, "10:45"))
    editor.cell(MONDAY, "09:00").focus()
    editor.press("Space", "Delete", "Control+z")
    editor.shows("Mon 09:00-10:00")
    expect(editor.grid).to_have_attribute("aria-readonly", "true")
    expect(editor.page.get_by_role("button", name="Always")).to_be_hidden()
