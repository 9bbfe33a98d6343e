"""What the list of users says about each."""

from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from budgets.admin.people.access import name_of
from budgets.admin.people.states import LOOKS, state_of
from budgets.admin.render.cells import name_cell

BRANDS_NAMED = 3


class Columns:
    """A name, an address, a role, some brands, and whether they may sign in."""

    @display(description=gettext_lazy("name"), ordering="username")
    def person(self, row: User) -> SafeString:
        name = name_of(row)
        username = row.get_username()
        return name_cell(name, "" if username in (name, row.email) else username)

    @display(description=gettext_lazy("e-mail"), ordering="email")
    def address(self, row: User) -> str:
        return row.email or "–"

    @display(description=gettext_lazy("role"))
    def role(self, row: User) -> str:
        names = sorted(group.name for group in row.groups.all())
        if row.is_superuser:
            names.append(_("superuser"))
        return ", ".join(names) or _("none")

    @display(description=gettext_lazy("brands"))
    def brands_seen(self, row: User) -> str:
        access = getattr(row, "brand_access", None)
        if row.is_superuser or (access and access.all_brands):
            return _("all")
        names = [brand.name for brand in access.brands.all()] if access else []
        more = ", …" if len(names) > BRANDS_NAMED else ""
        return ", ".join(names[:BRANDS_NAMED]) + more if names else _("none")

    @display(description=gettext_lazy("last sign-in"), ordering="last_login", empty_value="–")
    def last_seen(self, row: User) -> Any:
        return row.last_login

    @display(description=gettext_lazy("state"), label=LOOKS)
    def state(self, row: Any) -> tuple[str, str]:
        return state_of(row, invited_at=row.invited_at, now=timezone.now())
