"""Users: who may sign in, by name, with one role and their brands."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.forms import AdminPasswordChangeForm

from budgets.access.owners import are_the_last, may_touch
from budgets.admin.base.admin import ROWS_A_PAGE, request_time
from budgets.admin.base.known_history import KnownHistory
from budgets.admin.base.lists import BoundedList
from budgets.admin.base.scope import AlikeUnseen
from budgets.admin.people.access import AccessAdmin, name_of
from budgets.admin.people.columns import Columns
from budgets.admin.people.links import good_until, has_mail
from budgets.admin.people.states import (
    RoleFilter,
    StateFilter,
    waits_for_invitation,
)
from budgets.admin.people.user_form import LAST_OWNER, InvitationForm, PersonForm

ROLE: tuple[Any, Any] = (gettext_lazy("What they may do"), {"fields": ("role",)})
BRANDS: tuple[Any, Any] = (gettext_lazy("Brands"), {"fields": ("reach", "brands")})

admin.site.unregister(User)


class TypedPasswordForm(AdminPasswordChangeForm):
    """A password that an owner types in for somebody."""

    usable_password = None


@admin.register(User)
class UserAdmin(BoundedList, AlikeUnseen, KnownHistory, Columns, DjangoUserAdmin, AccessAdmin):  # type: ignore[misc,type-arg]  # mixins; not generic at run time
    """People, their roles and brands. Whoever stands here may enter, as far as their role goes."""

    form = PersonForm
    add_form = InvitationForm
    add_form_template = None
    change_password_form = TypedPasswordForm
    change_form_outer_before_template = "budgets/people/access.html"
    list_display = ("person", "address", "role", "brands_seen", "last_seen", "state")
    list_filter = (RoleFilter, StateFilter)
    list_per_page = list_max_show_all = ROWS_A_PAGE
    list_filter_submit = True
    search_help_text = gettext_lazy("Search people by name or e-mail")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("name", "email", "username")}),
        ROLE,
        BRANDS,
        (gettext_lazy("Sign-in"), {"fields": ("is_active",)}),
    )
    only_read = ((None, {"fields": ("person", "address", "role", "brands_seen", "state")}),)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            how = _("They get an e-mail with a link by which they choose their own password.")
            if not has_mail():
                how = _("No mail server is set: you are shown a link to hand over.")
            who = {"description": how, "fields": ("email", "name")}
            return ((_("Invite somebody"), who), ROLE, BRANDS)
        if not self.has_change_permission(request, obj):
            return self.only_read
        if not request.user.is_superuser:
            return self.fieldsets
        *others, (title, sign_in) = self.fieldsets
        return (*others, (title, {"fields": (*sign_in["fields"], "is_superuser")}))

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.by = request.user  # made for this request
        return form

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        people: QuerySet[User] = super().get_queryset(request).select_related("brand_access")
        people = people.annotate(invited_at=Max("password_links__made_at"))
        return people.prefetch_related("groups", "brand_access__brands")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        more = {"title": _("Invite somebody"), "show_save_and_continue": False}
        more |= {"show_save_and_add_another": False, **(extra_context or {})}
        response: HttpResponse = super().add_view(request, form_url, more)
        invited = getattr(request, "abm_invited", None)
        # Only now is the person saved: what a mail says is true.
        return response if invited is None else self.hand_over(request, invited)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        user = self.get_object(request, object_id) if self.has_view_permission(request) else None
        more = {"show_save_and_add_another": False, **(extra_context or {})}
        if user is not None:
            more |= {
                "title": name_of(user),
                "person": user,
                "may_mail": has_mail() and bool(user.email),
                "waits": waits_for_invitation(user),
                "until": user.invited_at and good_until(user.invited_at),
                "is_over": bool(user.invited_at)
                and good_until(user.invited_at) < request_time(request),
                "may_edit": self.has_change_permission(request, user),
            }
        response: HttpResponse = super().change_view(request, object_id, form_url, more)
        return response

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.is_staff = (
            True  # everybody who is here works in these pages; the role says what they may
        )
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        request.abm_invited = obj  # type: ignore[attr-defined]  # carried by the request
        return HttpResponseRedirect(request.path)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Refuse to delete the last who can manage users, as what others need is refused."""
        _rows, _counts, missing, protected = super().get_deleted_objects(objs, request)
        if are_the_last(objs):
            protected = [*protected, str(LAST_OWNER)]
        names = [name_of(person) for person in objs]
        return names, {str(self.opts.verbose_name_plural): len(names)}, missing, protected

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        self.delete_queryset(request, User.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        people = User.objects.filter(pk__in=list(queryset.values_list("pk", flat=True)))
        with transaction.atomic():
            if are_the_last(people, lock=True):  # another was deleted since the page was shown
                raise PermissionDenied(LAST_OWNER)
            people.delete()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and is_touchable(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and is_touchable(request, obj)


def is_touchable(request: HttpRequest, user: Any) -> bool:
    return user is None or user.pk is None or may_touch(request.user, user)
