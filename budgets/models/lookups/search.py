"""Words that somebody searches for, so many and so long at most."""

from typing import Any

from django.db.models import Q, QuerySet

from budgets.cells.names import plain

MOST_WORDS = 20
MOST_CHARACTERS = 300
MOST_ROWS_OF_A_WORD = 500
"""A word in the names of more brands than this narrows nothing down."""


def words_in(text: str) -> list[str]:
    """Return the words to search for, each once, as `__plain` compares them."""
    # The character 0 is in no text: PostgreSQL cannot even be asked for it.
    words = (plain(word) for word in text.replace("\0", " ")[:MOST_CHARACTERS].split())
    return list(dict.fromkeys(filter(None, words)))[:MOST_WORDS]


def is_too_long(text: str) -> bool:
    return len(text) > MOST_CHARACTERS or len(set(text.split())) > MOST_WORDS


def having_word(word: str, *paths: str, **other: Any) -> Q:
    """Return the condition that the word occurs in one of the texts, or what else would do."""
    texts = [(f"{path}__plain__contains", word) for path in paths]
    return Q.create([*texts, *other.items()], connector=Q.OR)


def ids_by_word(rows: QuerySet[Any], words: list[str]) -> dict[str, list[int]]:
    """Return for each word the ids of the first rows in whose name it occurs, in one query."""
    if not words:
        return {}
    any_word = Q.create([("name__plain__contains", word) for word in words], connector=Q.OR)
    found = rows.filter(any_word).order_by().values_list("pk", "name__plain")
    named = list(found[: MOST_ROWS_OF_A_WORD * len(words)])
    return {
        word: [pk for pk, name in named if word in name][:MOST_ROWS_OF_A_WORD] for word in words
    }
