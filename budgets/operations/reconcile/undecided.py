"""Brands that cannot be decided: named in the log and in a table, until a decision succeeds."""

import logging
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError, connection

from budgets.models import Brand, UndecidedBrand
from budgets.operations.database import id_rows

log = logging.getLogger(__name__)

SERVER_GONE = ("08", "57P")
"""How the codes of PostgreSQL begin for lost connections and for a server that shuts down."""

FAILURES = (DatabaseError, ArithmeticError, ValueError)
"""What deciding a brand can raise by what is stored of it, as a sum beyond 64 bits."""


class CannotDecide(ValidationError):
    """A brand that cannot be decided: what was asked for would have no effect."""

    def __init__(self, brand: Brand) -> None:
        super().__init__(
            f"Brand “{brand}” ({brand.pk}) cannot be decided, so nothing was changed; "
            "the log and the health of the system say why."
        )


def is_of_a_brand(error: Exception) -> bool:
    """Say whether it may be the brand that is at fault: not a lost server, not our own SQL."""
    if isinstance(error, ProgrammingError) or is_of_the_server(error):
        return False
    return connection.is_usable()


def is_of_the_server(error: Exception) -> bool:
    """Say whether the server ended the session, though another may have begun since."""
    if connection.vendor != "postgresql" or not isinstance(error, OperationalError):
        return isinstance(error, InterfaceError)
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(SERVER_GONE)


def note_undecided(brand_id: int, error: Exception, *, now: datetime) -> None:
    """Name the brand, where there still is one, in the log and in the table."""
    brand = Brand.objects.filter(pk=brand_id).first()
    if brand is None:
        return
    why = str(error).strip()
    log.error("Brand “%s” (%s) cannot be decided: %s", brand, brand_id, why, exc_info=error)
    UndecidedBrand.objects.update_or_create(
        brand=brand, defaults={"error": why}, create_defaults={"error": why, "since": now}
    )


def undecided_before() -> set[int]:
    """Return the ids of the brands that could not be decided when last tried."""
    return set(UndecidedBrand.objects.order_by().values_list("brand_id", flat=True))


def forget_undecided(brand_ids: set[int]) -> None:
    """Name these brands no more: they have been decided."""
    if brand_ids:
        UndecidedBrand.objects.filter(brand_id__in=id_rows(brand_ids)).delete()
