"""System checks: settings that cannot be meant, each with what to write instead."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution

LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}


@register()
def settings_that_cannot_be_read(**_: Any) -> list[CheckMessage]:
    """Name every setting of the environment whose default is used because it cannot be read."""
    return [
        Error(f"{each.name}={each.text!r} cannot be read.", hint=each.hint, id="budgets.E001")
        for each in settings.SETTING_PROBLEMS
    ]


@register()
def https_without_hosts(**_: Any) -> list[CheckMessage]:
    """Refuse a public site that answers to its own machine only."""
    if not settings.HTTPS or set(settings.ALLOWED_HOSTS) - LOOPBACK:
        return []
    hint = "Set it to the names this site is reached by, such as budgets.example.com."
    return [Error("HTTPS is on, but ALLOWED_HOSTS is not set.", hint=hint, id="budgets.E003")]


@register()
def mail_without_sender(**_: Any) -> list[CheckMessage]:
    """Refuse a mail server that would be given mail from nobody."""
    if not settings.EMAIL_HOST or "@" in settings.DEFAULT_FROM_EMAIL:
        return []
    hint = "Set it to the address that mail comes from, such as budgets@example.com."
    return [
        Error("EMAIL_HOST is set, but DEFAULT_FROM_EMAIL is not.", hint=hint, id="budgets.E010")
    ]


@register(Tags.security, deploy=True)
def proxy_without_trust(**_: Any) -> list[CheckMessage]:
    """Warn where everybody would have the proxy's address: guesses of one would bound all."""
    if not settings.HTTPS or settings.TRUSTED_PROXIES:
        return []
    hint = "Set it to the address of the proxy that ends TLS, such as 10.0.0.5."
    return [Caution("HTTPS is on, but TRUSTED_PROXIES is not set.", hint=hint, id="budgets.W001")]
