"""Move a brand to another time zone, with all that it spent (T4).

What was spent at an instant goes to the day that the instant has on the new clock. What was said of
a day keeps its date: totals that platforms report, amounts that people typed in, and folded
entries, whose instants are no longer known. Totals, standings and statements follow; a statement
whose figure moves is restated. What was closed stays closed.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from budgets.models import Brand, LedgerEntry, Statement
from budgets.operations import edits
from budgets.operations.close.statements import ended_with, write_statements
from budgets.operations.edits.operation import User
from budgets.operations.ingest.manual_totals import SOURCE as DIRECT
from budgets.operations.ingest.validation import RESERVED_KEYS
from budgets.operations.moving_zone.entries import move_entries
from budgets.operations.reconcile.rollover import carry_over
from budgets.operations.retention.old_entries import FOLDED_KEY
from budgets.rules.clock import DAY
from budgets.rules.money import to_units


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a move did: entries and money that changed their day, and what followed."""

    brand: Brand
    before: str
    after: str
    entries: int
    amount: Decimal
    kept: int
    """Entries that keep their date."""
    folded: int
    """Those among them that were folded."""
    statements: int
    """Statements that were restated, or begun."""
    change_ids: list[int]


def move_zone(brand_id: int, zone: str, *, by: User | None, now: datetime, note: str) -> Move:
    """Move the brand, decide its campaigns on the new clock, and return what that did.

    One edit, signed like any other: `by` is the person, `now` an aware instant, `note` why. It
    holds back the brand's ingests until its transaction ends. Raises `ValidationError`.
    """
    with edits.editing(by=by, now=now, note=note, brand_ids=[brand_id]) as edit:
        brand = Brand.objects.get(pk=brand_id)
        before, closed_until = brand.timezone, brand.closed_until
        if zone == before:
            raise ValidationError({"timezone": _("The brand is in this time zone already.")})
        brand.timezone, brand.is_moving = zone, True
        edit.save(brand, update_fields=["timezone"])
        entries, micros = move_entries(brand, now=now)
        # Days that were open on the old clock and lie before the brand's first one on the new.
        days = (brand.closed_until - closed_until).days
        past = [closed_until + n * DAY for n in range(1, days + 1)]
        write_statements([each for day in past for each in ended_with(brand.pk, day)], now=now)
        carry_over([brand.pk], since=date.min, now=now)
    said = entries_of(brand).filter(Q(key__startswith=RESERVED_KEYS) | Q(source=DIRECT))
    touched = Statement.objects.filter(Q(restated_at=now) | Q(closed_at=now), brand=brand)
    return Move(
        brand=brand,
        before=before,
        after=zone,
        entries=entries,
        amount=to_units(micros),
        kept=said.count(),
        folded=said.filter(key__startswith=FOLDED_KEY).count(),
        statements=touched.count(),
        change_ids=edit.change_ids,
    )


def entries_of(brand: Brand) -> Any:
    return LedgerEntry.objects.filter(campaign__brand=brand).order_by()
