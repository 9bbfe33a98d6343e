"""What an owner chooses from on the page of a person: a role, all brands or some, and which."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminMultipleAutocompleteWidget, UnfoldAdminRadioSelectWidget

from budgets.admin.base.autocomplete import BrandPicker
from budgets.admin.base.lists import is_id
from budgets.models import Brand

ALL, SOME, NONE, AS_NOW = "all", "some", "none", "as-now"


class Choice(UnfoldAdminRadioSelectWidget):
    """Radio buttons, each with a sentence on what it means."""

    option_template_name = "budgets/people/choice.html"


class BrandsPicker(UnfoldAdminMultipleAutocompleteWidget):
    """Picks brands by typing, and holds only those chosen."""

    option_template_name = BrandPicker.option_template_name
    Media = BrandPicker.Media

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> Any:
        ids = [text for text in value if is_id(Brand, text)]
        chosen = enumerate(self.choices.queryset.filter(pk__in=ids))
        options = [
            self.create_option(name, brand.pk, str(brand), selected=True, index=number)
            for number, brand in chosen
        ]
        return [(None, options, 0)]

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> Any:
        return super().build_attrs(base_attrs, extra_attrs) | BrandPicker.source


def option(name: str, words: Any) -> SafeString:
    return format_html('<b dir="auto">{}</b> <span class="abm-soft">{}</span>', name, words)


def reaches() -> list[tuple[str, SafeString]]:
    return [
        (ALL, option(_("All brands"), _("Also those that are added later."))),
        (SOME, option(_("These brands"), _("All others do not exist for them."))),
        (NONE, option(_("No brand yet"), _("They see nothing until somebody gives them some."))),
    ]
