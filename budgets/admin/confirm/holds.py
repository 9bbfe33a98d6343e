"""Hold and release: as actions on a list and as buttons on a page, each confirmed with a note."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.enums import ActionVariant

from budgets.admin.base.admin import BaseAdmin, message_changes, request_time
from budgets.admin.confirm.confirmation import (
    CONFIRMED,
    LOOKED_AT,
    count_campaigns,
    effect_context,
)
from budgets.admin.confirm.hold_rows import (
    HeldAgain,
    HoldOperation,
    NoteForm,
    held_words,
    hold_effect,
    hold_row,
    title_of,
)
from budgets.admin.confirm.long_holds import LongHold, takes_long
from budgets.admin.confirm.meanwhile import looked, parse_looked_at
from budgets.operations.edits import concerned
from budgets.operations.holds import hold, release
from budgets.operations.reconcile.undecided import CannotDecide

MOST_AT_ONCE = 200


class HoldAdmin(BaseAdmin):
    """What can be held: lists get actions, pages get buttons."""

    actions: tuple[str, ...] = ("hold_selected", "release_selected")
    actions_detail: tuple[str, ...] = ("hold_one", "release_one")
    change_form_show_cancel_button = True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.long_hold = LongHold(self, hold)
        self.long_release = LongHold(self, release)

    @action(description=gettext_lazy("Hold: pause until a person releases"), permissions=["change"])
    def hold_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        return self.confirm_selected(request, queryset, "hold_selected", hold)

    @action(description=gettext_lazy("Release the hold"), permissions=["change"])
    def release_selected(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponse | None:
        return self.confirm_selected(request, queryset, "release_selected", release)

    @action(
        description=gettext_lazy("Hold"),
        permissions=["change"],
        url_path="hold",
        icon="pause_circle",
        variant=ActionVariant.DANGER,
    )
    def hold_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.confirm_one(request, object_id, hold)

    @action(
        description=gettext_lazy("Release the hold"),
        permissions=["change"],
        url_path="release",
        icon="play_circle",
        variant=ActionVariant.PRIMARY,
    )
    def release_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.confirm_one(request, object_id, release)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer the one of the two buttons that would do something."""
        offered = super().get_actions_detail(request, object_id)
        target = self.get_object(request, str(object_id))
        idle = "_hold_one" if target is None or target.is_held else "_release_one"
        return [button for button in offered if not button.action_name.endswith(idle)]

    def confirm_one(
        self, request: HttpRequest, object_id: str, operation: HoldOperation
    ) -> HttpResponse:
        """Ask for a note, then hold or release the row of this page."""
        target = self.get_object(request, object_id)
        if target is None:
            raise Http404
        if not self.has_change_permission(request, target):
            raise PermissionDenied
        form = NoteForm(request.POST or None)
        try:
            is_sent = request.method == "POST" and form.is_valid()
            if not is_sent or self.would_start_others(request, [target], operation):
                return self.ask(request, form, [target], operation)
            self.perform(request, [target], operation, form.cleaned_data["note"])
        except CannotDecide as error:
            messages.error(request, error.message)
        meta = self.model._meta
        return HttpResponseRedirect(
            reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[target.pk])
        )

    def confirm_selected(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any],
        name: str,
        operation: HoldOperation,
    ) -> HttpResponse | None:
        """Ask for a note, then hold or release the selected rows."""
        targets = list(queryset[: MOST_AT_ONCE + 1])
        if len(targets) > MOST_AT_ONCE:
            text = _("Select at most %(most)s at once; hold the brand to stop all of them.")
            messages.error(request, text % {"most": MOST_AT_ONCE})
            return None
        if takes_long(targets):
            later = self.long_hold if operation is hold else self.long_release
            return later.begin(request, targets)
        form = NoteForm(request.POST if "confirmed" in request.POST else None)
        try:
            if not form.is_valid() or self.would_start_others(request, targets, operation):
                return self.ask(request, form, targets, operation, selected_by=name)
            self.perform(request, targets, operation, form.cleaned_data["note"])
        except CannotDecide as error:
            messages.error(request, error.message)
        return None

    def would_start_others(
        self, request: HttpRequest, targets: list[Any], operation: HoldOperation
    ) -> bool:
        """Say whether a release does something else by now than its person was shown.

        A hold is never held up: it only stops.
        """
        shown = request.POST.get(CONFIRMED)
        if operation is hold or shown is None:
            return False
        return hold_effect(operation, targets, request).digest != shown

    def perform(
        self, request: HttpRequest, targets: list[Any], operation: HoldOperation, note: str
    ) -> None:
        change_ids: list[int] = []
        left, seen_at = 0, parse_looked_at(request.POST.get(LOOKED_AT, ""))
        # One by one: each takes the lock of its own brand and lets it go again.
        for target in targets:
            now = request_time(request)
            try:
                change_ids += hold_row(
                    self, request, target, operation, note, now=now, seen_at=seen_at
                )
            except HeldAgain as again:
                left += 1
                messages.error(request, again.message)
        message_changes(request, change_ids)
        if left < len(targets):
            messages.success(request, held_words(operation, len(targets) - left))

    def ask(
        self,
        request: HttpRequest,
        form: NoteForm,
        targets: list[Any],
        operation: HoldOperation,
        selected_by: str = "",
    ) -> HttpResponse:
        """Show what is about to happen, with a box for a note."""
        is_hold = operation is hold
        effect = hold_effect(operation, targets, request)
        has_moved_on = request.POST.get(CONFIRMED, effect.digest) != effect.digest
        brand_ids = concerned(targets) if has_moved_on else ()
        context = {
            **self.admin_site.each_context(request),
            "title": title_of(targets, is_hold=is_hold),
            "opts": self.model._meta,
            "form": form,
            "targets": targets,
            "effect": effect_context(effect),
            "confirmed": (CONFIRMED, effect.digest),
            "has_moved_on": has_moved_on,
            **looked(request, request.POST, brand_ids, now=request_time(request)),
            "others": count_campaigns(targets) - effect.count,
            "is_hold": is_hold,
            "is_brand": self.model._meta.model_name == "brand",
            "selected_by": selected_by,
            "checkbox_name": helpers.ACTION_CHECKBOX_NAME,
            "media": form.media,
        }
        return TemplateResponse(request, "budgets/confirm_hold.html", context)
