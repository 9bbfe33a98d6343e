"""Names of months, as reports of platforms write them in the languages of their users."""

from collections import defaultdict
from functools import lru_cache

from babel import Locale

LANGUAGES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sk", "sv", "da", "nb", "fi", "hu", "ro",
    "tr", "ru", "uk", "el",
)  # fmt: skip


def month_named(name: str) -> int | None:
    """Return the number of the month; `None` for what names none, or two in two languages."""
    found = _months().get(name.casefold().rstrip("."), frozenset())
    return next(iter(found)) if len(found) == 1 else None


@lru_cache(maxsize=1)
def _months() -> dict[str, frozenset[int]]:
    numbers: defaultdict[str, set[int]] = defaultdict(set)
    for language in LANGUAGES:
        for use in Locale(language).months.values():
            for width in ("wide", "abbreviated"):
                for number, name in use[width].items():
                    numbers[name.casefold().rstrip(".")].add(number)
    numbers["sept"].add(9)
    numbers["mrz"].add(3)
    return {name: frozenset(found) for name, found in numbers.items()}
