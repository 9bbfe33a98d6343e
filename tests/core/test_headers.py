"""What our answers tell a browser, and what a page for developers does not tell anybody."""

import base64
import hashlib
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.views.debug import technical_500_response

from core.requests.debug_pages import masked
from core.requests.headers import THEME

SECRETS = {
    "SECRET_KEY": "the-secret-key-of-this-test",
    "REDIS_URL": "redis://:p%40ss-of-redis@broker:6379/0",
    "CELERY_BROKER_URL": "redis://:p%40ss-of-redis@broker:6379/0",
}


@pytest.fixture
def login() -> Any:
    return Client().get("/admin/login/")


def directives(answer: Any) -> dict[str, list[str]]:
    policy = answer.headers["Content-Security-Policy"]
    return {name: words for name, *words in (part.split() for part in policy.split(";"))}


def test_no_script_and_no_style_sheet_may_stand_in_a_page(login: Any) -> None:
    found = directives(login)
    assert {name for name, words in found.items() if "'unsafe-inline'" in words} == {
        "style-src-attr"
    }
    assert found["default-src"] == ["'self'"]
    assert found["frame-ancestors"] == ["'none'"]


def test_the_colours_that_unfold_writes_into_a_page_are_the_ones_that_are_let(login: Any) -> None:
    (style,) = re.findall(r"<style[^>]*>(.*?)</style>", login.content.decode(), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" == THEME  # write this one into core/requests/headers.py


def test_pages_use_no_device_and_tell_other_sites_no_address(login: Any) -> None:
    assert "camera=()" in login.headers["Permissions-Policy"]
    assert login.headers["Referrer-Policy"] == "same-origin"
    assert login.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("demanded", ["", "1"])
def test_subdomains_and_browsers_lists_are_bound_on_demand_only(demanded: str) -> None:
    """Starts one process: the settings are read as it begins."""
    names = "SECURE_HSTS_SECONDS", "SECURE_HSTS_PRELOAD", "SECURE_HSTS_INCLUDE_SUBDOMAINS"
    shown = f"from core import settings; print(*(getattr(settings, name) for name in {names}))"
    environment = {"HTTPS": "1", "ALLOWED_HOSTS": "a.example", "HSTS_PRELOAD": demanded}
    out = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "--no-imports", "-c", shown],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    assert out.split() == ["31536000", *[str(bool(demanded))] * 2]


# Pages for developers


@pytest.mark.parametrize("accept", ["text/html", "text/plain"])
def test_a_page_for_developers_shows_no_password(
    settings: LazySettings, accept: str, rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEBUG = True
    monkeypatch.setenv("ADMIN_PASSWORD", "p4ss-of-admin")
    for name, value in SECRETS.items():
        setattr(settings, name, value)
    request = rf.get("/", headers={"Accept": accept}, DATABASE_URL="postgres://me:p4ss-of-db@db/x")
    page = failing(request, settings.REDIS_URL).content.decode()
    assert "the broker went away" in page
    for secret in ("p%40ss-of-redis", "p@ss-of-redis", "p4ss-of-db", "p4ss-of-admin"):
        assert secret not in page
    assert settings.SECRET_KEY not in page


def failing(request: HttpRequest, broker: str) -> Any:
    password = "p@ss-of-redis"  # noqa: F841 - a variable of the frame that is shown
    admin = {"password": "p4ss-of-admin"}  # noqa: F841
    try:
        raise ConnectionError(f"the broker went away: {broker}")
    except ConnectionError:
        return technical_500_response(request, *sys.exc_info())


def test_an_address_without_a_password_stays_readable() -> None:
    assert masked("see http://localhost:8000/admin, a@b.example") == (
        "see http://localhost:8000/admin, a@b.example"
    )
