"""What the columns of a file of spend are, for a person to say where we do not know."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from budgets.operations.spend_file.given import Given, Question

ROLES = {
    "external_id": _("ID of the campaign on its platform"),
    "campaign": _("Name of the campaign"),
    "brand": _("Brand"),
    "day": _("Day"),
    "total": _("Spent on the day"),
    "occurred_at": _("Time of a single amount"),
    "amount": _("Single amount"),
    "currency": _("Currency"),
}
PREFIX = "column_"
EXAMPLE_LENGTH = 40


def column_fields(seen: Mapping[str, Any], before: Given) -> dict[str, forms.ChoiceField]:
    """Return a select a column of ours, that offers those of the file with what stands in them."""
    choices = [("", _("not in the file")), *offered(seen)]
    known = seen["columns"] | before.columns
    return {
        f"{PREFIX}{role}": forms.ChoiceField(
            label=label,
            required=False,
            choices=choices,
            initial=known.get(role, ""),
            widget=UnfoldAdminSelectWidget,
        )
        for role, label in ROLES.items()
    }


def offered(seen: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the columns that can be chosen: those with a name that no other has."""
    header: list[str] = seen["header"]
    return [
        (text, f"{text} ({example})" if (example := example_of(seen, at)) else text)
        for at, text in enumerate(header)
        if text and header.count(text) == 1
    ]


def example_of(seen: Mapping[str, Any], at: int) -> str:
    """Return the first value of a column."""
    cells = (row[at] for row in seen["samples"] if at < len(row))
    return next((cell for cell in cells if cell), "")[:EXAMPLE_LENGTH]


def chosen_columns(
    data: Mapping[str, Any], seen: Mapping[str, Any], questions: list[str], before: Given
) -> dict[str, str]:
    """Return the columns that the person chose; none where they left them as we know them."""
    chosen = {role: data[f"{PREFIX}{role}"] for role in ROLES if data.get(f"{PREFIX}{role}")}
    known = {role: text for role, text in seen["columns"].items() if role in ROLES}
    is_known = chosen == known and not before.columns and Question.COLUMNS not in questions
    return {} if is_known else chosen
