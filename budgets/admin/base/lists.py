"""A list answers the questions it declares, of bounded size, and no others.

`BaseAdmin` takes this in; pages that other packages bring take it in themselves.
"""

from typing import Any

from django.contrib import messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import lookup_spawns_duplicates
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from unfold.views import ChangeList

from budgets.models.lookups.search import (
    MOST_CHARACTERS,
    MOST_WORDS,
    having_word,
    is_too_long,
    words_in,
)

MOST_ROWS_ADDED = 50
"""Rows that one form takes along."""


class DeclaredChangeList(ChangeList):
    """A list that is titled by what it holds, and filtered by its filters alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_popup:
            self.title = capfirst(str(self.opts.verbose_name_plural))

    def get_filters(self, request: HttpRequest) -> Any:
        """Refuse what no filter has taken: Django would look it up, a regular expression, too."""
        found = super().get_filters(request)
        undeclared = found[2]
        if undeclared:
            raise DisallowedModelAdminLookup(f"The list has no filter {', '.join(undeclared)}.")
        return found

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if is_too_long(self.query):
            text = _("Searched for the first %(words)s words or %(characters)s characters only.")
            most = {"words": MOST_WORDS, "characters": MOST_CHARACTERS}
            messages.warning(request, text % most)


def is_id(model: type[Model], text: str) -> bool:
    """Say whether a row of the model could have the id."""
    try:
        model._meta.pk.to_python(text)
    except ValidationError:
        return False
    return True


class ShowsKnownIds:
    """Shows again what was picked; what is no id names no row."""

    field: Any

    def optgroups(self, name: str, value: list[str], attr: Any = None) -> Any:
        known = [text for text in value if is_id(self.field.remote_field.model, text)]
        return super().optgroups(name, known, attr)  # type: ignore[misc]  # mixin


class PickedRow(ShowsKnownIds, AutocompleteSelect):  # type: ignore[misc]  # mixin
    """One row, picked by typing."""


class PickedRows(ShowsKnownIds, AutocompleteSelectMultiple):  # type: ignore[misc]  # mixin
    """Some rows, picked by typing."""


class BoundedForm:
    """Boxes in which rows are picked."""

    admin_site: Any
    get_autocomplete_fields: Any

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", PickedRow(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]  # mixin

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", PickedRows(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]  # mixin


class BoundedList(BoundedForm):
    """Lists, searches and actions of a page. Goes before `ModelAdmin`."""

    opts: Any
    model: type[Model]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return DeclaredChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find the rows that have each word, however it is written."""
        paths = self.get_search_fields(request)  # type: ignore[attr-defined]  # of any page
        for word in words_in(search_term) if paths else ():
            queryset = queryset.filter(having_word(word, *paths))
        return queryset, any(lookup_spawns_duplicates(self.opts, path) for path in paths)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """Leave out what is no id: it names no row, as an id beyond scope does."""
        sent = request.POST.copy()
        selected = sent.getlist(ACTION_CHECKBOX_NAME)
        sent.setlist(ACTION_CHECKBOX_NAME, [pk for pk in selected if is_id(self.model, pk)])
        request.POST = sent  # type: ignore[assignment]  # one that can be changed
        return super().response_action(request, queryset)  # type: ignore[misc]  # mixin


class BoundedRows(BoundedForm):
    """Rows on the page of another row, so many at most. Goes before the inline it limits."""

    max_num: int | None = None

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        # Whatever number is sent, no form is made beyond it.
        most = MOST_ROWS_ADDED if self.max_num is None else self.max_num
        bounds = {"max_num": most, "absolute_max": max(most, MOST_ROWS_ADDED)}
        return super().get_formset(request, obj, **(bounds | kwargs))  # type: ignore[misc]  # mixin
