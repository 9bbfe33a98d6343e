"""Hours and dates that somebody typed into the database and nobody can read."""

from collections.abc import Iterator

from budgets.models import Brand, Schedule
from budgets.rules.exceptions import BadExceptions, parse_exceptions
from budgets.rules.hours import BadHours, WeekHours


def unreadable_hours() -> Iterator[str]:
    """Yield what is wrong, with whose it is: schedules first, then brands."""
    schedules = Schedule.objects.order_by("pk").values_list("pk", "name", "hours", "exceptions")
    for pk, name, hours, exceptions in schedules:
        try:
            WeekHours.parse(hours)
            parse_exceptions(exceptions)
        except (BadHours, BadExceptions) as error:
            yield f"“{name}” ({pk}): {error}"
    brands = Brand.objects.exclude(exceptions="").order_by("pk")
    for pk, name, exceptions in brands.values_list("pk", "name", "exceptions"):
        try:
            parse_exceptions(exceptions)
        except BadExceptions as error:
            yield f"brand “{name}” ({pk}): {error}"
