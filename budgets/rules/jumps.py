"""Jumps: a budget so far from the one before that a slip of the finger is likely."""

from decimal import Decimal


def is_jump(before: Decimal | None, after: Decimal | None, *, times: Decimal) -> bool:
    """Return whether a budget rises above `times` the one before, or falls below its 1/`times`.

    A limit that is taken away rises above every amount. To set a first one, or nothing (0), is a
    decision of its own. At `times` of 1 or less nothing is a jump.
    """
    if before is None or times <= 1:
        return False
    if after is None:
        return True
    if not before or not after:
        return False
    return after > before * times or after * times < before
