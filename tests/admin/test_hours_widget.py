"""The schedule editor as the server writes it: what the browser adds is in tests/browser."""

import re
from html.parser import HTMLParser

import pytest
from django import forms
from django.http import QueryDict
from django.utils import translation

from budgets.admin.base.widgets import PRESETS, HoursWidget
from budgets.models.schedule import validate_hours
from budgets.rules.hours import WeekHours


class HoursForm(forms.Form):
    """A form with nothing but hours."""

    hours = forms.CharField(
        widget=HoursWidget(zones=["Europe/Paris", "UTC", "Europe/Paris"]),
        validators=[validate_hours],
    )


class Page(HTMLParser):
    """The tags of a page, each with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def every(self, wanted: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag == wanted]


def the_page(text: str = "Mon 09:00-10:00", **attrs: str) -> Page:
    return Page(HoursWidget().render("hours", text, {"id": "id_hours", **attrs}))


def sent(text: str) -> HoursForm:
    data = QueryDict(mutable=True)
    data["hours"] = text
    return HoursForm(data)


def test_the_text_is_there_without_scripts() -> None:
    form = HoursForm(initial={"hours": "Mon 09:00-10:00"})
    assert re.search(r"<textarea[^>]*>\s*Mon 09:00-10:00</textarea>", str(form["hours"]))
    panel = [tag for _, tag in the_page().tags if tag.get("data-part") == "panel"]
    assert "hidden" in panel[0]


def test_the_text_is_the_only_thing_a_form_sends() -> None:
    assert [tag["name"] for _, tag in the_page().tags if "name" in tag] == ["hours"]


def test_no_button_submits_the_form() -> None:
    assert {tag.get("type") for tag in the_page().every("button")} == {"button"}


def test_hours_are_escaped() -> None:
    html = HoursWidget().render("hours", "</textarea><script>", {"id": "id_hours"})
    assert "<script" not in html


def test_nothing_in_the_page_is_a_script_or_a_style() -> None:
    page = the_page()
    assert not page.every("script") + page.every("style")
    assert not [name for _, tag in page.tags for name in tag if name.startswith("on")]
    assert not [tag for _, tag in page.tags if "style" in tag]


def test_identifiers_are_those_of_the_field() -> None:
    identifiers = [tag["id"] for _, tag in the_page(id="id_form-3-hours").tags if "id" in tag]
    assert len(identifiers) == len(set(identifiers))
    assert all(str(identifier).startswith("id_form-3-hours") for identifier in identifiers)


def test_each_zone_is_offered_once_and_the_brands_come_first() -> None:
    options = Page(str(HoursForm()["hours"])).every("option")
    zones = [option["value"] for option in options if "/" in str(option) or "UTC" in str(option)]
    assert zones == ["Europe/Paris", "UTC"]


def test_the_editor_is_a_module() -> None:
    assert '<script src="/static/budgets/schedule_editor.js" type="module">' in str(
        HoursWidget().media
    )


@pytest.mark.parametrize("hours", [hours for _, hours in PRESETS if hours])
def test_a_preset_is_written_as_the_rules_write_it(hours: str) -> None:
    assert WeekHours.parse(hours).format() == hours


def test_days_are_named_in_the_language_of_the_page() -> None:
    with translation.override("de"):
        assert 'data-days="Montag|Dienstag|' in HoursWidget().render("hours", "", {"id": "x"})


def test_a_line_ends_in_one_character() -> None:
    form = sent("Mon 09:00-10:00\r\nTue 09:00-10:00")
    assert form.is_valid()
    assert form.cleaned_data["hours"] == "Mon 09:00-10:00\nTue 09:00-10:00"


def test_a_refusal_counts_characters_as_the_browser_shows_them() -> None:
    assert "At character 21:" in str(sent("Mon 09:00-10:00\r\nTue 09:10-10:00").errors)


def test_hours_that_were_not_sent_are_missing() -> None:
    assert not HoursForm(QueryDict()).is_valid()
