"""What each role is, in words."""

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.access.roles import FINANCE, MANAGER, OWNER, VIEWER
from budgets.admin.people.role_rights import rights_held

ORDER = (OWNER, MANAGER, FINANCE, VIEWER)

ROLE_WORDS = {
    OWNER: gettext_lazy("Everything a manager may, and users, API keys and recurring tasks."),
    MANAGER: gettext_lazy(
        "Edits brands, campaigns, budgets and schedules, holds and releases, and imports spend."
    ),
    FINANCE: gettext_lazy("Reads everything, and types in, imports and corrects spend."),
    VIEWER: gettext_lazy("Reads and exports everything, and changes nothing."),
}


def role_in_words(group: Group) -> str:
    """Return what a role may do: a sentence on ours, the rights of another."""
    if words := ROLE_WORDS.get(group.name):
        return str(words)
    return " · ".join(str(right.words) for right in rights_held(group)) or _(
        "Nothing that these pages are about."
    )


def by_power(group: Group) -> tuple[int, str]:
    """Return the place of a role in a list: ours first, the mightiest on top."""
    is_ours = group.name in ORDER
    return (ORDER.index(group.name) if is_ours else len(ORDER), group.name)
