"""The guided start: what is to be done until it all works by itself, and who may do it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.access.roles import owners
from budgets.admin.base.scope import scope_of
from budgets.reports.beginning import Beginning
from budgets.reports.diagnostics.recurring import minutes_until

MAKE_BRAND, MAKE_CAMPAIGN, EDIT_CAMPAIGN, SEND_SPEND, MAKE_KEY = (
    "budgets.add_brand",
    "budgets.add_campaign",
    "budgets.change_campaign",
    "budgets.add_spend",
    "budgets.add_apikey",
)
RUN_THE_SYSTEM = "django_celery_beat.view_periodictask"
"""Who has it, an owner, looks after the machine too."""

NAMED = 3
"""So many of the people to ask are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something to do, with the ways to do it that are open to the person."""

    title: str
    text: str
    is_done: bool
    ways: list[tuple[str, str]]
    """The words and the address of each."""

    is_for_people: bool = True
    """Whether somebody has to do it; the last step happens by itself."""

    @property
    def must_be_asked_for(self) -> bool:
        return self.is_for_people and not self.is_done and not self.ways


def guided_start(
    request: HttpRequest, beginning: Beginning | None, *, now: datetime
) -> dict[str, Any]:
    """Return what the guided start shows to the person; nothing once all of it is done."""
    if beginning is None:
        return {}
    steps = [
        brands(request, beginning),
        campaigns(request, beginning),
        spend(request, beginning),
        checks(beginning, now=now),
    ]
    must_ask = any(step.must_be_asked_for for step in steps)
    return {
        "steps": steps,
        "current": next((step for step in steps if step.ways and not step.is_done), None),
        "ask": people_to_ask() if must_ask else "",
        "offers_demo": not beginning.has_brands and request.user.has_perm(RUN_THE_SYSTEM),
    }


def brands(request: HttpRequest, beginning: Beginning) -> Step:
    text = _("A client: its currency, its time zone, and what it may spend a day and a month.")
    if not beginning.has_brands and not scope_of(request).all_brands:
        text = _("No brand is yours to see yet. An owner gives people brands on their user page.")
    return Step(
        title=_("Add a brand"),
        text=text,
        is_done=beginning.has_brands,
        ways=ways(
            request,
            (MAKE_BRAND, _("Add a brand"), "budgets_brand_add"),
            (MAKE_BRAND, _("Import brands"), "budgets_brand_import"),
        ),
    )


def campaigns(request: HttpRequest, beginning: Beginning) -> Step:
    return Step(
        title=_("Add its campaigns"),
        text=_(
            "One by one, or many from a file; the export of the empty list is its template. "
            "Budgets of their own, hours and flights are there if you need them."
        ),
        is_done=beginning.has_campaigns,
        ways=ways(
            request,
            (MAKE_CAMPAIGN, _("Add a campaign"), "budgets_campaign_add"),
            (EDIT_CAMPAIGN, _("Import campaigns"), "budgets_campaign_import"),
            (EDIT_CAMPAIGN, _("Get the template"), "budgets_campaign_export"),
        ),
    )


def spend(request: HttpRequest, beginning: Beginning) -> Step:
    return Step(
        title=_("Let spend come in"),
        text=_(
            "Upload the report of an ad platform as you downloaded it, type in what was spent, or "
            "let a program send it with an API key."
        ),
        is_done=beginning.has_spend,
        ways=ways(
            request,
            (SEND_SPEND, _("Upload a report"), "budgets_spend_import_spend"),
            (SEND_SPEND, _("Type in spend"), "budgets_spend_add"),
            (MAKE_KEY, _("Make an API key"), "budgets_apikey_add"),
        ),
    )


def checks(beginning: Beginning, *, now: datetime) -> Step:
    told = _(
        "Campaigns stop at a budget and start again when there is room: when spend comes in, when "
        "somebody saves an edit, and at every check. Days end at each brand's own midnight."
    )
    if not beginning.is_checked:
        told = f"{told} {first_checks(beginning.checked_by, now=now)}."
    return Step(
        title=_("From here on it works by itself"),
        text=told,
        is_done=beginning.is_checked,
        ways=[],
        is_for_people=False,
    )


def first_checks(due_at: datetime | None, *, now: datetime) -> str:
    """Say when the checks begin, in words that raise no alarm."""
    minutes = minutes_until(due_at, now=now)
    if not minutes:
        return _("The first checks are due now")
    text = ngettext(
        "Checks begin within %(n)s minute", "Checks begin within %(n)s minutes", minutes
    )
    return text % {"n": minutes}


def ways(request: HttpRequest, *known: tuple[str, str, str]) -> list[tuple[str, str]]:
    """Return the ways that the person may go."""
    return [
        (words, reverse(f"admin:{name}"))
        for permission, words, name in known
        if request.user.has_perm(permission)
    ]


def people_to_ask() -> str:
    """Name some of those who may do everything."""
    names = [person.get_full_name() or person.get_username() for person in owners()[:NAMED]]
    return ", ".join(names) or _("an owner")
