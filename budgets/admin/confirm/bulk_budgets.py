"""Change the budgets of many brands or campaigns at once, seen before they are saved."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action

from budgets.admin.base.admin import page_name, request_time
from budgets.admin.confirm.bulk_form import BulkBudgetsForm
from budgets.admin.confirm.confirmation import (
    REVISE,
    Confirmation,
    PlannedEdit,
    Unconfirmed,
    count_campaigns,
    name_of,
    planned_edit,
)
from budgets.admin.confirm.holds import HoldAdmin
from budgets.admin.confirm.long_edit import LongEdit, Outcome
from budgets.admin.confirm.meanwhile import asked
from budgets.models import Campaign, Job
from budgets.operations.edits import concerned, decide_due
from budgets.operations.edits.bulk import BudgetEdit, CannotLower, budget_edits, save_budgets
from budgets.operations.edits.preview import effect_of
from budgets.operations.jobs.progress import Progress

MOST_AT_ONCE = 1_000
MOST_IN_A_REQUEST = 100
"""More rows are left to a worker: each takes some 10 ms to save, and as much to preview."""


class BulkBudgetsAdmin(HoldAdmin):
    """A list with the action “Change budgets…”."""

    actions = (*HoldAdmin.actions, "change_budgets")

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.change_budgets_page)
        own = path("change-budgets/", page, name=page_name(self.model, "change_budgets"))
        return [own, *super().get_urls()]

    @action(description=gettext_lazy("Change budgets…"), permissions=["change"])
    def change_budgets(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        ids = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(ids) > MOST_AT_ONCE:
            text = _("Select at most %(most)s at once; filter the list to get through all of them.")
            messages.error(request, text % {"most": MOST_AT_ONCE})
            return None
        chosen = {"ids": ",".join(map(str, ids))}
        return self.ask_what(request, self.budgets_form(request, initial=chosen), len(ids))

    def change_budgets_page(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self.back_to_list(request)
        form = self.budgets_form(request, data=request.POST)
        if not form.is_valid() or REVISE in request.POST:
            return self.ask_what(request, form, form.rows.count())
        count = form.rows.count()
        if count > MOST_IN_A_REQUEST:
            return self.long_budgets.begin(request, title=self.budgets_title(count))
        try:
            self.save_in_one(request, form).tell(request)
        except CannotLower as error:
            text = cannot_lower(error)
            form.add_error(error.field.replace("_budget", "_by"), text)
            return self.ask_what(request, form, count)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
            return self.ask_what(request, form, count)
        except Unconfirmed as unconfirmed:
            return self.ask_whether(request, unconfirmed.confirmation)
        return self.back_to_list(request)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.long_budgets = LongEdit(
            kind=f"{self.opts.model_name}_budgets",
            label=gettext_lazy("Change of budgets"),
            start_over=f"admin:{page_name(self.model, 'changelist')}",
            revise=f"admin:{page_name(self.model, 'change_budgets')}",
            work=self.save_budgets_later,
        )
        self.long_budgets.register()

    def budgets_title(self, count: int) -> str:
        rows = self.opts.verbose_name_plural
        return _("Change the budgets of %(n)s %(rows)s") % {"n": count, "rows": rows}

    def save_budgets_later(self, job: Job, request: HttpRequest, progress: Progress) -> Outcome:
        """Save them as the page would."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = self.budgets_form(request, data=request.POST)
        if not form.is_valid():
            raise ValidationError([text for texts in form.errors.values() for text in texts])
        try:
            return self.save_in_one(request, form)
        except CannotLower as error:
            raise ValidationError(cannot_lower(error)) from None

    def save_in_one(self, request: HttpRequest, form: BulkBudgetsForm) -> Outcome:
        """Save all of it in one transaction, if the person has seen what it does."""
        now, note = request_time(request), form.cleaned_data["note"]
        by: Any = request.user
        with transaction.atomic():
            decide_due(list(form.rows.all()), now=now, clock=timezone.now)
            # Read again, now that nobody else can change them.
            rows = list(form.rows.all())
            edits = budget_edits(rows, form.adjustments())
            change_ids = save_budgets(edits, by=by, now=now, clock=timezone.now, note=note)
            if edits:
                Confirmation(
                    edits=[planned(edit) for edit in edits],
                    effect=effect_of(change_ids),
                    campaigns=count_campaigns(rows),
                    brand_ids=concerned(rows),
                ).require(request.POST)
            self.log(request, edits, note)
        words = done_words(len({edit.row for edit in edits}))
        return Outcome(words=[words], change_ids=change_ids, brand_ids=concerned(rows))

    def log(self, request: HttpRequest, edits: list[BudgetEdit], note: str) -> None:
        """Write down in each row's history who did it."""
        changed = sorted({edit.row for edit in edits}, key=lambda row: row.pk)
        if changed:
            words = ": ".join(filter(None, (_("Budgets changed together"), note)))
            LogEntry.objects.log_actions(request.user.pk, changed, CHANGE, change_message=words)  # type: ignore[arg-type]  # it takes any rows

    def budgets_form(self, request: HttpRequest, **kwargs: Any) -> BulkBudgetsForm:
        """Return the form over the rows in the person's scope."""
        rows = self.get_queryset(request)
        if self.model is Campaign:
            return BulkBudgetsForm(
                rows=rows.select_related("brand"), currency="brand__currency", **kwargs
            )
        return BulkBudgetsForm(rows=rows, currency="currency", **kwargs)

    def back_to_list(self, request: HttpRequest) -> HttpResponse:
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return HttpResponseRedirect(reverse(f"admin:{page_name(self.model, 'changelist')}") + query)

    def ask_what(self, request: HttpRequest, form: BulkBudgetsForm, count: int) -> HttpResponse:
        context = {"form": form, "count": count, "media": form.media}
        return self.page(request, "budgets/bulk_budgets.html", _("Change budgets"), context)

    def ask_whether(self, request: HttpRequest, confirmation: Confirmation) -> HttpResponse:
        """Show old and new, and what it would stop and start."""
        context = {"heading": _("Save these budgets?"), **asked(request, confirmation)}
        return self.page(request, "budgets/preview.html", _("Save these budgets?"), context)

    def page(
        self, request: HttpRequest, template: str, title: str, context: dict[str, Any]
    ) -> HttpResponse:
        frame = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.model._meta,
            "page_url": reverse(f"admin:{page_name(self.model, 'change_budgets')}"),
            "list_url": reverse(f"admin:{page_name(self.model, 'changelist')}"),
        }
        return TemplateResponse(request, template, frame | context)


def done_words(count: int) -> str:
    """Say how many rows have new budgets."""
    if not count:
        return _("Every budget was that already; nothing was changed.")
    text = ngettext("%(n)s has new budgets.", "%(n)s have new budgets.", count)
    return text % {"n": count}


def cannot_lower(error: CannotLower) -> str:
    return _("“%(row)s”: %(error)s") % {"row": error.row, "error": error}


def planned(edit: BudgetEdit) -> PlannedEdit:
    label = str(edit.row._meta.get_field(edit.field).verbose_name)  # type: ignore[union-attr]  # a column
    row = edit.row
    return planned_edit(row, edit.field, edit.before, edit.after, label=label, of=name_of(row))
