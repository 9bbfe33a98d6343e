"""What a form changes of a row, and what its page had shown of it."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError

from budgets.admin.base.edit_form import EditForm
from budgets.admin.confirm.confirmation import PlannedEdit, planned_edit, value_in_words


def edits_of_form(form: EditForm, stored: Any) -> dict[str, PlannedEdit]:
    """Return what a valid form changes of the row as it is stored, by the names of the fields."""
    row, after = form.instance, form.cleaned_data
    return {
        name: replace(
            planned_edit(
                row, name, getattr(stored, name), after[name], label=str(form[name].label)
            ),
            is_stale=form.is_stale(name, stored),
            shown=shown_in_words(form, name) if form.is_stale(name, stored) else "",
        )
        for name in form.changed_data
        if after[name] != getattr(stored, name)
    }


def shown_in_words(form: EditForm, name: str) -> str:
    try:
        return value_in_words(name, form.shown(name), form.instance)
    except ValidationError:
        return ""
