"""Days and times as Django writes and reads them on pages that are not ours alone."""

import pytest
from django import forms
from django.template import Context, Template
from django.utils.formats import localize

from tests.builders import an_instant

AT = an_instant("2026-11-26 23:47")


def test_an_instant_is_written_as_on_our_own_pages_with_its_zone() -> None:
    assert localize(AT) == "Thu 26 Nov 2026, 23:47 UTC"
    assert Template("{{ at }}").render(Context({"at": AT})) == "Thu 26 Nov 2026, 23:47 UTC"


def test_a_day_is_written_day_first() -> None:
    assert localize(AT.date()) == "26 Nov 2026"


@pytest.mark.parametrize("field", [forms.DateField(), forms.DateTimeField()])
def test_forms_still_take_and_show_what_a_browser_sends(field: forms.Field) -> None:
    assert f"{field.clean('2026-11-26'):%Y-%m-%d}" == "2026-11-26"
    assert 'value="2026-11-26' in field.widget.render("day", AT)
