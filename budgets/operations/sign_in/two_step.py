"""Two-step sign-in: a code of an authenticator app after the password, or a recovery code.

django-otp keeps the devices and judges codes: each counts once, and after a wrong one the next
has to wait ever longer. Recovery codes are kept as hashes; the secret of an app cannot be, for
codes are computed from it.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from budgets.access.roles import OWNER
from budgets.models import AccessKind, TwoStepRole
from budgets.operations.access_record import record_access

APP = "authenticator app"
RECOVERY = "recovery codes"
CODES_MADE = 10
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
CODE_LENGTH, GROUP_LENGTH = 12, 4
HASH_LENGTH = 16
"""What django-otp has room for: 64 bits of the hash, and a code has 59."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoStep:
    """How somebody stands: the number of their device, and whether a role demands one."""

    device_id: int | None
    is_demanded: bool


def two_step_of(user: Any) -> TwoStep:
    """Look up how somebody stands, in one query. A superuser counts as an owner."""
    device = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True).values("pk")[:1]
    demands = Q(group__user=OuterRef("pk"))
    if user.is_superuser:
        demands |= Q(group__name=OWNER)
    asked = User.objects.filter(pk=user.pk).annotate(
        device=Subquery(device), demanded=Exists(TwoStepRole.objects.filter(demands))
    )
    found = asked.values_list("device", "demanded").first() or (None, False)
    return TwoStep(device_id=found[0], is_demanded=found[1])


def set_up(user: User, key: str, code: str) -> TOTPDevice | None:
    """Take the app that has the key as the user's, if the code is its; return its device."""
    with transaction.atomic():
        device = TOTPDevice(user=user, name=APP, key=key, confirmed=True)
        device.save()
        if not device.verify_token(code):
            device.delete()
            return None
        TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
        record_access(AccessKind.TWO_STEP_ON, user.get_username())
    return device


def make_recovery_codes(user: User) -> list[str]:
    """Give the user new recovery codes, in place of all before; they are known only here."""
    codes = [new_code() for _ in range(CODES_MADE)]
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name=RECOVERY)
        StaticToken.objects.bulk_create(
            StaticToken(device=device, token=hash_of(user, code)) for code in codes
        )
        record_access(AccessKind.CODES_MADE, user.get_username())
    return codes


def new_code() -> str:
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    return "-".join(
        letters[start : start + GROUP_LENGTH] for start in range(0, CODE_LENGTH, GROUP_LENGTH)
    )


def hash_of(user: Any, code: str) -> str:
    letters = code.replace("-", "").lower()
    return hashlib.sha256(f"{user.pk}:{letters}".encode()).hexdigest()[:HASH_LENGTH]


def is_right(user: User, code: str) -> bool:
    """Say whether the code is one of the user's, and use it up."""
    code = "".join(code.split())
    is_of_app = code.isascii() and code.isdecimal()
    devices: Any = TOTPDevice if is_of_app else StaticDevice
    with transaction.atomic():
        device = devices.objects.select_for_update().filter(user=user, confirmed=True).first()
        if device is None:
            return False
        right: bool = device.verify_token(code if is_of_app else hash_of(user, code))
        if right and not is_of_app:
            name, left = user.get_username(), f"{codes_left(user)} left"
            record_access(AccessKind.CODE_USED, name, who=name, detail=left)
    return right


def codes_left(user: Any) -> int:
    left: int = StaticToken.objects.filter(device__user=user).count()
    return left


def remove(user: User, kind: AccessKind) -> bool:
    """Switch two-step sign-in off for somebody; say whether it was on."""
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        deleted, _ = TOTPDevice.objects.filter(user=user).delete()
        if deleted:
            record_access(kind, user.get_username())
    return bool(deleted)
