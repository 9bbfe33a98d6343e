"""Mutants: the SQL text with one word wrong, each in every place where the word occurs."""

import re
from collections.abc import Iterator
from typing import NamedTuple

SLIPS = [
    (">=", ">"),
    ("<=", "<"),
    ("<>", "="),
    (r"(?<![<>])=", "<>"),
    (r"(?<!<)>(?!=)", "<"),
    (r"<(?![>=])", "<="),
    (r"<(?![>=])", ">"),
    (r"\bAND\b", "OR"),
    (r"\bOR\b", "AND"),
    (r"(?<= )\|(?= )", "&"),
    ("LEFT JOIN", "JOIN"),
    (r"SUM\(", "MAX("),
    ("ELSE 0", "ELSE 1000000000"),
    (r", 0\)", ", 1000000000)"),
    (r"= 0\b", "= 1"),
    (r"\+ 1\b", "+ 2"),
    (r"\btoday\b", "month"),
    (r"\bmonth\b", "today"),
    (r"\bnext_month\b", "today"),
    (r"\bstarts_on\b", "ends_on"),
    (r"\bends_on\b", "starts_on"),
    (r"\bday_spent_micros\b", "month_spent_micros"),
    (r"\bmonth_spent_micros\b", "day_spent_micros"),
    (r"\bdaily_budget_micros\b", "monthly_budget_micros"),
    (r"\bmonthly_budget_micros\b", "daily_budget_micros"),
    (r"\bb\.(?=\w+_micros)", "c."),
    (r"\bc\.(?=\w+_micros)", "b."),
    (r"\bb\.is_held\b", "NOT b.is_held"),
    (r"(?<![.\w])is_held\b", "NOT is_held"),
    (r"%\((?=[A-Z_]+\)s)", "2 * %("),
]
"""A pattern, and what a slip of the pen makes of it."""


class Mutant(NamedTuple):
    """A wrong text, and the place and nature of what is wrong with it."""

    name: str
    text: str


def mutants_of(text: str) -> Iterator[Mutant]:
    """Yield the text with each slip in each place, one at a time."""
    for pattern, slip in SLIPS:
        for place in re.finditer(pattern, text):
            before, after = text[: place.start()], text[place.end() :]
            name = f"{before[-30:]}⟨{place.group()} → {slip}⟩{after[:30]}"
            yield Mutant(name=" ".join(name.split()), text=before + slip + after)
