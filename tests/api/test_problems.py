"""Every answer that is no success has one format, also those Django would give."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.db.models import ProtectedError
from django.test import Client, override_settings
from django.urls import clear_url_caches, path

from budgets.api import brands
from budgets.api.http.problems import read_problem
from core import urls
from tests.api.program import Program, a_program, problem_of
from tests.builders import a_brand

pytestmark = pytest.mark.django_db

PARTS = {"type", "title", "status", "detail", "code"}


def test_a_problem_has_the_parts_of_rfc_9457() -> None:
    problem = problem_of(a_program().get("/brands/1"), 404)
    assert set(problem) == PARTS
    assert problem["type"] == "about:blank"
    assert problem["title"] == "Not Found"
    assert problem["detail"] == "There is no brand 1."


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE", "PUT"])
@pytest.mark.parametrize("address", ["/api/", "/api/v1", "/api/v1/", "/api/v1/brands/", "/api/v2"])
@pytest.mark.parametrize("debug", [False, True])
def test_an_address_that_does_not_exist(method: str, address: str, debug: bool) -> None:
    with override_settings(DEBUG=debug):
        response = Client(enforce_csrf_checks=True).generic(method, address)
    assert problem_of(response, 404)["code"] == "not_found"


def test_a_method_that_the_address_does_not_know() -> None:
    response = a_program().send("DELETE", "/brands")
    assert problem_of(response, 405)["code"] == "method_not_allowed"
    assert set(response.headers["Allow"].split(", ")) == {"GET", "POST"}


@pytest.mark.parametrize("body", ["{", "nope", '{"name": NaN}', "[" * 60_000, "1" * 5000])
def test_a_body_that_is_no_json(body: Any) -> None:
    problem_of(a_program().send("POST", "/brands", body), 400)


@pytest.mark.parametrize("body", [b'"\\ud800"', b"[]", b"1", b"null", b'{"name": "\\ud800"}'])
def test_a_body_that_is_json_but_no_brand(body: Any) -> None:
    problem_of(a_program().send("POST", "/brands", body), 422)


def test_a_body_of_another_media_type() -> None:
    response = a_program().send("POST", "/brands", "name=x", media_type="text/plain")
    assert problem_of(response, 415)["code"] == "unsupported_media_type"


def test_a_compressed_body() -> None:
    response = a_program().send("POST", "/brands", b"x", {"Content-Encoding": "gzip"})
    problem_of(response, 415)


def test_a_body_too_large() -> None:
    problem_of(a_program().send("POST", "/brands", b" " * (64 * 1024 + 1)), 413)


def test_a_body_too_large_is_refused_before_anything_else_is_looked_at() -> None:
    problem_of(Program("").send("POST", "/spend", b" " * (10 * 2**20 + 1)), 413)


def test_a_body_without_a_length() -> None:
    response = a_program().send("POST", "/brands", b"", {"Transfer-Encoding": "chunked"})
    problem_of(response, 411)


def raiser(error: Any) -> Any:
    def view(*_args: Any, **_kwargs: Any) -> None:
        raise error

    return view


@pytest.mark.parametrize("debug", [False, True])
def test_a_defect_of_ours_says_nothing_but_that_and_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, debug: bool
) -> None:
    monkeypatch.setattr(brands, "brand_of", raiser(ZeroDivisionError("secret")))
    with override_settings(DEBUG=debug):
        response = a_program().get(f"/brands/{a_brand().pk}")
    assert problem_of(response, 500)["code"] == "internal_error"
    assert b"secret" not in response.content
    assert "secret" in caplog.text


def test_a_database_that_does_not_answer_is_worth_another_try(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(brands, "brand_of", raiser(OperationalError("gone")))
    response = a_program().get(f"/brands/{a_brand().pk}")
    problem_of(response, 503)
    assert response.headers["Retry-After"] == "5"


def test_a_row_that_stays_on_record_is_a_conflict_that_says_so() -> None:
    problem = read_problem(ProtectedError("It stays.", set()))
    assert (problem.status, problem.code, str(problem)) == (
        409,
        "on_record",
        "It stays.",
    )


def test_a_host_that_django_does_not_know() -> None:
    client = Client()
    problem_of(client.get("/api/v1/brands", headers={"Host": "evil.example"}), 400)
    page = client.get("/healthz", headers={"Host": "evil.example"})
    assert page.headers["Content-Type"].startswith("text/html")


def test_a_failure_before_any_view(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urls, "urlpatterns", [path("api/", raiser(ZeroDivisionError()))])
    clear_url_caches()
    try:
        problem_of(Client(raise_request_exception=False).get("/api/"), 500)
    finally:
        clear_url_caches()


def test_the_documentation_is_for_staff() -> None:
    client = Client()
    assert client.get("/api/v1/docs").status_code == 302
    client.force_login(User.objects.create_user("bob"))
    assert client.get("/api/v1/docs").status_code == 302
    client.force_login(User.objects.create_user("ada", is_staff=True))
    assert client.get("/api/v1/docs").status_code == 200
    assert client.get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")


def test_the_documentation_loads_nothing_from_outside() -> None:
    client = Client()
    client.force_login(User.objects.create_user("ada", is_staff=True))
    page = client.get("/api/v1/docs").content.decode()
    assert "://" not in page
    assert '"validatorUrl": null' in page


def test_a_program_reads_the_document_with_its_key() -> None:
    assert a_program(scopes="spend").get("/openapi.json").status_code == 200
    problem_of(Program("abm_0123456789ab_x").get("/openapi.json"), 401)
