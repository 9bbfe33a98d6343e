"""What `manage.py up` decides before it starts anything."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User

from budgets.management.commands.up import Command
from core.processes.web import Address


@pytest.fixture(autouse=True)
def an_installation_of_its_own(
    tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR_DIR = tmp_path
    monkeypatch.delenv("ADMIN_PASSWORD", raising=False)


@pytest.mark.django_db
def test_the_first_login_takes_its_password_from_the_environment_and_does_not_show_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", "correct horse")

    login = Command().ensure_admin()

    assert User.objects.get(is_superuser=True).check_password("correct horse")
    assert "correct horse" not in " ".join(login) + capsys.readouterr().out


@pytest.mark.django_db
def test_an_existing_login_is_left_alone() -> None:
    User.objects.create_superuser("owner", password="her own")

    Command().ensure_admin()

    assert User.objects.get().check_password("her own")


@pytest.mark.parametrize(
    "host, url",
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104 - nothing listens here
        ("::1", "http://[::1]:8000"),
        ("budgets.local", "http://budgets.local:8000"),
    ],
)
def test_the_address_shown_can_be_opened_on_this_machine(host: str, url: str) -> None:
    assert Address(host, 8000).url == url


def test_the_web_server_is_told_numbers_because_it_resolves_no_names() -> None:
    assert Address("localhost", 8000).numeric_host in {"127.0.0.1", "::1"}
