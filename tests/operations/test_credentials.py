"""Credentials at rest: sealed, opened by any of the keys, sealed anew by a command."""

import json
from io import StringIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core import serializers
from django.core.management import CommandError, call_command
from pytest_django import Settings

from budgets.models import PlatformAccount
from budgets.models.platforms.sealing import CannotOpen, seal, unseal
from tests.builders import a_brand, an_instant
from tests.mock_world import TOKEN, World

pytestmark = pytest.mark.django_db

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


@pytest.fixture
def account(settings: Settings) -> PlatformAccount:
    settings.CREDENTIAL_KEYS = [OLD]
    return World(an_instant("2026-03-10 12:00")).account(a_brand())


def rotate(*options: str) -> Any:
    out = StringIO()
    call_command("rotate_credentials", "--json", *options, stdout=out)
    return json.loads(out.getvalue())


def test_what_is_sealed_shows_nothing_and_opens_again() -> None:
    sealed = seal({"token": TOKEN})

    assert TOKEN not in sealed
    assert unseal(sealed) == {"token": TOKEN}
    assert (seal({}), unseal("")) == ("", {})


def test_a_row_that_is_written_out_shows_no_secret(account: PlatformAccount) -> None:
    assert TOKEN not in serializers.serialize("json", [account])
    assert TOKEN not in repr(account.__dict__)


def test_a_new_key_opens_what_the_old_one_sealed(
    account: PlatformAccount, settings: Settings
) -> None:
    settings.CREDENTIAL_KEYS = [NEW, OLD]
    account.refresh_from_db()

    assert account.credentials == {"token": TOKEN}


def test_after_the_rotation_the_old_key_can_be_taken_away(
    account: PlatformAccount, settings: Settings
) -> None:
    settings.CREDENTIAL_KEYS = [NEW, OLD]
    assert rotate("--dry-run") == {"dry_run": True, "accounts": 1, "lost": []}
    assert rotate() == {"dry_run": False, "accounts": 1, "lost": []}
    settings.CREDENTIAL_KEYS = [NEW]
    account.refresh_from_db()

    assert account.credentials == {"token": TOKEN}


def test_a_dry_run_seals_nothing(account: PlatformAccount, settings: Settings) -> None:
    settings.CREDENTIAL_KEYS = [NEW, OLD]
    rotate("--dry-run")
    account.refresh_from_db()
    settings.CREDENTIAL_KEYS = [NEW]

    with pytest.raises(CannotOpen):
        _ = account.credentials


def test_credentials_that_no_key_opens_are_named_and_left_alone(
    account: PlatformAccount, settings: Settings
) -> None:
    settings.CREDENTIAL_KEYS = [NEW]
    with pytest.raises(CommandError, match=r"opens the credentials of a-1 \(a-1\)"):
        rotate()
    settings.CREDENTIAL_KEYS = [OLD]
    account.refresh_from_db()

    assert account.credentials == {"token": TOKEN}
