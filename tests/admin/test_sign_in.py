"""Signing in: guesses are bounded before they are hashed, and nobody is locked out for long."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from budgets.models import AccessEvent, AccessKind
from budgets.operations.sign_in.bounds import (
    OF_ADDRESS,
    OF_ADDRESS_A_DAY,
    OF_NAME,
    OF_NAME_AND_ADDRESS,
)
from tests.admin.pages import text_of
from tests.builders import an_instant, the_clock_at

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
HOME, OFFICE, ELSEWHERE = "203.0.113.1", "198.51.100.7", "192.0.2.9"
RIGHT, WRONG = "a long password", "wrong"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
LOCK = OF_NAME_AND_ADDRESS.within


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada", password=RIGHT, is_staff=True, is_superuser=True)


def try_in(
    name: str,
    password: str = WRONG,
    *,
    at: datetime = NOON,
    address: str = HOME,
    client: Client | None = None,
) -> Any:
    with the_clock_at(at):
        return (client or Client()).post(
            reverse("admin:login"), {"username": name, "password": password}, REMOTE_ADDR=address
        )


def guess(times: int, name: str = "ada", **where: Any) -> Any:
    for _ in range(times):
        answer = try_in(name, **where)
    return answer


def is_in(answer: Any) -> bool:
    return bool(answer.status_code == 302)


def test_the_right_password_opens_the_admin(ada: User) -> None:
    client = Client()
    assert is_in(try_in("ada", RIGHT, client=client, at=datetime.now(tz=NOON.tzinfo)))
    assert client.get(reverse("admin:index")).status_code == 200


def test_a_sixth_guess_is_refused_whatever_it_is(ada: User) -> None:
    assert guess(5).status_code == 200
    answer = try_in("ada", RIGHT)
    assert answer.status_code == 429
    assert answer["Retry-After"] == str(int(LOCK.total_seconds()))
    assert "Try again in 15 minutes" in text_of(answer)


def test_no_hash_is_computed_and_nothing_written_while_locked(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    guess(5)
    before = list(AccessEvent.objects.values_list("pk", "times", "at"))
    monkeypatch.setattr(hashers, "check_password", pytest.fail)
    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", pytest.fail)
    assert guess(3).status_code == 429
    assert list(AccessEvent.objects.values_list("pk", "times", "at")) == before


def test_the_lock_ends_by_itself(ada: User) -> None:
    guess(5)
    assert try_in("ada", RIGHT, at=NOON + LOCK - SECOND).status_code == 429
    assert is_in(try_in("ada", RIGHT, at=NOON + LOCK))


def test_an_unknown_name_is_locked_in_the_same_words(ada: User) -> None:
    assert text_of(guess(1, "nobody")) == text_of(guess(1, "ada")).replace("ada", "nobody")
    assert words_of(guess(5, "nobody")) == words_of(guess(5, "ada"))


def words_of(response: Any) -> str:
    """Return what a page says but for the reference of its request."""
    return re.sub(r"reference \w+", "", text_of(response))


def test_somebody_without_staff_status_is_told_what_an_unknown_name_is() -> None:
    User.objects.create_user("vera", password=RIGHT)
    told = text_of(try_in("vera", RIGHT)).replace("vera", "nobody")
    assert told == text_of(try_in("nobody", RIGHT))


def test_one_address_tries_twenty_passwords_whatever_the_names(ada: User) -> None:
    for number in range(OF_ADDRESS.failures):
        assert try_in(f"name{number}").status_code == 200
    assert try_in("ada", RIGHT).status_code == 429
    assert is_in(try_in("ada", RIGHT, address=OFFICE))


def test_one_address_tries_a_hundred_passwords_a_day(ada: User) -> None:
    at = NOON
    for number in range(OF_ADDRESS_A_DAY.failures):
        at += timedelta(minutes=1)
        assert try_in(f"name{number}", at=at).status_code == 200
    assert try_in("ada", RIGHT, at=at + LOCK).status_code == 429
    assert is_in(try_in("ada", RIGHT, at=NOON + OF_ADDRESS_A_DAY.within + MINUTE))


def test_one_name_is_tried_fifty_times_whatever_the_addresses(ada: User) -> None:
    for number in range(OF_NAME.failures):
        assert try_in("ada", address=f"192.0.2.{number}").status_code == 200
    assert try_in("ada", RIGHT, address=OFFICE).status_code == 429
    assert is_in(try_in("ada", RIGHT, address=OFFICE, at=NOON + OF_NAME.within))


def test_who_guesses_at_a_name_locks_nobody_out_where_they_were_before(ada: User) -> None:
    try_in("ada", RIGHT, address=OFFICE, at=NOON - timedelta(days=1))
    for number in range(OF_NAME.failures):
        try_in("ada", address=f"192.0.2.{number}")
    for number in range(OF_ADDRESS.failures):
        try_in(f"name{number}", address=OFFICE)
    assert is_in(try_in("ada", RIGHT, address=OFFICE))


def test_a_known_address_is_bounded_too(ada: User) -> None:
    try_in("ada", RIGHT, at=NOON - timedelta(days=1))
    guess(5)
    assert try_in("ada", RIGHT).status_code == 429


def test_ones_own_slips_are_forgiven_once_in(ada: User) -> None:
    for _ in range(3):
        guess(4)
        assert is_in(try_in("ada", RIGHT))


def test_ones_own_account_forgives_no_guesses_at_others(ada: User) -> None:
    for number in range(OF_ADDRESS.failures):
        try_in(f"name{number}", address=ELSEWHERE)
        if number == 10:
            try_in("ada", RIGHT, address=ELSEWHERE)
    assert try_in("bob", address=ELSEWHERE).status_code == 429


def test_an_ipv6_network_counts_as_one_address() -> None:
    for number in range(OF_ADDRESS.failures):
        try_in(f"name{number}", address=f"2001:db8:1:2::{number:x}")
    assert try_in("ada", address="2001:db8:1:2:ffff::1").status_code == 429
    assert try_in("ada", address="2001:db8:1:3::1").status_code == 200


def test_a_spoofed_header_gives_no_new_guesses() -> None:
    guess(5)
    spoofing = Client(headers={"X-Forwarded-For": "192.0.2.200"})
    assert try_in("ada", client=spoofing).status_code == 429


def test_failures_are_one_row_with_their_number(ada: User) -> None:
    guess(4)
    row = AccessEvent.objects.get(kind=AccessKind.WRONG_PASSWORD)
    assert (row.name, row.address, row.times) == ("ada", HOME, 4)


def test_both_outcomes_are_logged_and_no_password(
    ada: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    try_in("ada", "secret-guess")
    try_in("ada", RIGHT)
    assert "access wrong_password name='ada'" in caplog.text
    assert "access signed_in name='ada' who='ada' address=203.0.113.1" in caplog.text
    assert "secret-guess" not in caplog.text
    assert RIGHT not in caplog.text


def test_a_name_forges_no_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    try_in("x\n2026-03-10 INFO access signed_in name='root'\u202e\x1b[2J")
    lines = [record.getMessage() for record in caplog.records if "access" in record.getMessage()]
    assert lines
    assert all(line.isascii() and line.isprintable() for line in lines)


def test_somebody_deactivated_is_out_at_once(ada: User) -> None:
    client = Client()
    client.force_login(ada)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert client.get(reverse("admin:index")).status_code == 302


def test_a_new_password_ends_the_sessions_of_the_old(ada: User) -> None:
    client = Client()
    client.force_login(ada)
    ada.set_password("another password")
    ada.save()
    assert client.get(reverse("admin:index")).status_code == 302


def test_nobody_is_led_to_another_site(ada: User) -> None:
    answer = Client().post(
        f"{reverse('admin:login')}?next=https://evil.example/",
        {"username": "ada", "password": RIGHT},
    )
    assert answer["Location"] == reverse("admin:index")


def test_an_idle_session_ends_and_leads_back(ada: User, settings: Any) -> None:
    settings.IDLE_TIMEOUT_MINUTES = 30
    client, page = Client(), reverse("admin:budgets_brand_changelist")
    with the_clock_at(NOON):
        client.force_login(ada)
    with the_clock_at(NOON + 29 * MINUTE):
        assert client.get(page).status_code == 200
    with the_clock_at(NOON + 58 * MINUTE):
        assert client.get(page).status_code == 200
    with the_clock_at(NOON + 88 * MINUTE):
        answer = client.get(page)
        assert answer["Location"] == f"{reverse('admin:login')}?next={page}"
        assert "nothing was done for 30 minutes" in text_of(client.get(answer["Location"]))


def test_a_page_that_refreshes_itself_keeps_no_session_alive(ada: User, settings: Any) -> None:
    settings.IDLE_TIMEOUT_MINUTES = 30
    client, part = Client(), reverse("admin:overview")
    with the_clock_at(NOON):
        client.force_login(ada)
    for minutes in (10, 20, 29):
        with the_clock_at(NOON + minutes * MINUTE):
            assert client.get(part, headers={"X-Refresh": "1"}).status_code == 200
    with the_clock_at(NOON + 30 * MINUTE):
        assert client.get(part, headers={"X-Refresh": "1"}).status_code == 302


def test_a_session_is_written_once_a_minute(ada: User) -> None:
    client = Client()
    with the_clock_at(NOON):
        client.force_login(ada)
    noted = []
    for seconds in (10, 59, 61, 100, 122):
        with the_clock_at(NOON + timedelta(seconds=seconds)):
            client.get(reverse("two_step"))
            noted.append(client.session["used_at"] - int(NOON.timestamp()))
    assert noted == [0, 0, 61, 61, 122]


def test_who_found_a_session_open_guesses_at_its_password_no_more_than_a_stranger(
    ada: User,
) -> None:
    browser = Client()
    browser.force_login(ada)
    new = {"new_password1": "a-new-long-secret", "new_password2": "a-new-long-secret"}
    page = reverse("admin:password_change")
    told = [
        browser.post(page, {"old_password": f"wrong {number}", **new}).status_code
        for number in range(OF_NAME_AND_ADDRESS.failures + 1)
    ]
    assert told == [200] * OF_NAME_AND_ADDRESS.failures + [429]
    AccessEvent.objects.all().delete()
    assert browser.post(page, {"old_password": RIGHT, **new}).status_code == 302
