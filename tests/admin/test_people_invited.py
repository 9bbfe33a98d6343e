"""Invitations: a mail or a link to hand over, good once, and nothing before it is used."""

import re
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse

from budgets.access.roles import MANAGER, OWNER, VIEWER
from budgets.models import PasswordLink
from tests.admin.pages import errors_of, text_of, told
from tests.admin.people import a_person, browser_of
from tests.builders import a_brand, an_instant

pytestmark = pytest.mark.django_db

LINK = re.compile(r"http://\S+/admin/reset/[^\s\"&<]+")
SECRET = "correct-horse-battery"
ADD = "admin:auth_user_add"


@pytest.fixture
def server(settings: Any) -> None:
    """Mail goes out."""
    settings.EMAIL_HOST = "mail.example.com"
    settings.DEFAULT_FROM_EMAIL = "budgets@example.com"


class DeadServer(EmailBackend):
    """A server that hangs up."""

    def send_messages(self, _messages: Any) -> int:
        raise SMTPServerDisconnected


def invite(client: Client, email: str = "Ben@Example.com", role: str = VIEWER, **more: Any) -> Any:
    form = {"email": email, "name": "Ben Okri", "role": Group.objects.get(name=role).pk}
    return client.post(reverse(ADD), form | {"reach": "all"} | more)


def link_in(text: object) -> str:
    found = LINK.search(str(text))
    assert found, text
    return found[0].replace("http://testserver", "")


def choose(link: str, password: str = SECRET) -> Any:
    """Open a link in a browser of its own and choose a password."""
    client = Client()
    opened = client.get(link, follow=True)
    form = {"new_password1": password, "new_password2": password}
    return client.post(opened.redirect_chain[-1][0], form) if opened.redirect_chain else opened


def ben() -> User:
    return User.objects.get(username="ben@example.com")


def page_of(user: User, page: str = "change") -> str:
    return reverse(f"admin:auth_user_{page}", args=[user.pk])


def test_an_invitation_leads_from_a_mail_to_the_first_page(owners: Client, server: None) -> None:
    acme = a_brand(name="Acme")
    answer = invite(owners, role=MANAGER, reach="some", brands=[acme.pk])
    assert "An invitation was sent to ben@example.com." in told(answer)
    (letter,) = mail.outbox
    assert letter.to == ["ben@example.com"]
    assert "ada invites you to Ad Budget Manager at testserver" in letter.body
    assert not ben().has_usable_password()
    chosen = choose(link_in(letter.body))
    assert chosen["Location"] == reverse("admin:login")
    client = Client()
    assert client.login(username="ben@example.com", password=SECRET)
    assert "Acme" in text_of(client.get("/admin/"))


def test_without_a_server_the_link_is_shown_once(owners: Client) -> None:
    answer = invite(owners)
    text = text_of(answer)
    assert "No mail server is set" in text
    assert "no-store" in answer["Cache-Control"]
    assert mail.outbox == []
    assert choose(link_in(answer.content.decode())).status_code == 302
    assert ben().check_password(SECRET)
    assert "/admin/reset/" not in owners.get(page_of(ben())).content.decode()


