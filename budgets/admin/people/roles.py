"""Roles: what each may do, in words, and who has it."""

from copy import copy
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin
from unfold.decorators import display

from budgets.access.roles import ROLE_NAMES
from budgets.admin.base.admin import ROWS_A_PAGE
from budgets.admin.base.known_history import KnownHistory
from budgets.admin.base.lists import BoundedList
from budgets.admin.base.scope import AlikeUnseen
from budgets.admin.people.access import name_of
from budgets.admin.people.role_form import RoleForm
from budgets.admin.people.role_rights import rights_in_words
from budgets.admin.people.words import role_in_words

PEOPLE_NAMED = 100

admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(BoundedList, AlikeUnseen, KnownHistory, DjangoGroupAdmin, ModelAdmin):  # type: ignore[misc]  # mixins
    """Roles to read. Only a superuser makes others, right by right."""

    form = RoleForm
    fields = ("name", "rights")
    filter_horizontal = ()
    list_display = ("name", "may", "people")
    list_per_page = list_max_show_all = ROWS_A_PAGE
    ordering = ("pk",)  # ours are made first, the mightiest at the top

    def __init__(self, model: type[Group], admin_site: Any) -> None:
        super().__init__(model, admin_site)
        # What Django calls a group is called a role here; its own migrations know the old name.
        self.opts = copy(model._meta)
        self.opts.verbose_name = gettext_lazy("role")
        self.opts.verbose_name_plural = gettext_lazy("roles")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        roles = super().get_changelist_instance(request)
        roles.opts, roles.title = self.opts, _("Roles")
        return roles

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        roles: QuerySet[Group] = super().get_queryset(request)
        return roles.annotate(number=Count("user"))

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Return the role under its name here: pages say what a row is by its `_meta`."""
        role: Any = super().get_object(request, object_id, from_field)
        if role is not None:
            role._meta = self.opts
        return role

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj._meta = self.opts
        super().save_model(request, obj, form, change)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Say who loses a role that is deleted, in words."""
        _rows, _counts, missing, protected = super().get_deleted_objects(objs, request)
        roles = Group.objects.filter(pk__in=[role.pk for role in objs])
        losses = [loss(role) for role in roles.annotate(number=Count("user"))]
        return losses, {str(self.opts.verbose_name_plural): len(losses)}, missing, protected

    @display(description=gettext_lazy("what they may do"))
    def may(self, role: Group) -> str:
        return role_in_words(role)

    @display(description=gettext_lazy("people"), ordering="number")
    def people(self, role: Any) -> str:
        return str(role.number)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        role: Any = self.get_object(request, object_id)
        if role is None:
            raise Http404
        if request.method == "POST" or "edit" in request.GET:
            response: HttpResponse = super().change_view(
                request, object_id, form_url, extra_context
            )
            return response
        context = {
            **self.admin_site.each_context(request),
            "title": role.name,
            "opts": self.opts,
            "role": role,
            "words": role_in_words(role) if is_role(role) else _("A role of your own."),
            "rights": rights_in_words(role),
            "people": [(name_of(person), person) for person in people_with(role)],
            "others": max(0, role.number - PEOPLE_NAMED),
            "may_edit": self.has_change_permission(request, role),
            "is_ours": is_role(role),
        }
        return TemplateResponse(request, "budgets/people/role.html", context)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        title = {"title": _("A role of your own"), **(extra_context or {})}
        response: HttpResponse = super().add_view(request, form_url, title)
        return response

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser) and not is_role(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser) and not is_role(obj)


def people_with(role: Group) -> list[User]:
    people = User.objects.filter(groups=role).order_by("first_name", "last_name", "username")
    return list(people[:PEOPLE_NAMED])


def loss(role: Any) -> str:
    """Return the name of a role, and how many people have it, if any."""
    if not role.number:
        return str(role.name)
    text = ngettext(
        "%(role)s, the role of %(number)s person",
        "%(role)s, the role of %(number)s people",
        role.number,
    )
    return text % {"role": role.name, "number": role.number}


def is_role(group: Any) -> bool:
    """Say whether the group is one that every migrate sets anew."""
    return isinstance(group, Group) and group.name in ROLE_NAMES
