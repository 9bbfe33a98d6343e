"""Who may send a large body, by the head of the request alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.utils import timezone

from budgets import large_bodies
from budgets.access.roles import FINANCE, MANAGER, OWNER, VIEWER
from budgets.admin.sign_in.gate import USED_AT
from budgets.large_bodies import may_send_much
from budgets.models import BrandAccess
from tests.api.program import a_program

pytestmark = pytest.mark.django_db

IMPORT = "/admin/budgets/spend/import/"
SPEND = "/api/v1/spend"
LONG_AGO = timezone.now() - timedelta(days=1)


@pytest.fixture(autouse=True)
def connection_of_the_test_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Django's own client has it: what is in a test's transaction is seen by its connection."""
    monkeypatch.setattr(large_bodies, "close_old_connections", lambda: None)


def head(address: str, **headers: str) -> dict[str, Any]:
    environ: dict[str, Any] = RequestFactory().post(address, headers=headers).environ
    return environ


def session_of(role: str, **facts: Any) -> str:
    user = User.objects.create_user(f"a {role}", **{"is_staff": True, **facts})
    user.groups.add(Group.objects.get(name=role))
    BrandAccess.objects.create(user=user, all_brands=True)
    browser = Client()
    browser.force_login(user)
    return f"sessionid={browser.cookies['sessionid'].value}"


@pytest.mark.parametrize("role, may", [(OWNER, 1), (MANAGER, 1), (FINANCE, 1), (VIEWER, 0)])
def test_people_whose_role_imports(role: str, may: int) -> None:
    assert may_send_much(head(IMPORT, Cookie=session_of(role))) is bool(may)


@pytest.mark.parametrize("facts", [{"is_staff": False}, {"is_active": False}])
def test_nobody_who_may_not_sign_in(facts: dict[str, bool]) -> None:
    assert not may_send_much(head(IMPORT, Cookie=session_of(MANAGER, **facts)))


def test_no_stranger() -> None:
    assert not may_send_much(head(IMPORT))
    assert not may_send_much(head(IMPORT, Cookie="sessionid=made-up"))
    assert not may_send_much(head(SPEND))
    assert not may_send_much(head(SPEND, Authorization="Bearer abm_000000000000_made-up"))


def test_programs_with_a_key_that_works() -> None:
    program = a_program()
    assert may_send_much(head(SPEND, Authorization=f"Bearer {program.token}"))
    assert not may_send_much(head(IMPORT, Authorization=f"Bearer {program.token}"))
    over = a_program(expires_at=LONG_AGO)
    assert not may_send_much(head(SPEND, Authorization=f"Bearer {over.token}"))


def test_a_session_opens_no_api() -> None:
    assert not may_send_much(head(SPEND, Cookie=session_of(OWNER)))


def test_nobody_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_token: str, _permission: str) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(large_bodies, "secret_of", fails)
    assert not may_send_much(head(SPEND, Authorization="Bearer abm_000000000000_x"))


def test_no_key_whose_maker_may_not_or_that_reports_no_spend() -> None:
    gone = a_program(created_by=User.objects.create_superuser("gone", is_active=False))
    reader = a_program(scopes="read")
    for program in (gone, reader):
        assert not may_send_much(head(SPEND, Authorization=f"Bearer {program.token}"))


def test_no_session_that_was_left_alone(settings: Any) -> None:
    cookie = session_of(OWNER)
    assert may_send_much(head(IMPORT, Cookie=cookie))
    session = SessionStore(cookie.partition("=")[2])
    session[USED_AT] = 1
    session.save()
    assert not may_send_much(head(IMPORT, Cookie=cookie))
