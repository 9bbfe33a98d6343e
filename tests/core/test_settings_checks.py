"""A setting that cannot be meant is named with what to write instead; no server starts on it."""

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from budgets.checks import https_without_hosts, proxy_without_trust
from core.environment import Environment, require_readable
from core.secret import sealing_keys


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("text", ["ture", "2", "yess"])
def test_a_mistyped_yes_or_no_is_not_taken_for_no(text: str) -> None:
    environment = Environment({"HTTPS": text})
    assert environment.flag("HTTPS") is False
    (problem,) = environment.problems
    assert (problem.name, problem.text) == ("HTTPS", text)


@pytest.mark.parametrize("text", ["many", "-1", "0", "1.5", "١", "1e3"])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    environment = Environment({"RECONCILE_SHARDS": text})
    assert environment.whole("RECONCILE_SHARDS") is None
    assert "whole number" in str(environment.problems[0])


@pytest.mark.parametrize("text", ["five", "-1", "nan", "inf"])
def test_what_is_no_number_is_refused(text: str) -> None:
    environment = Environment({"BUDGET_JUMP": text})
    assert environment.decimal("BUDGET_JUMP", default=Decimal(5)) == 5
    assert "such as 2.5" in str(environment.problems[0])


@pytest.mark.parametrize("text", ["", "0", "1", "2.5"])
def test_a_good_setting_is_no_problem(text: str) -> None:
    environment = Environment({"BUDGET_JUMP": text, "LOG_LEVEL": "debug", "DEBUG": "on"})
    assert environment.decimal("BUDGET_JUMP", default=Decimal(5)) == Decimal(text or 5)
    assert environment.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO")) == "DEBUG"
    assert environment.flag("DEBUG")
    require_readable(environment.problems)


def test_an_unknown_log_level_is_refused() -> None:
    environment = Environment({"LOG_LEVEL": "LOUD"})
    assert environment.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO")) == "INFO"
    with pytest.raises(ImproperlyConfigured, match="LOG_LEVEL='LOUD' cannot be read"):
        require_readable(environment.problems)


@pytest.mark.parametrize("text", ["short", f"{'a' * 43}=,short"])
def test_keys_that_are_none_are_refused_without_being_shown(tmp_path: Path, text: str) -> None:
    environment = Environment({"CREDENTIAL_KEYS": text})
    assert sealing_keys(environment, tmp_path / "key") != text.split(",")
    (problem,) = environment.problems
    assert "CREDENTIAL_KEYS='…' cannot be read. Write keys" in str(problem)


def test_an_installation_without_keys_makes_one_and_keeps_it(tmp_path: Path) -> None:
    first, again = (sealing_keys(Environment({}), tmp_path / "key") for _ in range(2))
    assert first == again
    Fernet(first[0])


def test_https_needs_hosts(settings: Settings) -> None:
    settings.HTTPS, settings.ALLOWED_HOSTS = True, ["localhost", "127.0.0.1", "[::1]"]
    (error,) = https_without_hosts()
    assert "ALLOWED_HOSTS" in error.msg
    settings.ALLOWED_HOSTS = ["budgets.example.com"]
    assert https_without_hosts() == []


def test_the_check_command_tells_all_of_it_without_a_traceback() -> None:
    """Starts one process: what the command prints is what an operator sees."""
    found = run("manage.py", "check", BUDGET_JUMP="five", DEBUG="ture")
    assert found.returncode == 1
    assert "Traceback" not in found.stderr
    for words in ("BUDGET_JUMP='five'", "DEBUG='ture'", "HINT"):
        assert words in found.stderr


@pytest.mark.parametrize("kind", ["worker", "beat"])
def test_no_worker_and_no_beat_starts_on_a_broken_setting(kind: str, tmp_path: Path) -> None:
    """Starts the real process, which ends before it looks for a broker."""
    # Beat's own schedule would need a database.
    schedule = ["-S", "celery.beat.PersistentScheduler", "-s", str(tmp_path / "schedule")]
    options = schedule if kind == "beat" else []
    found = run("-m", "celery", "-A", "core", kind, *options, RECONCILE_SHARDS="many")
    assert found.returncode != 0
    assert "RECONCILE_SHARDS='many' cannot be read" in found.stderr


def test_no_web_server_starts_on_a_broken_setting() -> None:
    found = run("-c", "import core.wsgi", RECONCILE_SHARDS="many")
    assert found.returncode != 0
    assert "RECONCILE_SHARDS='many' cannot be read" in found.stderr


def test_a_proxy_that_is_not_trusted_is_warned_of(settings: Settings) -> None:
    settings.HTTPS, settings.TRUSTED_PROXIES = True, []
    assert [warning.id for warning in proxy_without_trust()] == ["budgets.W001"]
    settings.TRUSTED_PROXIES = Environment({"TRUSTED_PROXIES": "10.0.0.5"}).networks(
        "TRUSTED_PROXIES"
    )
    assert proxy_without_trust() == []
