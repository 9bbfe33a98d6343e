"""What a role may do, as people say it: each right is the permissions that it takes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import F
from django.utils.translation import gettext_lazy

CREATE, EDIT, DELETE = "add", "change", "delete"
ALL = (CREATE, EDIT, DELETE)


@dataclass(frozen=True, slots=True)
class Right:
    """Something people may do; `permissions` are pairs of application and codename."""

    key: str
    words: Any
    permissions: frozenset[tuple[str, str]]


def of(app: str, models: str, *actions: str) -> frozenset[tuple[str, str]]:
    """Return permissions on models named in one text; who may do something may also look."""
    names = (f"{may}_{model}" for model in models.split() for may in ("view", *actions))
    return frozenset((app, name) for name in names)


BRANDS = of("budgets", "brand campaign schedule datedbudget")
SPEND = of("budgets", "brand campaign spend source campaignmatch job")

PLATFORMS = of("budgets", "brand campaign platformaccount linkedcampaign")

RIGHTS = (
    Right("read", gettext_lazy("Read and export brands, campaigns and schedules"), BRANDS),
    Right("read-spend", gettext_lazy("Read and export spend"), SPEND),
    Right(
        "read-changes",
        gettext_lazy("Read changes and activity"),
        of("budgets", "brand campaign change"),
    ),
    Right(
        "read-statements",
        gettext_lazy("Read and export statements"),
        of("budgets", "brand campaign statement"),
    ),
    Right(
        "spend",
        gettext_lazy("Type in, import and correct spend"),
        SPEND | of("budgets", "spend", CREATE),
    ),
    Right(
        "matches",
        gettext_lazy("Undo what a report's campaigns were matched to"),
        of("budgets", "campaignmatch", DELETE),
    ),
    Right(
        "campaigns",
        gettext_lazy("Edit campaigns and budgets, hold and release"),
        BRANDS | of("budgets", "campaign datedbudget", *ALL) | of("budgets", "job"),
    ),
    Right(
        "new-brands",
        gettext_lazy("Add brands, where all brands are theirs"),
        of("budgets", "brand", CREATE),
    ),
    Right(
        "brands",
        gettext_lazy("Edit brands, and move them to another time zone"),
        of("budgets", "brand", EDIT, DELETE)
        | of("budgets", "datedbudget", *ALL)
        | of("budgets", "campaign job"),
    ),
    Right("schedules", gettext_lazy("Edit schedules"), of("budgets", "schedule", *ALL)),
    Right(
        "read-platforms",
        gettext_lazy("Read platform accounts and linked campaigns"),
        PLATFORMS,
    ),
    Right(
        "platforms",
        gettext_lazy("Connect platform accounts and link campaigns"),
        PLATFORMS | of("budgets", "platformaccount linkedcampaign", *ALL),
    ),
    Right("sources", gettext_lazy("Edit spend sources"), of("budgets", "source", *ALL)),
    Right(
        "people",
        gettext_lazy("Invite people, give them roles and brands"),
        of("auth", "user", *ALL) | of("auth", "group"),
    ),
    Right(
        "sign-ins",
        gettext_lazy("Read in Activity who signed in and whose rights changed"),
        of("budgets", "brand change accessevent"),
    ),
    Right("keys", gettext_lazy("Make and revoke API keys"), of("budgets", "apikey", *ALL)),
    Right(
        "tasks",
        gettext_lazy("Run recurring tasks and change how often they run"),
        of(
            "django_celery_beat",
            "periodictask intervalschedule crontabschedule solarschedule clockedschedule",
            *ALL,
        ),
    ),
)


def permissions_of(role: Group) -> set[tuple[str, str]]:
    """Return the permissions of a role as pairs of application and codename."""
    held = Permission.objects.filter(group=role) if role.pk else Permission.objects.none()
    return set(held.values_list(F("content_type__app_label"), "codename"))


def rights_held(role: Group) -> list[Right]:
    """Return the rights that a role has whole."""
    held = permissions_of(role)
    return [right for right in RIGHTS if right.permissions <= held]


def rights_in_words(role: Group) -> list[tuple[str, bool]]:
    """Return each right, and whether the role has it."""
    held = rights_held(role)
    return [(str(right.words), right in held) for right in RIGHTS]


def all_of(keys: Iterable[str]) -> set[tuple[str, str]]:
    """Return the permissions of the rights with these keys together."""
    chosen = set(keys)
    return {each for right in RIGHTS if right.key in chosen for each in right.permissions}
