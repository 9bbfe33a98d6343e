"""What each role may do, in words."""

from collections.abc import Collection

from django.contrib.auth.models import Group, Permission
from django.db.models import Value
from django.db.models.functions import Concat
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

RIGHTS = (
    ("budgets.view_campaign", gettext_lazy("Read and export brands, campaigns and schedules")),
    ("budgets.view_spend", gettext_lazy("Read and export spend")),
    ("budgets.view_change", gettext_lazy("Read changes and activity")),
    ("budgets.view_statement", gettext_lazy("Read and export statements")),
    ("budgets.add_spend", gettext_lazy("Type in, import and correct spend")),
    (
        "budgets.delete_campaignmatch",
        gettext_lazy("Undo what a report's campaigns were matched to"),
    ),
    ("budgets.change_campaign", gettext_lazy("Edit campaigns and budgets, hold and release")),
    ("budgets.add_brand", gettext_lazy("Add brands, where all brands are theirs")),
    ("budgets.change_brand", gettext_lazy("Edit brands, and move them to another time zone")),
    ("budgets.change_schedule", gettext_lazy("Edit schedules")),
    ("budgets.change_source", gettext_lazy("Edit spend sources")),
    ("auth.change_user", gettext_lazy("Invite people, give them roles and brands")),
    ("budgets.add_apikey", gettext_lazy("Make and revoke API keys")),
    (
        "django_celery_beat.change_periodictask",
        gettext_lazy("Run recurring tasks and change how often they run"),
    ),
)
"""What people ask about a role, each with the permission that answers it."""


def role_in_words(group: Group) -> str:
    """Return one sentence on what a role may do."""
    return str(ROLE_WORDS.get(group.name) or _("A role of your own."))


def by_power(group: Group) -> tuple[int, str]:
    """Return the place of a role in a list: ours first, the mightiest on top."""
    is_ours = group.name in ORDER
    return (ORDER.index(group.name) if is_ours else len(ORDER), group.name)


def rights_in_words(group: Group) -> list[tuple[str, bool]]:
    """Return each thing that people ask about, and whether the role may do it."""
    name = Concat("content_type__app_label", Value("."), "codename")
    held: Collection[str] = set(
        Permission.objects.filter(group=group)
        .annotate(name_held=name)
        .values_list("name_held", flat=True)
    )
    return [(str(words), permission in held) for permission, words in RIGHTS]
