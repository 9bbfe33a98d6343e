"""The form of a person: a name, an address, one role, and their brands."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group, User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminTextInputWidget,
)

from budgets.access.owners import are_the_last, roles_to_give
from budgets.access.roles import OWNER
from budgets.admin.people.choices import (
    ALL,
    AS_NOW,
    NONE,
    SOME,
    BrandsPicker,
    Choice,
    option,
    reaches,
)
from budgets.admin.people.words import by_power, role_in_words
from budgets.models import Brand, BrandAccess

TAKEN = gettext_lazy("Somebody else has this address: %(name)s.")
LAST_OWNER = gettext_lazy(
    "Nobody else can manage users. First make another person an owner of all brands who has a "
    "password and is active; then change this one."
)


class PersonForm(forms.ModelForm[User]):
    """A person as an owner sees them; `by` is who edits, and gives no role beyond their own."""

    by: Any

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=User._meta.get_field("first_name").max_length,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        widget=Choice,
        error_messages={"required": gettext_lazy("Choose what they may do.")},
    )
    reach = forms.ChoiceField(
        label=gettext_lazy("Brands they see and work on"),
        widget=Choice,
        choices=reaches,
    )
    brands = forms.ModelMultipleChoiceField(
        label=gettext_lazy("These brands"),
        queryset=Brand.objects.all(),
        required=False,
        widget=BrandsPicker,
    )

    class Meta:
        model = User
        fields = ["email", "username", "is_active", "is_superuser"]
        labels = {
            "email": gettext_lazy("E-mail"),
            "username": gettext_lazy("Signs in as"),
            "is_active": gettext_lazy("May sign in"),
            "is_superuser": gettext_lazy("Superuser"),
        }
        help_texts = {
            "email": gettext_lazy("Links for new passwords go here."),
            "username": gettext_lazy("What they type on the sign-in page, beside their password."),
            "is_active": gettext_lazy(
                "Untick it for somebody who has left: they are out at once, and what they did "
                "stays under their name."
            ),
            "is_superuser": gettext_lazy(
                "May do everything on all brands, whatever is chosen above, and edit superusers."
            ),
        }
        widgets = {"email": UnfoldAdminEmailInputWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access = BrandAccess.objects.filter(user=self.instance.pk).first()
        self.groups = list(self.instance.groups.all()) if self.instance.pk else []
        given = sorted({*roles_to_give(self.by), *self.groups[:1]}, key=by_power)
        self.roles = {str(group.pk): group for group in given}
        role: Any = self.fields["role"]
        role.choices = [
            (pk, option(each.name, role_in_words(each))) for pk, each in self.roles.items()
        ]
        role.required = not self.instance.is_superuser
        if len(self.groups) > 1:
            names = ", ".join(sorted(group.name for group in self.groups))
            role.choices = [*role.choices, (AS_NOW, option(_("As now"), names))]
        self.initial.update(self.shown_first())

    def shown_first(self) -> dict[str, Any]:
        """Return what the page shows of what is stored beside the row."""
        if not self.instance.pk:
            return {"reach": ALL}
        role = AS_NOW if len(self.groups) > 1 else "".join(str(each.pk) for each in self.groups)
        brands = list(self.access.brands.all()) if self.access else []
        is_for_all = self.access.all_brands if self.access else self.instance.is_superuser
        reach = ALL if is_for_all else SOME if brands else NONE
        return {
            "name": self.instance.get_full_name(),
            "role": role,
            "reach": reach,
            "brands": brands,
        }

    def clean_email(self) -> str:
        """Refuse an address that somebody else has: its links would go to both."""
        email: str = self.cleaned_data["email"].strip()
        others = User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk)
        if email and "email" in self.changed_data and (other := others.first()):
            raise forms.ValidationError(TAKEN, params={"name": other.get_username()})
        return email

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("reach") == SOME and not data.get("brands") and "brands" not in self.errors:
            self.add_error("brands", _("Choose at least one brand, or “No brand yet”."))
        if data.get("reach") != SOME:
            data["brands"] = Brand.objects.none()
        if not self.errors and not self.leaves_an_owner(data):
            raise forms.ValidationError(LAST_OWNER)
        return data

    def leaves_an_owner(self, data: dict[str, Any]) -> bool:
        """Say whether somebody can still manage users once this is saved."""
        group = self.role_chosen(data)
        names = [group.name] if group else [each.name for each in self.groups]
        is_owner = OWNER in names and data["reach"] == ALL
        is_super = data.get("is_superuser", self.instance.is_superuser)
        if not self.instance.pk or (data.get("is_active", True) and (is_owner or is_super)):
            return True
        return not are_the_last([self.instance], lock=True)

    def role_chosen(self, data: dict[str, Any]) -> Group | None:
        """Return the one role that was chosen; `None` leaves those of now."""
        return self.roles.get(data.get("role", ""))

    def save(self, commit: bool = True) -> User:
        if "name" in self.changed_data:
            self.instance.first_name, self.instance.last_name = self.cleaned_data["name"], ""
        return super().save(commit)

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]  # the stubs leave it out
        group = self.role_chosen(self.cleaned_data)
        if group and "role" in self.changed_data:
            self.instance.groups.set([group])
            # A role is all that somebody may do: nothing given by hand stays beside it.
            self.instance.user_permissions.clear()
        reach = self.cleaned_data["reach"]
        access, _made = BrandAccess.objects.update_or_create(
            user=self.instance, defaults={"all_brands": reach == ALL}
        )
        access.brands.set(self.cleaned_data["brands"])


class InvitationForm(PersonForm):
    """Somebody new, who signs in by their address and chooses their own password."""

    class Meta(PersonForm.Meta):
        fields = ["email"]
        help_texts = {"email": gettext_lazy("The invitation goes here, and they sign in by it.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True

    def clean_email(self) -> str:
        email = super().clean_email().lower()
        if User.objects.filter(username__iexact=email).exists():
            raise forms.ValidationError(TAKEN, params={"name": email})
        return email

    def save(self, commit: bool = True) -> User:
        self.instance.username = self.instance.email
        self.instance.set_unusable_password()
        return super().save(commit)
