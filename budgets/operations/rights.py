"""Changes of rights, recorded whichever way they were made: a page, a program, a shell.

Receivers of Django's signals, because users and groups are Django's models: any page or command
that saves one is recorded without having to know of this. What passes every save (`update()`,
SQL) is not; who does so calls `record_access`.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import receiver

from budgets.access.roles import ROLE_NAMES
from budgets.models import AccessKind, ApiKey, BrandAccess, TwoStepRole
from budgets.operations.access_record import named, record_access

SWITCHES = {
    "is_active": (AccessKind.ACTIVATED, AccessKind.DEACTIVATED),
    "is_staff": (AccessKind.STAFF_GIVEN, AccessKind.STAFF_TAKEN),
    "is_superuser": (AccessKind.SUPERUSER_GIVEN, AccessKind.SUPERUSER_TAKEN),
}
OF_A_USER = (*SWITCHES, "username", "password")
OF_A_KEY = (
    "name",
    "may_read",
    "may_spend",
    "may_manage",
    "all_brands",
    "requests_per_minute",
    "addresses",
    "expires_at",
    "revoked_at",
)
ALL_BRANDS = "all brands"


@receiver(pre_save, sender=User)
@receiver(pre_save, sender=ApiKey)
@receiver(pre_save, sender=BrandAccess)
def remember(sender: type[Model], instance: Any, update_fields: Any = None, **_: Any) -> None:
    """Keep what a row holds before it is saved; of a new row, nothing."""
    watched = {User: OF_A_USER, ApiKey: OF_A_KEY, BrandAccess: ("all_brands",)}[sender]
    names = [name for name in watched if update_fields is None or name in update_fields]
    rows: Any = sender._base_manager.filter(pk=instance.pk) if names and instance.pk else None
    instance._held_before = (rows.values(*names).first() if rows is not None else None) or {}
    instance._sets_password = getattr(instance, "_password", None) is not None


def changed(instance: Any) -> dict[str, Any]:
    """Return what the save changed, as it was before."""
    before = instance._held_before.items()
    return {name: old for name, old in before if getattr(instance, name) != old}


@receiver(post_save, sender=User)
def user_saved(instance: User, created: bool, raw: bool = False, **_: Any) -> None:  # Django's
    if raw:
        return
    name = instance.get_username()
    if created:
        record_access(AccessKind.USER_ADDED, name)
    before = changed(instance)
    for switch, (given, taken) in SWITCHES.items():
        is_on = getattr(instance, switch)
        if switch in before or (created and switch == "is_superuser" and is_on):
            record_access(given if is_on else taken, name)
    if "username" in before:
        record_access(AccessKind.USER_RENAMED, name, detail=f"{before['username']} → {name}")
    # A hash that is only made stronger, at a sign-in, is the same password.
    if "password" in before and instance._sets_password:  # type: ignore[attr-defined]
        record_access(AccessKind.PASSWORD_CHANGED, name)


@receiver(post_save, sender=BrandAccess)
def brand_access_saved(instance: BrandAccess, created: bool, **_: Any) -> None:  # Django's
    is_changed = instance.all_brands if created else "all_brands" in changed(instance)
    if is_changed:
        kind = AccessKind.BRANDS_GIVEN if instance.all_brands else AccessKind.BRANDS_TAKEN
        record_access(kind, instance.user.get_username(), detail=ALL_BRANDS)


@receiver(post_save, sender=ApiKey)
def key_saved(instance: ApiKey, created: bool, **_: Any) -> None:  # Django's
    before = changed(instance)
    if created:
        record_access(AccessKind.KEY_MADE, instance.name)
    elif "revoked_at" in before and instance.revoked_at:
        record_access(AccessKind.KEY_REVOKED, instance.name)
    elif before:
        fields = [str(ApiKey._meta.get_field(name).verbose_name) for name in before]  # type: ignore[union-attr]
        record_access(AccessKind.KEY_CHANGED, instance.name, detail=named(fields))


@receiver(post_save, sender=TwoStepRole)
def demand_saved(instance: TwoStepRole, created: bool, **_: Any) -> None:  # Django's
    if created:
        record_access(AccessKind.TWO_STEP_REQUIRED, instance.group.name)


@receiver(post_delete, sender=User)
def user_deleted(instance: User, **_: Any) -> None:
    record_access(AccessKind.USER_DELETED, instance.get_username())


@receiver(post_delete, sender=ApiKey)
def key_deleted(instance: ApiKey, **_: Any) -> None:
    record_access(AccessKind.KEY_DELETED, instance.name)


@receiver(post_delete, sender=TwoStepRole)
def demand_deleted(instance: TwoStepRole, **_: Any) -> None:
    record_access(AccessKind.TWO_STEP_OPTIONAL, instance.group.name)


@dataclass(frozen=True, slots=True)
class Relation:
    """What is given and taken by adding to a relation, and the field that holds it."""

    field: Any
    given: AccessKind
    taken: AccessKind


ROLES = (AccessKind.ROLES_GIVEN, AccessKind.ROLES_TAKEN)
PERMISSIONS = (AccessKind.PERMISSIONS_GIVEN, AccessKind.PERMISSIONS_TAKEN)
BRANDS = (AccessKind.BRANDS_GIVEN, AccessKind.BRANDS_TAKEN)
RELATIONS: dict[type[Model], Relation] = {
    User.groups.through: Relation(User.groups.field, *ROLES),
    User.user_permissions.through: Relation(User.user_permissions.field, *PERMISSIONS),
    Group.permissions.through: Relation(Group.permissions.field, *PERMISSIONS),
    BrandAccess.brands.through: Relation(BrandAccess.brands.field, *BRANDS),
    ApiKey.brands.through: Relation(ApiKey.brands.field, *BRANDS),
}


def relation_changed(
    sender: type[Model],
    instance: Any,
    action: str,
    reverse: bool,  # Django's
    pk_set: set[int] | None,
    **_: Any,
) -> None:
    """Record for each holder what it was given or lost, from whichever side that was done."""
    if action not in {"post_add", "post_remove", "pre_clear"}:
        return
    relation = RELATIONS[sender]
    field = relation.field
    if pk_set is None:
        near, far = field.m2m_field_name(), field.m2m_reverse_field_name()
        near, far = (far, near) if reverse else (near, far)
        rows = sender._default_manager.filter(**{near: instance.pk})
        pk_set = set(rows.values_list(f"{far}_id", flat=True))
    if not pk_set:
        return
    far_model = field.model if reverse else field.related_model
    others = list(far_model._base_manager.filter(pk__in=pk_set))
    holders, given = (others, [instance]) if reverse else ([instance], others)
    kind = relation.given if action == "post_add" else relation.taken
    for holder in holders:
        name = name_of(holder)
        # What a role of the product may do is set by its release.
        if not (isinstance(holder, Group) and name in ROLE_NAMES):
            record_access(kind, name, detail=named([name_of(each) for each in given]))


def name_of(row: Any) -> str:
    if isinstance(row, BrandAccess):
        return row.user.get_username()
    return row.codename if isinstance(row, Permission) else str(row)


for through in RELATIONS:
    m2m_changed.connect(relation_changed, sender=through, dispatch_uid="rights")
