"""Users, their roles and their brands, with inputs that can be seen."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin, StackedInline
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from budgets.access.roles import ROLE_NAMES
from budgets.admin.base.admin import ROWS_A_PAGE
from budgets.admin.render.cells import name_cell
from budgets.models import BrandAccess

BRANDS_NAMED = 3

admin.site.unregister(User)
admin.site.unregister(Group)


class BrandAccessForm(forms.ModelForm[BrandAccess]):
    """All brands, or some: never both, so that the page says what holds."""

    class Meta:
        model = BrandAccess
        fields = ["all_brands", "brands"]
        help_texts = {
            "all_brands": gettext_lazy("Also brands that are added later."),
            "brands": gettext_lazy("With none chosen, and not all, the person sees no brand."),
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("all_brands") and data.get("brands"):
            text = _("Choose either all brands or some: untick “all brands”, or empty this box.")
            self.add_error("brands", text)
        return data


class BrandsOfUser(StackedInline):
    """Which brands the person sees. A superuser sees all whatever is chosen here."""

    model = BrandAccess
    form = BrandAccessForm
    autocomplete_fields = ("brands",)
    verbose_name = verbose_name_plural = gettext_lazy("Brands this person sees and works on")
    can_delete = False
    max_num = 1


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Users: what they may do comes from roles, and on which brands from their brand access."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    inlines = (BrandsOfUser,)
    list_display = ("person", "roles", "brands_seen", "is_active")
    list_filter = ("groups", "is_active", "is_superuser")
    list_per_page = ROWS_A_PAGE
    list_filter_submit = True
    show_full_result_count = False
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        (
            gettext_lazy("Role"),
            {
                "description": gettext_lazy(
                    "Tick staff status, or they cannot sign in here, and choose a role."
                ),
                "fields": ("is_staff", "groups"),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        people = super().get_queryset(request).select_related("brand_access")
        return people.prefetch_related("groups", "brand_access__brands")

    @display(description=gettext_lazy("user"), ordering="username")
    def person(self, row: User) -> SafeString:
        return name_cell(row.username, row.get_full_name())

    @display(description=gettext_lazy("roles"))
    def roles(self, row: User) -> str:
        names = sorted(group.name for group in row.groups.all())
        if row.is_superuser:
            names.insert(0, _("Superuser"))
        return ", ".join(names) or _("none")

    @display(description=gettext_lazy("brands"))
    def brands_seen(self, row: User) -> str:
        access = getattr(row, "brand_access", None)
        if row.is_superuser or (access and access.all_brands):
            return _("all")
        names = [brand.name for brand in access.brands.all()] if access else []
        more = ", …" if len(names) > BRANDS_NAMED else ""
        return ", ".join(names[:BRANDS_NAMED]) + more if names else _("none")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        own = ("last_login", "date_joined")
        return own if request.user.is_superuser else (*own, "is_superuser")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and may_touch(request, obj)


def may_touch(request: HttpRequest, user: Any) -> bool:
    """Say whether the person may edit the user: a superuser only by another.

    Whoever could set a superuser's password would be one.
    """
    return bool(request.user.is_superuser) or not getattr(user, "is_superuser", False)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):
    """Groups of users with the same permissions. The four roles are the product's own."""

    list_per_page = ROWS_A_PAGE

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not is_role(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not is_role(obj)


def is_role(group: Any) -> bool:
    """Say whether the group is one that every migrate sets anew."""
    return isinstance(group, Group) and group.name in ROLE_NAMES
