"""Which brands can the checks not decide? Their campaigns stay as they are."""

from dataclasses import dataclass
from datetime import datetime

from budgets.models import UndecidedBrand


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A brand that cannot be decided, since when, and what the decision failed with."""

    brand_id: int
    name: str
    since: datetime
    error: str


NUMBERED = 20


def fault_of_undecided() -> str:
    """Say which brands cannot be decided, by their ids: a monitor learns the name of no client.

    Empty where there is none.
    """
    ids = list(UndecidedBrand.objects.order_by("brand_id").values_list("brand_id", flat=True))
    if not ids:
        return ""
    numbers = ", ".join(map(str, ids[:NUMBERED])) + (", …" if len(ids) > NUMBERED else "")
    return (
        f"{len(ids)} brands (ids {numbers}) cannot be decided, so their campaigns neither stop nor "
        "start; the log and manage.py doctor say why."
    )


def undecided_brands() -> list[Undecided]:
    """Return the brands that could not be decided when last tried, by their ids."""
    rows = UndecidedBrand.objects.select_related("brand").order_by("brand_id")
    return [
        Undecided(brand_id=row.brand_id, name=row.brand.name, since=row.since, error=row.error)
        for row in rows
    ]
