"""Error pages for developers, and the reports made of them, without the installation's secrets."""

import os
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.html import escape
from django.views.debug import ExceptionReporter

IN_AN_ADDRESS = re.compile(r"(://[^\s:/@'\"]*:)[^\s/@'\"]+(?=@)")
MASK = "********"
SHORTEST = 4
"""A shorter secret is on every page by chance."""


def secrets_of_settings() -> Iterator[str]:
    """Yield what nobody may read on a page, in each way that it may be written there."""
    addresses = (settings.REDIS_URL, settings.CELERY_BROKER_URL, settings.CELERY_RESULT_BACKEND)
    passwords = [urlsplit(address).password for address in addresses]
    passwords.append(settings.EMAIL_HOST_PASSWORD)
    passwords += [str(database.get("PASSWORD") or "") for database in settings.DATABASES.values()]
    for secret in (settings.SECRET_KEY, os.environ.get("ADMIN_PASSWORD"), *passwords):
        if secret and len(secret) >= SHORTEST:
            yield from {secret, unquote(secret), escape(secret), escape(unquote(secret))}


class DiscreetReporter(ExceptionReporter):
    """Masks secrets wherever they are: also in variables, messages and settings of other names."""

    def get_traceback_html(self) -> Any:
        return masked(super().get_traceback_html())

    def get_traceback_text(self) -> Any:
        return masked(super().get_traceback_text())


def masked(page: str) -> str:
    """Return the page with a mask for each secret, and for each password in an address."""
    for secret in sorted(secrets_of_settings(), key=len, reverse=True):
        page = page.replace(secret, MASK)
    return IN_AN_ADDRESS.sub(rf"\1{MASK}", page)
