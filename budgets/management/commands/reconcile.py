"""Reconcile now: decide every campaign, and tell what changed."""

from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from budgets.management.reporting import Answer, ReportingCommand
from budgets.models import Brand, Change, Trigger
from budgets.models.change import Cause
from budgets.operations.reconcile import settle
from budgets.reports.words import reasons_in_words

CHANGES_LISTED = 200


class Command(ReportingCommand):
    """Pause and resume what should be, now. The recurring checks do the same."""

    help = "Decide every campaign now, and list those whose reasons to pause changed."
    writes = True

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--brand",
            type=int,
            nargs="+",
            metavar="ID",
            help="decide the campaigns of these brands only",
        )

    def run(self, *, brand: Sequence[int] | None, dry_run: bool, **_: Any) -> Answer:
        """Reconcile, undo it again for a dry run, and list the changes."""
        require_brands(brand)
        cause = Cause(trigger=Trigger.COMMAND)
        if not dry_run:
            ids = settle(now=timezone.now(), clock=timezone.now, brand_ids=brand, cause=cause)
            return told(ids, dry_run=False)
        with transaction.atomic():
            ids = settle(now=timezone.now(), clock=timezone.now, brand_ids=brand, cause=cause)
            answer = told(ids, dry_run=True)
            transaction.set_rollback(True)
        return answer


def require_brands(ids: Sequence[int] | None) -> None:
    known = set(Brand.objects.filter(pk__in=ids or []).values_list("pk", flat=True))
    unknown = [str(brand_id) for brand_id in ids or [] if brand_id not in known]
    if unknown:
        raise CommandError(f"There is no brand with ID {', '.join(unknown)}.")


def told(ids: Sequence[int], *, dry_run: bool) -> Answer:
    """Return the changes for programs and for people, the first of them one by one."""
    changes = Change.objects.select_related("campaign", "brand").order_by("id")
    listed = changes.filter(pk__in=ids[:CHANGES_LISTED])
    facts = {
        "dry_run": dry_run,
        "changed": len(ids),
        "changes": [change_facts(change) for change in listed],
    }
    return facts, "\n".join([summary(len(ids), dry_run=dry_run), *lines(listed, len(ids))])


def summary(changed: int, *, dry_run: bool) -> str:
    if not changed:
        return "Every campaign is as it should be."
    would = "would change; nothing was written" if dry_run else "changed"
    return f"{changed:,} {'campaign' if changed == 1 else 'campaigns'} {would}."


def lines(listed: QuerySet[Change], changed: int) -> list[str]:
    told = [
        f"  {change.brand} / {change.campaign} ({change.campaign_id}): "
        f"{', '.join(reasons_in_words(change.reasons_after)) or 'runs'}"
        for change in listed
    ]
    left_out = changed - len(told)
    return [*told, f"  … and {left_out:,} more."] if left_out else told


def change_facts(change: Change) -> dict[str, Any]:
    return {
        "campaign": change.campaign_id,
        "brand": change.brand_id,
        "before": [reason.name for reason in change.reasons_before],
        "after": [reason.name for reason in change.reasons_after],
    }
