"""Within scope: no page shows a person a row of a brand they do not reach.

`BaseAdmin` takes this in, so every page of ours has it. Lists, searches, pages of rows, actions,
histories and autocompletes all find their rows by `get_queryset`; choices in forms and filters are
limited here too. What belongs to no brand is guarded by permissions: `reports.permissions`.
"""

from typing import Any, NoReturn

from django.db.models import Field, Model, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from budgets.access.scope import scope_of_user, within
from budgets.models import BrandAccess


def scope_of(request: HttpRequest) -> BrandAccess:
    return scope_of_user(request.user)


class BrandScoped:
    """Rows and choices in scope. Goes before `ModelAdmin` and inlines."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]  # mixin
        return within(scope_of(request), rows)

    def formfield_for_foreignkey(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs["queryset"] = choices_within(db_field, request, kwargs.get("queryset"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]  # mixin

    def formfield_for_manytomany(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs["queryset"] = choices_within(db_field, request, kwargs.get("queryset"))
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]  # mixin

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> NoReturn:
        """Answer 404 alike for a row that does not exist and one that is out of scope."""
        raise Http404(
            _("There is no %(what)s %(id)s.") % {"what": opts.verbose_name, "id": object_id}
        )


def choices_within(
    field: Any, request: HttpRequest, choices: QuerySet[Model] | None
) -> QuerySet[Model]:
    """Return the rows that a form may offer for a relation."""
    rows = field.remote_field.model._default_manager.all() if choices is None else choices
    return within(scope_of(request), rows)


class PickFilter(AutocompleteSelectFilter):
    """Pick a row to filter by; one out of scope is not named, though its id was guessed."""

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            picked = choice["form"].fields[self.lookup_kwarg]
            picked.queryset = within(scope_of(self.request), picked.queryset.all())
            yield choice
