"""What each role is, in words."""

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.access.roles import FINANCE, MANAGER, OWNER, VIEWER

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
    """Return one sentence on what a role may do."""
    return str(ROLE_WORDS.get(group.name) or _("A role of your own."))


def by_power(group: Group) -> tuple[int, str]:
    """Return the place of a role in a list: ours first, the mightiest on top."""
    is_ours = group.name in ORDER
    return (ORDER.index(group.name) if is_ours else len(ORDER), group.name)
