"""Whose address a request has, whatever its headers say."""

from ipaddress import ip_network
from typing import Any

import pytest
from django.test import RequestFactory

from core.environment import Environment
from core.requests.addresses import client_address


def address(remote: str, forwarded: str | None = None) -> str:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_address(RequestFactory(headers=headers, REMOTE_ADDR=remote).get("/"))


@pytest.fixture
def behind_a_proxy(settings: Any) -> None:
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


def test_without_proxies_nobody_gives_themselves_an_address() -> None:
    assert address("203.0.113.9") == "203.0.113.9"
    assert address("203.0.113.9", "198.51.100.1") == "203.0.113.9"


@pytest.mark.usefixtures("behind_a_proxy")
@pytest.mark.parametrize(
    "remote, forwarded, is_of",
    [
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9:51234", "203.0.113.9"),
        ("10.0.0.1", "[2001:db8::9]:51234", "2001:db8::9"),
        ("fd00::1", "2001:DB8:0::9", "2001:db8::9"),
        ("::ffff:10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_a_proxy_says_who_came_to_it(remote: str, forwarded: str, is_of: str) -> None:
    assert address(remote, forwarded) == is_of


@pytest.mark.usefixtures("behind_a_proxy")
@pytest.mark.parametrize(
    "remote, forwarded, is_of",
    [
        # What the client wrote itself stands before what the proxy wrote.
        ("10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "10.0.0.7, 203.0.113.9", "203.0.113.9"),
        # Not a proxy of ours: its headers are nothing.
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1, 10.0.0.1", "203.0.113.9"),
        # Nonsense is no address.
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "' or 1=1, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("", "203.0.113.9", ""),
    ],
)
def test_a_spoofed_header_changes_nothing(remote: str, forwarded: str, is_of: str) -> None:
    assert address(remote, forwarded) == is_of


def test_the_setting_takes_addresses_and_networks_and_names_what_is_neither() -> None:
    read = Environment({"TRUSTED_PROXIES": "10.0.0.5, 2001:db8::/32"})
    assert read.networks("TRUSTED_PROXIES") == [
        ip_network("10.0.0.5/32"),
        ip_network("2001:db8::/32"),
    ]
    wrong = Environment({"TRUSTED_PROXIES": "10.0.0.5, nginx"})
    assert wrong.networks("TRUSTED_PROXIES") == []
    assert [each.name for each in wrong.problems] == ["TRUSTED_PROXIES"]
