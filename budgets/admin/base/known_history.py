"""The history of a row is offered where there is one: nobody typed most rows in."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _


class KnownHistory:
    """A page that links to its row's history if something is known. Goes before `ModelAdmin`."""

    opts: Any

    def has_history(self, row: Any) -> bool:
        """Say whether anybody did anything to the row here."""
        of_model = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(row))
        return of_model.filter(object_id=str(row.pk)).exists()

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response: Any = super().history_view(request, object_id, extra_context)  # type: ignore[misc]  # mixin
        listed = getattr(response, "context_data", {}).get("action_list")
        if listed is None or len(listed):
            return response  # type: ignore[no-any-return]  # untyped base
        messages.info(request, _("Nobody edited it here. This page shows all that is known of it."))
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[object_id]))