def test_a_mail_that_cannot_be_sent_is_told_and_the_link_shown(
    owners: Client, server: None, settings: Any
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.DeadServer"
    answer = invite(owners)
    assert "The mail to ben@example.com could not be sent" in text_of(answer)
    assert choose(link_in(answer.content.decode())).status_code == 302


def test_a_link_works_once(owners: Client) -> None:
    link = link_in(invite(owners).content.decode())
    assert choose(link).status_code == 302
    assert "This link does not work any more" in text_of(choose(link, "another-long-one"))
    assert ben().check_password(SECRET)


def test_a_link_works_for_three_days(owners: Client) -> None:
    with time_machine.travel(an_instant("2026-03-10 12:00"), tick=False):
        link = link_in(invite(owners).content.decode())
    with time_machine.travel(an_instant("2026-03-13 12:01"), tick=False):
        assert "This link does not work any more" in text_of(choose(link))


def test_a_bad_password_is_refused_with_why(owners: Client) -> None:
    link = link_in(invite(owners).content.decode())
    assert "too short" in text_of(choose(link, "abc"))
    assert "entirely numeric" in text_of(choose(link, "8462946295"))
    assert not ben().has_usable_password()


def test_a_link_of_somebody_deactivated_does_nothing(owners: Client) -> None:
    link = link_in(invite(owners).content.decode())
    User.objects.filter(username="ben@example.com").update(is_active=False)
    assert "This link does not work any more" in text_of(choose(link))
    assert not ben().has_usable_password()


@pytest.mark.parametrize("which", ["MQ/x-y", "!/x", "99999/abc-def", "MQ/set-password"])
def test_an_invented_link_is_no_error(client: Client, which: str) -> None:
    answer = client.get(f"/admin/reset/{which}/", follow=True)
    assert "This link does not work any more" in text_of(answer)


def test_an_invitation_is_sent_again_and_withdrawn(owners: Client, server: None) -> None:
    invite(owners)
    page = owners.get(page_of(ben()))
    assert "Invited, not yet accepted" in text_of(page)
    owners.post(page_of(ben(), "link"))
    assert len(mail.outbox) == 2
    link = link_in(mail.outbox[1].body)
    answer = owners.post(page_of(ben(), "withdraw"))
    assert "is withdrawn" in told(answer)[-1]
    assert not User.objects.filter(username="ben@example.com").exists()
    assert "This link does not work any more" in text_of(choose(link))


def test_an_accepted_invitation_is_not_withdrawn(owners: Client) -> None:
    choose(link_in(invite(owners).content.decode()))
    assert "They have accepted" in told(owners.post(page_of(ben(), "withdraw")))[-1]
    assert ben().is_active


def test_an_old_invitation_is_called_expired(owners: Client) -> None:
    invite(owners)
    PasswordLink.objects.update(made_at=an_instant("2026-03-10 12:00"))
    assert "Invitation expired" in text_of(owners.get(reverse("admin:auth_user_changelist")))


@pytest.mark.parametrize("email", ["", "nobody", "ada@example.com", "ADA@example.com"])
def test_an_invitation_needs_an_address_of_nobody_else(owners: Client, email: str) -> None:
    assert "email" in errors_of(invite(owners, email))
    assert User.objects.count() == 1


def test_an_owner_makes_a_link_for_a_new_password(owners: Client, server: None) -> None:
    cleo = a_person("cleo", VIEWER)
    theirs = browser_of(cleo)
    assert "A link for a new password was sent" in told(owners.post(page_of(cleo, "link")))[0]
    choose(link_in(mail.outbox[0].body))
    cleo.refresh_from_db()
    assert cleo.check_password(SECRET)
    assert theirs.get("/admin/").status_code == 302  # whoever was in is out


def test_a_link_is_shown_instead_of_sent_where_one_asks_for_that(
    owners: Client, server: None
) -> None:
    answer = owners.post(page_of(a_person("cleo", VIEWER), "link"), {"show": "1"})
    assert LINK.search(answer.content.decode())
    assert mail.outbox == []


def test_links_are_made_by_sending_a_form_only(owners: Client) -> None:
    cleo = a_person("cleo", VIEWER)
    assert owners.get(page_of(cleo, "link")).status_code == 405
    assert owners.get(page_of(cleo, "withdraw")).status_code == 405
    assert owners.post(page_of(cleo, "link"), {"csrfmiddlewaretoken": "x"}).status_code == 200


@pytest.mark.parametrize("role", [MANAGER, VIEWER])
def test_only_owners_invite(role: str, quick_passwords: None) -> None:
    client, cleo = browser_of(a_person("dan", role)), a_person("cleo", OWNER)
    assert invite(client).status_code == 403
    assert client.post(page_of(cleo, "link")).status_code == 403


def test_a_typed_password_is_an_answer_to_an_invitation_too(owners: Client) -> None:
    link = link_in(invite(owners).content.decode())
    form = {"password1": SECRET, "password2": SECRET}
    assert owners.post(page_of(ben(), "password_change"), form).status_code == 302
    assert ben().check_password(SECRET)
    assert "This link does not work any more" in text_of(choose(link, "another-long-one"))
