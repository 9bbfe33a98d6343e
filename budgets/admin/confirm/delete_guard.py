"""What stands in the way of a deletion, in a sentence instead of a list of every row."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.admin.base.admin import BaseAdmin
from budgets.models import Brand, Campaign, Schedule

NAMED = 10


class DeleteGuardAdmin(BaseAdmin):
    """A row that other rows depend on."""

    def obstacles(self, row: Any) -> list[str]:
        """Return what keeps the row from being deleted and what to do instead."""
        raise NotImplementedError

    def get_deleted_objects(
        self, objs: Iterable[Any], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Answer the admin's question what a deletion takes along, without loading it all."""
        rows = list(objs)
        theirs = [row for row in rows if self.has_delete_permission(request, row)]
        protected = [obstacle for row in theirs for obstacle in self.obstacles(row)]
        meta = rows[0]._meta if rows else None
        counts = {str(meta.verbose_name_plural): len(rows)} if meta else {}
        lacking = set() if meta is None or len(theirs) == len(rows) else {str(meta.verbose_name)}
        return [str(row) for row in rows], counts, lacking, protected


def obstacles_of_brand(brand: Brand) -> list[str]:
    """A brand with campaigns stays."""
    return in_use(brand.campaigns.order_by("name"), brand_text)


def brand_text(count: int) -> str:
    return ngettext(
        "The brand still has %(n)s campaign: %(names)s. Delete it first, or hold the brand.",
        "The brand still has %(n)s campaigns: %(names)s. Delete them first, or hold the brand.",
        count,
    )


def obstacles_of_schedule(schedule: Schedule) -> list[str]:
    """A schedule in use stays."""
    return in_use(schedule.campaigns.order_by("name"), schedule_text)


def schedule_text(count: int) -> str:
    return ngettext(
        "%(n)s campaign runs by this schedule: %(names)s. Give it another schedule, or none, "
        "first.",
        "%(n)s campaigns run by this schedule: %(names)s. Give them another schedule, or none, "
        "first.",
        count,
    )


def in_use(users: Any, text: Callable[[int], str]) -> list[str]:
    """Name the first few rows that are in the way and count them all."""
    count = users.count()
    if not count:
        return []
    named = ", ".join(f"“{name}”" for name in users.values_list("name", flat=True)[:NAMED])
    more = ", …" if count > NAMED else ""
    return [text(count) % {"n": count, "names": named + more}]


def obstacles_of_campaign(campaign: Campaign) -> list[str]:
    """A campaign that spent money stays: the ledger is never thinned out."""
    if not campaign.entries.exists() and not campaign.spend_days.exists():
        return []
    return [
        _("“%(name)s” has spent money, which stays on record. Hold it, or end its flight, instead.")
        % {"name": campaign}
    ]
