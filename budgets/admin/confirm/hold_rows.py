"""Hold and release rows for a person: what it would do, and doing it with the history written."""

from collections.abc import Callable
from copy import copy
from datetime import datetime
from itertools import chain
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminTextInputWidget

from budgets.admin.base.admin import BaseAdmin, request_time
from budgets.admin.base.scope import scope_of
from budgets.models import Change, Trigger
from budgets.models.locks import lock_brands
from budgets.operations.edits.preview import Effect, preview
from budgets.operations.holds import hold
from budgets.reports.history.activity import HOLDS
from budgets.reports.history.edits import edits_in_words, loaded

LONGEST_NOTE = Change._meta.get_field("note").max_length

HoldOperation = Callable[..., list[int]]
"""`hold` or `release`."""


class NoteForm(forms.Form):
    """Why: shown in the history and to everybody who asks why the campaign is paused."""

    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=gettext_lazy("Why? Shown to everybody who asks, and kept in the history."),
        widget=UnfoldAdminTextInputWidget({"autofocus": True}),
    )


class HeldAgain(Exception):
    """A row was put on hold after the person had looked: that hold is not theirs to lift unseen."""

    def __init__(self, target: Any, record: Any, request: HttpRequest) -> None:
        super().__init__(target)
        (held,) = edits_in_words([record], scope=scope_of(request))
        who, note = held.who or _("somebody"), held.note or _("no note")
        text = _("“%(row)s” stays on hold: %(who)s put it on hold on %(at)s (%(note)s).")
        self.message = text % {"row": target, "who": who, "at": held.at, "note": note}


def hold_row(
    page: BaseAdmin,
    request: HttpRequest,
    target: Any,
    operation: HoldOperation,
    note: str,
    *,
    now: datetime,
    seen_at: datetime | None = None,
) -> list[int]:
    """Hold or release one row, and write down in its history who did.

    Raises `HeldAgain`, and writes nothing, where a hold would be lifted that was set after
    `seen_at`, the instant of which its person was shown the row.
    """
    with transaction.atomic():
        if seen_at and operation is not hold:
            lock_brands(target.brands_concerned())
            if later := held_since(target, seen_at):
                raise HeldAgain(target, later, request)
        changes = operation(target, by=request.user, now=now, clock=timezone.now, note=note)
        page.log_change(request, target, log_text(operation, note))
    return changes


def held_since(target: Any, seen_at: datetime) -> Any:
    """Return the record of a hold that is on now and was set after an instant, if there is one."""
    records = loaded(target.history.filter(trigger__in=HOLDS, history_date__gt=seen_at))
    newest = records.order_by("-history_date", "-history_id").first()
    return newest if newest and newest.trigger == Trigger.HOLD else None


def held_words(operation: HoldOperation, count: int) -> str:
    done = (
        ngettext("%(n)s is on hold now.", "%(n)s are on hold now.", count)
        if operation is hold
        else ngettext("%(n)s hold was released.", "%(n)s holds were released.", count)
    )
    return done % {"n": count}


def hold_effect(operation: HoldOperation, targets: list[Any], request: HttpRequest) -> Effect:
    """Return what a hold or release would stop and start; nothing of it is kept."""
    now = request_time(request)

    def perform() -> list[int]:
        changes = (
            operation(copy(target), by=request.user, now=now, clock=timezone.now)
            for target in targets
        )
        return list(chain.from_iterable(changes))

    return preview(perform, rows=targets, now=now, clock=timezone.now)


def log_text(operation: HoldOperation, note: str) -> str:
    words = _("Held") if operation is hold else _("Released")
    return f"{words}: {note}" if note else words


def title_of(targets: list[Any], *, is_hold: bool) -> str:
    """Return what the page is about, with the name of a single row."""
    what = _("Hold") if is_hold else _("Release")
    return f"{what}: {targets[0]}" if len(targets) == 1 else what
