"""The form of a role of one's own: a name, and ticks for what its people may do."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group, Permission
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from budgets.admin.people.role_rights import RIGHTS, all_of, permissions_of, rights_held

READING = gettext_lazy("Who may edit something may read it too.")


class Ticks(UnfoldAdminCheckboxSelectMultipleWidget):
    """Boxes to tick, each with its words beside it."""

    option_template_name = "budgets/people/choice.html"


class RoleForm(forms.ModelForm[Group]):
    """A role, by its rights; permissions that no right of it has stay as they are."""

    rights = forms.MultipleChoiceField(
        label=gettext_lazy("What they may do"),
        choices=[(right.key, right.words) for right in RIGHTS],
        widget=Ticks,
        error_messages={"required": gettext_lazy("Tick at least one.")},
        help_text=READING,
    )

    class Meta:
        model = Group
        fields = ["name"]
        widgets = {"name": UnfoldAdminTextInputWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [right.key for right in rights_held(self.instance)]
        self.initial["rights"] = held
        self.beyond = permissions_of(self.instance) - all_of(held)
        if self.beyond:
            self.fields["rights"].required = False
            self.fields["rights"].help_text = f"{READING} {more(len(self.beyond))}"

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        same = Group.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).first()
        if same:
            text = _("There is a role “%(name)s” already.")
            raise forms.ValidationError(text, params={"name": same.name})
        return name

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]  # the stubs leave it out
        wanted = self.beyond | all_of(self.cleaned_data["rights"])
        every = Permission.objects.values_list(F("content_type__app_label"), "codename", "pk")
        ids = [pk for app, codename, pk in every if (app, codename) in wanted]
        self.instance.permissions.set(ids)


def more(number: int) -> str:
    text = ngettext(
        "Another permission, given in a shell, stays as it is.",
        "%(number)s other permissions, given in a shell, stay as they are.",
        number,
    )
    return text % {"number": number}
