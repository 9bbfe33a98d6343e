"""The filters and the search that a list is narrowed by, each in words and with a way out."""

from typing import Any, NamedTuple

from django import forms
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.utils import parse_date_str

from budgets.reports.words import day_in_words


class ActiveFilter(NamedTuple):
    """What narrows a list down, and the address of the list without it."""

    name: str
    value: str
    without: str


def active_filters(listed: Any) -> list[ActiveFilter]:
    """Return what a list is narrowed down by, the search first."""
    found = [ActiveFilter(_("Search"), listed.query, without(listed, [SEARCH_VAR]))]
    for spec in listed.filter_specs:
        parameters = [name for name in spec.expected_parameters() if name]
        name = capfirst(str(spec.title))
        found.append(ActiveFilter(name, value_of(spec, listed), without(listed, parameters)))
    return [each for each in found if each.value]


def without(listed: Any, parameters: list[str]) -> str:
    """Return the query of the list, from its first page, without some parameters."""
    address: str = listed.get_query_string(dict.fromkeys([*parameters, PAGE_VAR]))
    return address


def value_of(spec: Any, listed: Any) -> str:
    """Return in words what a filter lets through; empty while it is not used."""
    if isinstance(spec, RangeDateFilter):
        return days_of(spec)
    choices = list(spec.choices(listed))
    if choices and "form" in choices[0]:
        form = choices[0]["form"]
        values = [words_of(field, form.data.get(name)) for name, field in form.fields.items()]
        return ", ".join(filter(None, values))
    # Django's own: the first choice is all of them.
    return ", ".join(str(choice["display"]) for choice in choices[1:] if choice["selected"])


def days_of(spec: RangeDateFilter) -> str:
    first, last = (
        day_in_words(day) if day else ""
        for name in spec.expected_parameters()
        for day in [parse_date_str(spec.used_parameters.get(name) or "")]
    )
    if first and last:
        return _("%(first)s to %(last)s") % {"first": first, "last": last}
    if first:
        return _("from %(first)s on") % {"first": first}
    return _("until %(last)s") % {"last": last} if last else ""


def words_of(field: Any, chosen: Any) -> str:
    """Return what was chosen as the box offers it; a row that may not be seen stays unnamed."""
    values = [str(each) for each in (chosen if isinstance(chosen, list) else [chosen]) if each]
    if not values:
        return ""
    if isinstance(field, forms.ModelChoiceField):
        row = field.queryset.filter(pk=values[0]).first() if field.queryset else None
        return str(row) if row else _("a row that you may not see")
    labels = {str(value): str(label) for value, label in field.choices}
    return ", ".join(labels[value] for value in values if value in labels)
