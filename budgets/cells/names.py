"""Names of brands and campaigns, as people compare them."""

import re
from unicodedata import normalize

from budgets.cells.writing import alike


def folded(name: str) -> str:
    """Return the name so that two that people read alike are equal: in case, spaces, accents."""
    if name.isascii():
        return name.strip().casefold()
    return normalize("NFC", normalize("NFC", alike(name)).casefold())


MARKS = re.compile("[\u0300-\u036f]")
SPELT_OUT = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "ŧ": "t",
    "ı": "i",
    "ς": "σ",
}
"""Letters that Unicode does not take apart, as those write them who cannot type them."""

SPELLING = {ord(letter): plain for letter, plain in SPELT_OUT.items()}


def plain(text: str) -> str:
    """Return the text as searches compare it: without accents, in small letters, half-width.

    The databases do the same in `models.lookups.plain`.
    """
    if text.isascii():
        return text.lower()
    bare = MARKS.sub("", normalize("NFKD", text)).lower()
    return bare.translate(SPELLING)
