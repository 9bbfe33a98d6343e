"""Scope: no page shows a person a row of a brand that is out of their scope.

`BaseAdmin` takes this in, so every page of ours has it. Lists, searches, pages of rows, actions,
histories and autocompletes all find their rows by `get_queryset`; choices in forms and filters are
limited here too. What belongs to no brand is guarded by permissions: `access.backend`.
"""

from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
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

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> Any:
        """Return the rows that a form may offer for a relation, to one row or to many."""
        return within(scope_of(request), db_field.remote_field.model._default_manager.using(db))


class AlikeUnseen:
    """Pages of a row that answer alike whether it exists, to who may not see it.

    Django looks for the row of a history before it asks for a permission. Every page of the admin
    has this, those for the models of others too; it goes before `ModelAdmin`.
    """

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        page: Any = self
        if not page.has_view_or_change_permission(request):
            raise PermissionDenied
        answer: HttpResponse = super().history_view(request, object_id, extra_context)  # type: ignore[misc]  # mixin
        return answer

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> NoReturn:
        """Answer 404 alike for a row that does not exist and one that is out of scope."""
        raise Http404(
            _("There is no %(what)s %(id)s.") % {"what": opts.verbose_name, "id": object_id}
        )


class PickFilter(AutocompleteSelectFilter):
    """Pick a row to filter by; one out of scope is not named, though its id was guessed."""

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            picked = choice["form"].fields[self.lookup_kwarg]
            picked.queryset = within(scope_of(self.request), picked.queryset.all())
            yield choice


class PersonFilter(PickFilter):
    """Pick who did it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("person")
