"""Numbers that a spreadsheet kept as binary floats, back to what was typed."""

from decimal import Decimal

from budgets.cells.refusal import UnreadableCell
from budgets.rules.money import EXACT

DIGITS = 15
"""A spreadsheet's number keeps this many digits for certain."""

ARTEFACT = Decimal("1e-9")
"""What adding up binary floats leaves behind; no amount of money is that fine."""

FINEST = 6


def exact_number(number: object, *, decimals: int = 2) -> Decimal:
    """Return the number as it was typed. Raises `UnreadableCell`.

    What binary arithmetic left far behind the decimals of a currency (0.30000000000000004) is
    dropped; decimals that may be real never are.
    """
    if isinstance(number, Decimal) and number.is_finite():
        return number
    if isinstance(number, int) and not isinstance(number, bool):
        return Decimal(number)
    if not isinstance(number, float) or number - number != 0:
        raise UnreadableCell("bad_amount", f"{number!r} is not an amount; write it like 1234.56.")
    typed = Decimal(repr(number))
    if digits_of(typed) <= DIGITS:
        return typed
    kept = typed.quantize(Decimal(1).scaleb(-min(decimals + 4, FINEST)), context=EXACT)
    if abs(EXACT.subtract(typed, kept)) > ARTEFACT or digits_of(kept) > DIGITS:
        raise UnreadableCell(
            "bad_amount",
            f"{number!r} has more digits than the {DIGITS} a spreadsheet keeps for certain; "
            "round it there, or type it as text.",
        )
    return kept


def digits_of(number: Decimal) -> int:
    """Return how many digits the number has, zeros at its end left out."""
    return len("".join(map(str, number.as_tuple().digits)).rstrip("0"))
