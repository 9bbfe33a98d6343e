"""Names of brands and campaigns, as people compare them."""

from unicodedata import normalize

from budgets.cells.writing import alike


def folded(name: str) -> str:
    """Return the name so that two that people read alike are equal: in case, spaces, accents."""
    if name.isascii():
        return name.strip().casefold()
    return normalize("NFC", normalize("NFC", alike(name)).casefold())
