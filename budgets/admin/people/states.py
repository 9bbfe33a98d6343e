"""States of people in words: active, invited, deactivated."""

from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group, User
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import RadioFilter

from budgets.admin.people.links import good_until
from budgets.admin.people.words import by_power

NO_PASSWORD = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX) | Q(password="")
NEVER_IN = NO_PASSWORD & Q(last_login=None)
"""Has no password and never signed in: has to be invited, or was and did not answer yet."""

LOOKS = {"active": "success", "invited": "info", "expired": "warning", "off": "danger"}


def waits_for_invitation(user: User) -> bool:
    has_password = bool(user.password) and user.has_usable_password()
    return user.is_active and not has_password and user.last_login is None


def state_of(user: User, *, invited_at: datetime | None, now: datetime) -> tuple[str, str]:
    """Return how somebody's state looks, and its words."""
    if not user.is_active:
        return "off", _("Deactivated")
    if not waits_for_invitation(user):
        return "active", _("Active")
    if invited_at is None:
        return "expired", _("Not invited yet")
    if good_until(invited_at) < now:
        return "expired", _("Invitation expired")
    return "invited", _("Invited, not yet accepted")


class StateFilter(RadioFilter):
    """Active, invited or deactivated."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("active", gettext_lazy("Active")),
            ("invited", gettext_lazy("Invited, not yet accepted")),
            ("off", gettext_lazy("Deactivated")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        choices = {
            "active": Q(is_active=True) & ~NEVER_IN,
            "invited": Q(is_active=True) & NEVER_IN,
            "off": Q(is_active=False),
        }
        return queryset.filter(choices.get(self.value() or "", Q()))


class RoleFilter(RadioFilter):
    """Those with one role."""

    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        roles = sorted(Group.objects.all(), key=by_power)
        return [(str(role.pk), role.name) for role in roles]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        is_offered = self.value() in {pk for pk, _name in self.lookup_choices}
        return queryset.filter(groups=self.value()) if is_offered else queryset
