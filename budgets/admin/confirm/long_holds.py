"""Hold or release many rows: a worker shows what it would do, and does it row by row."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.admin.base.admin import BaseAdmin, page_name
from budgets.admin.confirm.confirmation import LOOKED_AT, count_campaigns
from budgets.admin.confirm.hold_rows import (
    HeldAgain,
    HoldOperation,
    NoteForm,
    held_words,
    hold_effect,
    hold_row,
)
from budgets.admin.confirm.long_edit import LongEdit, Outcome
from budgets.admin.confirm.meanwhile import parse_looked_at
from budgets.admin.confirm.plain import effect_facts
from budgets.models import Brand, Campaign, Change, Job, Trigger
from budgets.operations.database import Turns, id_rows
from budgets.operations.edits import concerned
from budgets.operations.holds import hold
from budgets.operations.jobs.progress import Progress
from budgets.operations.reconcile.undecided import CannotDecide

MOST_IN_A_REQUEST = 50
"""More rows are left to a worker: each takes some 20 ms to hold, and as much to preview."""
MOST_CAMPAIGNS_IN_A_REQUEST = 20_000
NAMED = 100


def takes_long(targets: list[Brand | Campaign]) -> bool:
    """Say whether people would wait for seconds until these are held."""
    if len(targets) > MOST_IN_A_REQUEST:
        return True
    return len(targets) > 1 and count_campaigns(targets) > MOST_CAMPAIGNS_IN_A_REQUEST


class LongHold:
    """Hold, or release, of many rows of one model."""

    def __init__(self, page: BaseAdmin, operation: HoldOperation) -> None:
        self.page = page
        self.operation = operation
        self.is_hold = operation is hold
        self.edit = LongEdit(
            kind=f"{page.opts.model_name}_{'hold' if self.is_hold else 'release'}",
            label=gettext_lazy("Hold") if self.is_hold else gettext_lazy("Release"),
            start_over=f"admin:{page_name(page.model, 'changelist')}",
            ask=self.ask,
            work=self.work,
            is_one=False,
            asks_with="budgets/jobs/hold.html",
            form=NoteForm,
        )
        self.edit.register()

    def begin(self, request: HttpRequest, targets: list[Any]) -> HttpResponseRedirect:
        """Have a worker find out what it would do."""
        told = {"n": len(targets), "rows": self.page.opts.verbose_name_plural}
        words = _("Hold %(n)s %(rows)s") if self.is_hold else _("Release %(n)s %(rows)s")
        ids = [target.pk for target in targets]
        return self.edit.begin(request, title=words % told, ids=ids)

    def ask(self, job: Job, request: HttpRequest, progress: Progress) -> dict[str, Any]:
        targets = self.targets(job, request)
        effect = hold_effect(self.operation, targets, request)
        return {
            "is_hold": self.is_hold,
            "is_brand": self.page.model is Brand,
            "count": len(targets),
            "targets": [str(target) for target in targets[:NAMED]],
            "effect": effect_facts(effect),
            "campaigns": count_campaigns(targets),
            "brand_ids": sorted(concerned(targets)),
        }

    def work(self, job: Job, request: HttpRequest, progress: Progress) -> Outcome:
        """Hold them one by one: each takes the lock of its own brand and lets it go again."""
        form = NoteForm(request.POST)
        if not form.is_valid():
            raise ValidationError(list(form.errors["note"]))
        targets, left, turns = self.targets(job, request), [], Turns()
        seen_at = parse_looked_at(request.POST.get(LOOKED_AT, ""))
        for number, target in enumerate(targets):
            turns.next()
            progress(number / len(targets), f"{number:,} / {len(targets):,}")
            if target.is_held == self.is_hold:  # also by this job, before it was interrupted
                continue
            try:
                note, now = form.cleaned_data["note"], progress.clock()
                hold_row(
                    self.page,
                    request,
                    target,
                    self.operation,
                    note,
                    now=now,
                    seen_at=seen_at,
                )
            except (CannotDecide, HeldAgain) as error:
                left.append(error.message)
        return Outcome(
            words=[held_words(self.operation, len(targets) - len(left))],
            change_ids=self.changes(targets, by=job.asked_by_id, since=job.asked_at),
            brand_ids=concerned(targets),
            facts={"left": left},
        )

    def targets(self, job: Job, request: HttpRequest) -> list[Any]:
        """Return the rows that were chosen and are the person's to change."""
        if not self.page.has_change_permission(request):
            raise PermissionDenied
        rows = self.page.get_queryset(request).filter(pk__in=id_rows(job.arguments["ids"]))
        return list(rows.order_by("pk"))

    def changes(self, targets: list[Any], *, by: int | None, since: datetime) -> list[int]:
        """Return what followed, also from before the job was interrupted."""
        ids = id_rows([target.pk for target in targets])
        which = Q(campaign__in=ids) if self.page.model is Campaign else Q(brand__in=ids)
        trigger = Trigger.HOLD if self.is_hold else Trigger.RELEASE
        changes = Change.objects.filter(which, by=by, trigger=trigger, at__gte=since)
        return list(changes.order_by("pk").values_list("pk", flat=True))
