"""Jumps: a budget so far from the one before that a slip of the finger is likely."""

from decimal import Decimal


def is_jump(before: Decimal | None, after: Decimal | None, *, times: Decimal) -> bool:
    """Return whether a budget rises above `times` the one before, or falls below its 1/`times`.

    Only one amount is compared with another: no limit, and nothing (0), are decisions of their
    own. At `times` of 1 or less nothing is a jump.
    """
    if not before or not after or times <= 1:
        return False
    return after > before * times or after * times < before
