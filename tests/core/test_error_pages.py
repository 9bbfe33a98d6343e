"""What a person sees when something goes wrong: a page of ours, a way back, and a reference."""

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import clear_url_caches, path, reverse

from core import urls
from core.requests.references import HEADER
from tests.admin.pages import text_of

REFERENCE = re.compile(r"quote the reference ([0-9a-f]{10})")


def raiser(error: Exception) -> Any:
    def view(_request: HttpRequest) -> None:
        raise error

    return view


FAULTS = {
    "secret": PermissionDenied(),
    "words": PermissionDenied("Only owners may."),
    "gone": Http404("There is no job 5."),
    "large": RequestDataTooBig("too big"),
    "defect": ZeroDivisionError("the figures"),
}


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """A browser, on a site of which each address fails in its way; no test has a database."""
    faulty = [path(f"{name}/", raiser(error)) for name, error in FAULTS.items()]
    monkeypatch.setattr(urls, "urlpatterns", [*faulty, *urls.urlpatterns])
    clear_url_caches()
    yield Client(raise_request_exception=False)
    clear_url_caches()


@pytest.mark.parametrize(
    "address, status, words",
    [
        ("/secret/", 403, "This is not open to you"),
        ("/words/", 403, "Only owners may."),
        ("/gone/", 404, "There is no job 5."),
        ("/nowhere/", 404, "There is no such page"),
        ("/large/", 413, "A file may have 50.0 MB at most"),
        ("/defect/", 500, "the fault is ours"),
    ],
)
def test_a_page_of_ours_says_what_is_wrong_and_leads_back(
    client: Client, address: str, status: int, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get(address)
    page = text_of(answer)
    assert answer.status_code == status
    assert words in page
    assert "Resolver404" not in page
    assert f'href="{reverse("admin:index")}"' in answer.content.decode()
    reference = REFERENCE.search(page)
    assert reference
    assert reference[1] == answer.headers[HEADER]


def test_a_host_that_is_not_ours_gets_a_page_too(client: Client) -> None:
    answer = client.get("/nowhere/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "The request cannot be read" in text_of(answer)


def test_a_form_that_was_open_for_too_long_is_told_so() -> None:
    answer = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
    assert answer.status_code == 403
    assert "open for too long" in text_of(answer)
    assert REFERENCE.search(text_of(answer))


def test_too_many_tries_have_a_page() -> None:
    assert "in 2 minutes" in render_to_string("429.html", {"minutes": 2})


def test_each_request_has_a_reference_of_its_own_that_nobody_chooses(client: Client) -> None:
    answers = [client.get("/nowhere/", headers={HEADER: "mine"}) for _ in range(2)]
    first, second = (answer.headers[HEADER] for answer in answers)
    assert len({first, second, "mine"}) == 3


# The log


class Lines(logging.Handler):
    """Keeps the lines as the console would show them."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        for own in logging.getLogger().handlers:
            if type(own) is logging.StreamHandler:
                self.setFormatter(own.formatter)
                self.filters = own.filters

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log() -> Iterator[list[str]]:
    handler = Lines()
    logging.getLogger().addHandler(handler)
    yield handler.lines
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize("address", ["/secret/", "/gone/", "/large/", "/nowhere/"])
@pytest.mark.parametrize("host", ["localhost", "evil.example"])
def test_a_refusal_is_a_line_in_the_log(
    client: Client, log: list[str], address: str, host: str
) -> None:
    answer = client.get(address, headers={"Host": host})
    assert log
    assert all("Traceback" not in line and "\n" not in line for line in log)
    assert all(f"[{answer.headers[HEADER]}]" in line for line in log)


def test_a_defect_is_logged_with_its_traceback_and_its_reference(
    client: Client, log: list[str]
) -> None:
    answer = client.get("/defect/")
    (line,) = [line for line in log if "ZeroDivisionError" in line]
    assert "Traceback" in line
    assert f"[{answer.headers[HEADER]}]" in line
