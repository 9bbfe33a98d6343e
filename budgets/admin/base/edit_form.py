"""The form of a row that others may edit while its page is open."""

from typing import Any

from django import forms


class EditForm(forms.ModelForm[Any]):
    """Sends with each box what the page showed in it, so that only what was changed is an edit.

    What its person left alone is what is stored by now. Who sends no first values, as a script,
    means everything that is sent.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            is_told = not self.is_bound or self.add_initial_prefix(name) in self.data
            field.show_hidden_initial = bool(self.instance.pk) and is_told

    def full_clean(self) -> None:
        if self.is_bound:
            self.renew_what_was_left_alone()
        super().full_clean()

    def renew_what_was_left_alone(self) -> None:
        """Put what is stored by now into the boxes that were sent as they had been shown."""
        changed = self.changed_data
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        for name, field in self.fields.items():
            box, shown = self.add_prefix(name), self.add_initial_prefix(name)
            is_as_shown = data.get(box) == data.get(shown) or name not in changed
            if field.show_hidden_initial and is_as_shown:
                data[box] = data[shown] = field.prepare_value(self[name].initial)
        self.data = data
        del self.changed_data

    def is_stale(self, name: str, stored: Any) -> bool:
        """Say whether the page showed another value of the field than the row has stored."""
        if not self.fields[name].show_hidden_initial:
            return False
        try:
            return bool(self.shown(name) != getattr(stored, name))
        except forms.ValidationError:
            return True

    def shown(self, name: str) -> Any:
        """Return the value that the page showed. Raises `ValidationError` for what is none."""
        field, box = self.fields[name], self.add_initial_prefix(name)
        return field.to_python(field.widget.value_from_datadict(self.data, self.files, box))
