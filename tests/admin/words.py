"""What tells that a text was written for programs, not for people."""

import re

OF_PYTHON = re.compile(
    r"PauseReason|\w+ object \(|&lt;\w+[.:]|<\w+[.:] ?\d|\bNone\b|\bTrue\b|\bFalse\b"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d|\d\d:\d\d\+\d\d:\d\d|(DAILY|MONTHLY)_BUDGET|OUTSIDE_"
    r"|\* \*|\d\d:\d\d [AP]M"
)
BARE_NUMBER = re.compile(r"^#?\d+( on | in |:|$)|#\d|“\d+”")


def unfit(text: str) -> str:
    """Return what of a text is no word for people; empty where nothing is."""
    found = OF_PYTHON.search(text) or BARE_NUMBER.search(text)
    return found[0] if found else ""
