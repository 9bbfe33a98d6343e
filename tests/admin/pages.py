"""What tests of pages say again and again."""

from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

NO_NEW_CAMPAIGNS = {
    "campaigns-TOTAL_FORMS": "0",
    "campaigns-INITIAL_FORMS": "0",
    "campaigns-MIN_NUM_FORMS": "0",
    "campaigns-MAX_NUM_FORMS": "1000",
}

A_BRAND = {
    "name": "Acme",
    "currency": "USD",
    "timezone": "UTC",
    "daily_budget": "",
    "monthly_budget": "",
    **NO_NEW_CAMPAIGNS,
}

A_CAMPAIGN = {
    "name": "Spring sale",
    "external_id": "",
    "schedule": "",
    "daily_budget": "",
    "monthly_budget": "",
    "starts_on": "",
    "ends_on": "",
}


def address(page: str, *args: Any) -> str:
    """Return the address of a page of this project: `brand_add`."""
    return reverse(f"admin:budgets_{page}", args=args)


def text_of(response: Any) -> str:
    """Return what a person reads on a page, with single spaces."""
    return " ".join(unescape(strip_tags(response.content.decode().replace("<", " <"))).split())


def told(response: Any) -> list[str]:
    """Return the messages shown after a form was sent."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def errors_of(response: Any) -> Mapping[str, list[str]]:
    """Return the errors at the fields of the form that came back."""
    errors: Mapping[str, list[str]] = response.context["adminform"].form.errors
    return errors


def send(signed_in: Client, page: str, data: Mapping[str, Any], *args: Any) -> Any:
    """Send a form to a page and return what comes back, without following it."""
    return signed_in.post(address(page, *args), dict(data))


class HiddenInputs(HTMLParser):
    """Collects the hidden inputs of a page, as a browser would send them again."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "input" and named.get("type") == "hidden" and named.get("name"):
            self.values.setdefault(str(named["name"]), []).append(named.get("value") or "")


def confirm(signed_in: Client, response: Any, **more: str) -> Any:
    """Press the button of a page that asks before it saves."""
    inputs = HiddenInputs()
    inputs.feed(response.content.decode())
    return signed_in.post(response.wsgi_request.get_full_path(), inputs.values | more)
