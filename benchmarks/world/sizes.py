"""Sizes as people write them."""

UNITS = {"k": 1_000, "m": 1_000_000}


def size_of(text: str) -> int:
    """Read a size such as 500, 10k or 1.5m."""
    number, unit = text.strip().lower(), 1
    if number[-1:] in UNITS:
        number, unit = number[:-1], UNITS[number[-1]]
    return int(float(number) * unit)
