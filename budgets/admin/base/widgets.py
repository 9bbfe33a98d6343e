"""What people fill in beyond Unfold's own boxes: amounts, long lists, and the hours of a week."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.widgets import Script
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _
from unfold.widgets import TEXTAREA_CLASSES, UnfoldAdminSelect2Widget, UnfoldAdminTextInputWidget

PRESETS = [
    (_("Always"), "Mon-Sun 00:00-24:00"),
    (_("Business hours"), "Mon-Fri 09:00-17:30"),
    (_("Evenings"), "Mon-Sun 18:00-23:00"),
    (_("Weekends"), "Sat-Sun 00:00-24:00"),
    (_("Clear"), ""),
]


class SearchableSelect(UnfoldAdminSelect2Widget):
    """A select with a search box; a value it does not offer is kept and shown."""

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> Any:
        groups = super().optgroups(name, value, attrs)
        offered = {str(choice) for choice, _label in self.choices}
        for missing in set(value) - offered - {""}:
            option = self.create_option(name, missing, missing, selected=True, index=len(groups))
            groups.append((None, [option], len(groups)))
        return groups


class AmountInput(UnfoldAdminTextInputWidget):
    """An amount as text: a number box sends a mistyped budget as an empty one, “no limit”."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})


class EndOfLine(forms.Widget):
    """Text whose lines end as they are typed.

    Forms send a line's end as two characters: a refusal would count past the place shown.
    """

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


class HoursWidget(EndOfLine, forms.Textarea):
    """Edit weekly hours in a grid of quarter hours and as text; without scripts, as text.

    `zones` are the IANA zones in which people may look at "now", the first one at the start;
    UTC and the zone of the browser follow.
    """

    template_name = "budgets/schedule_editor.html"

    class Media:
        css = {"all": ["budgets/schedule_editor.css"]}
        js = [Script("budgets/schedule_editor.js", type="module")]

    def __init__(self, attrs: dict[str, Any] | None = None, *, zones: Iterable[str] = ()) -> None:
        look = " ".join(["schedule-editor__text", *TEXTAREA_CLASSES])
        super().__init__({"rows": 3, "spellcheck": "false", "class": look, **(attrs or {})})
        self.zones = list(zones)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {
            "zones": list(dict.fromkeys([*self.zones, "UTC"])),
            "presets": PRESETS,
            "days": [{"name": WEEKDAYS[day], "short": WEEKDAYS_ABBR[day]} for day in range(7)],
        }
