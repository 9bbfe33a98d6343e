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


def undecided_brands() -> list[Undecided]:
    """Return the brands that could not be decided when last tried, by their ids."""
    rows = UndecidedBrand.objects.select_related("brand").order_by("brand_id")
    return [
        Undecided(brand_id=row.brand_id, name=row.brand.name, since=row.since, error=row.error)
        for row in rows
    ]
