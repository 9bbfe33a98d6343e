"""The history page of a row: who changed what, from what to what, when and why."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from budgets.admin.base.scope import scope_of
from budgets.reports.history.row_history import EDITS_SHOWN, history_of


class WithHistory:
    """A row whose edits are recorded. Goes before `BaseAdmin`."""

    admin_site: Any
    opts: Any

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the newest edits of the row."""
        row = self.get_object(request, object_id)  # type: ignore[attr-defined]  # mixin
        if row is None:
            raise Http404
        if not self.has_view_or_change_permission(request, row):  # type: ignore[attr-defined]  # mixin
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of “%(name)s”") % {"name": row},
            "opts": self.opts,
            "object": row,
            "original": row,
            "edits": history_of(row, scope=scope_of(request)),
            "most": EDITS_SHOWN,
            "changes_of": row.pk if self.opts.model_name == "campaign" else None,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "budgets/history.html", context)
