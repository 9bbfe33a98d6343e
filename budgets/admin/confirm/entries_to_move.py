"""How many entries a brand moves with to another time zone, and what becomes of them."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.models import Brand, LedgerEntry
from budgets.operations.moving_zone import Move
from budgets.reports.words import money

MOST_ENTRIES_IN_A_REQUEST = 20_000
"""More are left to a worker: 200,000 take some 5 seconds to preview, and 7 to move."""
MOST_ENTRIES = 200_000
"""More than this would keep a person, and the brand's ingests, waiting for too long."""


def has_more_entries(brand: Brand, most: int) -> bool:
    entries = LedgerEntry.objects.filter(campaign__brand=brand).order_by()
    return entries[: most + 1].count() > most


def takes_long(brand: Brand) -> bool:
    return has_more_entries(brand, MOST_ENTRIES_IN_A_REQUEST)


def require_few_entries(brand: Brand) -> None:
    """Raise `ValidationError` for a brand that a page cannot move in the time people wait."""
    if has_more_entries(brand, MOST_ENTRIES):
        text = _(
            "The brand has more than %(most)s entries. Let whoever runs the server move it, in a "
            "quiet hour: manage.py move_zone %(id)s ZONE"
        )
        raise ValidationError(text % {"most": f"{MOST_ENTRIES:,}", "id": brand.pk})


def remarks_on(move: Move) -> list[str]:
    """Say in sentences what moves between days and what does not."""
    amount = money(move.amount, move.brand.currency)
    moved = ngettext(
        "%(n)s entry, of %(amount)s, goes to another day.",
        "%(n)s entries, of %(amount)s in all, go to other days.",
        move.entries,
    )
    kept = ngettext(
        "%(n)s entry keeps its date, as it was reported for a day, typed in or folded.",
        "%(n)s entries keep their dates, as they were reported for a day, typed in or folded.",
        move.kept,
    )
    restated = ngettext(
        "%(n)s statement is restated or begun.",
        "%(n)s statements are restated or begun.",
        move.statements,
    )
    told = [
        (moved, {"n": f"{move.entries:,}", "amount": amount}),
        (kept, {"n": f"{move.kept:,}"}),
        (restated, {"n": f"{move.statements:,}"}),
    ]
    return [text % facts for text, facts in told]
