"""Move a brand to another time zone, with all that it spent."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from budgets.management.reporting import Answer, ReportingCommand
from budgets.models import Brand
from budgets.operations.edits import decide_due
from budgets.operations.edits.preview import Effect, effect_of
from budgets.operations.moving_zone import Move, move_zone
from budgets.reports.words import money

BRANDS_LISTED = 10
MAX_ID = 2**63 - 1


class Command(ReportingCommand):
    """Put what a brand spent on the days of another clock, or tell what that would do."""

    help = (
        "Move a brand to another time zone. What was spent at an instant goes to the day that it "
        "has there; day totals, amounts typed in and folded entries keep their dates. Statements "
        "whose figures move are restated."
    )
    writes = True

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("brand", help="its ID or its exact name")
        parser.add_argument("zone", help="an IANA name, such as Europe/Paris")
        parser.add_argument("--note", default="", help="why, for the history")

    def run(self, *, brand: str, zone: str, note: str, dry_run: bool, **_: Any) -> Answer:
        found, now = the_brand(brand), timezone.now()
        try:
            with transaction.atomic():
                decide_due([found], now=now)
                move = move_zone(found.pk, zone, by=None, now=now, note=note)
                effect = effect_of(move.change_ids)
                transaction.set_rollback(dry_run)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        return facts(move, effect, dry_run=dry_run), words(move, effect, dry_run=dry_run)


def the_brand(text: str) -> Brand:
    """Return the one brand with this ID or, failing that, this name."""
    brands = Brand.objects.all()
    found = list(by_id(brands, text) or brands.filter(name=text)[: BRANDS_LISTED + 1])
    if not found:
        raise CommandError(f"There is no brand with the ID or exact name {text!r}.")
    if len(found) > 1:
        several = ", ".join(str(one.pk) for one in found[:BRANDS_LISTED])
        raise CommandError(f"Several brands are named {text!r}; give an ID: {several}.")
    return found[0]


def by_id(brands: QuerySet[Brand], text: str) -> QuerySet[Brand]:
    is_id = text.isascii() and text.isdigit() and int(text) <= MAX_ID
    return brands.filter(pk=int(text)) if is_id else brands.none()


def facts(move: Move, effect: Effect, *, dry_run: bool) -> dict[str, Any]:
    """Return what the move does for programs."""
    return {
        "dry_run": dry_run,
        "brand": move.brand.pk,
        "before": move.before,
        "after": move.after,
        "entries_moved": move.entries,
        "amount_moved": f"{move.amount:f}",
        "currency": move.brand.currency,
        "entries_kept": move.kept,
        "entries_folded": move.folded,
        "statements": move.statements,
        "stops": effect.stop_count,
        "starts": effect.start_count,
    }


def words(move: Move, effect: Effect, *, dry_run: bool) -> str:
    """Tell people what the move does."""
    amount = money(move.amount, move.brand.currency)
    said = "Would move" if dry_run else "Moved"
    lines = [
        f"{said} {move.brand} ({move.brand.pk}) from {move.before} to {move.after}.",
        f"  Entries on another day: {move.entries:,}, of {amount}.",
        f"  Entries that keep their date: {move.kept:,}, of which {move.folded:,} were folded.",
        f"  Statements restated or begun: {move.statements:,}.",
        f"  Campaigns that stop: {effect.stop_count:,}; that start: {effect.start_count:,}.",
    ]
    return "\n".join([*lines, "Nothing was written."] if dry_run else lines)
