"""A forgotten password: a link by mail, which tells nobody who is known here."""

import threading
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse

from budgets.access.roles import VIEWER
from budgets.admin.people.links import MAILER, MOST_AN_HOUR
from tests.admin.pages import text_of
from tests.admin.people import a_person, browser_of
from tests.admin.test_people_invited import SECRET, choose, link_in

pytestmark = pytest.mark.django_db
ASK = "/admin/password_reset/"


@pytest.fixture(autouse=True)
def server(settings: Any, quick_passwords: None) -> None:
    settings.EMAIL_HOST = "mail.example.com"


class WaitingServer(EmailBackend):
    """A server that takes its time."""

    let_go: ClassVar = threading.Event()

    def send_messages(self, messages: Any) -> int:
        assert self.let_go.wait(20)
        return super().send_messages(messages)


def ask(client: Client, email: str) -> Any:
    return client.post(ASK, {"email": email}, follow=True)


def letters() -> Iterator[Any]:
    """Return the mails once the thread that sends them has nothing left to do."""
    MAILER.submit(int).result(timeout=20)
    return iter(mail.outbox)


def test_the_log_in_page_leads_to_it(client: Client) -> None:
    assert ASK in client.get(reverse("admin:login")).content.decode()


def test_a_link_by_mail_sets_a_new_password_and_ends_other_sessions(client: Client) -> None:
    cleo = a_person("cleo", VIEWER)
    theirs = browser_of(cleo)
    ask(client, "CLEO@example.com")
    (letter,) = letters()
    assert letter.to == ["cleo@example.com"]
    assert "somebody asked for a new password" in letter.body
    choose(link_in(letter.body))
    cleo.refresh_from_db()
    assert cleo.check_password(SECRET)
    assert theirs.get("/admin/").status_code == 302


def test_it_tells_nobody_who_is_known_here(client: Client, settings: Any) -> None:
    a_person("cleo", VIEWER)
    settings.EMAIL_BACKEND = f"{__name__}.WaitingServer"
    known = ask(client, "cleo@example.com")  # answered while the mail still waits
    assert mail.outbox == []
    stranger = ask(Client(), "nobody@example.com")
    WaitingServer.let_go.set()
    assert len(list(letters())) == 1
    assert text_of(known) == text_of(stranger)
    assert known.redirect_chain == stranger.redirect_chain


@pytest.mark.parametrize("facts", [{"is_active": False}, {"password": "!"}])
def test_who_may_not_log_in_is_sent_nothing(client: Client, facts: dict[str, Any]) -> None:
    a_person("cleo", VIEWER)
    User.objects.update(**facts)
    ask(client, "cleo@example.com")
    assert list(letters()) == []


def test_nobody_is_flooded(client: Client) -> None:
    cleo = a_person("cleo", VIEWER)
    for _ in range(MOST_AN_HOUR + 2):
        ask(client, "cleo@example.com")
    assert len(list(letters())) == MOST_AN_HOUR
    assert cleo.password_links.count() == MOST_AN_HOUR


def test_without_a_server_an_owner_is_asked(client: Client, settings: Any) -> None:
    settings.EMAIL_HOST = ""
    a_person("cleo", VIEWER)
    assert "Ask an owner of your installation" in text_of(client.get(ASK))
    assert "Ask an owner of your installation" in text_of(ask(client, "cleo@example.com"))
    assert list(letters()) == []


def test_a_wrong_host_gets_no_link(client: Client) -> None:
    a_person("cleo", VIEWER)
    answer = client.post(ASK, {"email": "cleo@example.com"}, headers={"host": "evil.example.com"})
    assert answer.status_code == 400
    assert list(letters()) == []
