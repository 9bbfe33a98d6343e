"""The gate of the admin: ends idle sessions, and lets nobody past a second step they owe."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.auth.views import redirect_to_login
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.admin.base.admin import request_time
from budgets.models import AccessKind
from budgets.operations.access_record import Actor, acting, record_access
from budgets.operations.sign_in.bounds import counted_as
from budgets.operations.sign_in.two_step import TwoStep, two_step_of
from core.requests.addresses import client_address

USED_AT, TWO_STEP = "used_at", "two_step"
"""What a session keeps: when its person last did something, and the device they signed in with."""

NOTED_EVERY_SECONDS = 60
"""A session is written no more often: on SQLite one writes at a time."""

POLL_HEADER = "X-Refresh"
"""Sent by pages that refresh themselves: nobody needs to be there for it."""

ALWAYS_OPEN = ("admin:login", "sign_in_code", "admin:logout", "admin:jsi18n")


class Gate:
    """Middleware around the admin. Programs with API keys do not come by here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(reverse("admin:index")):
            return self.get_response(request)
        with acting(actor_of(request)):
            return stopped(request) or self.get_response(request)


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts by the request, asked late: signing in and out changes it on the way."""

    def name() -> str:
        return str(request.user.get_username())

    def address() -> str:
        return counted_as(client_address(request))

    return Actor(name=name, address=address)


@receiver(user_logged_in)
def begin_use(request: HttpRequest, **_: Any) -> None:
    request.session[USED_AT] = int(request_time(request).timestamp())


@receiver(user_logged_out)
def record_sign_out(request: HttpRequest, user: Any, **_: Any) -> None:
    if user is not None:
        name, now = user.get_username(), request_time(request)
        record_access(AccessKind.SIGNED_OUT, name, who=name, at=now)


def stopped(request: HttpRequest) -> HttpResponse | None:
    """Return where somebody is sent instead of the page they asked for; `None` lets them pass."""
    if not request.user.is_authenticated or request.path in map(reverse, ALWAYS_OPEN):
        return None
    if is_idle(request):
        minutes = settings.IDLE_TIMEOUT_MINUTES
        words = ngettext(
            "You were signed out: nothing was done for a minute.",
            "You were signed out: nothing was done for %(n)s minutes.",
            minutes,
        )
        return sign_in_again(request, words % {"n": minutes})
    note_use(request)
    stands = two_step_of(request.user)
    if owes_code(request, stands):
        return sign_in_again(request, _("Two-step sign-in is on: sign in again, with a code."))
    if owes_device(stands):
        set_up = reverse("two_step_set_up")
        return None if request.path == set_up else redirect(set_up)
    return None


def lets_in(request: HttpRequest) -> bool:
    """Say whether somebody is signed in whom the gate would let pass; notes no use."""
    if not request.user.is_authenticated or is_idle(request):
        return False
    stands = two_step_of(request.user)
    return not owes_code(request, stands) and not owes_device(stands)


def owes_code(request: HttpRequest, stands: TwoStep) -> bool:
    return bool(stands.device_id) and stands.device_id != request.session.get(TWO_STEP)


def owes_device(stands: TwoStep) -> bool:
    return stands.device_id is None and stands.is_demanded


def is_idle(request: HttpRequest) -> bool:
    """Say whether the session was left alone for too long."""
    used_at = request.session.get(USED_AT)
    now = request_time(request).timestamp()
    return used_at is not None and now - used_at >= settings.IDLE_TIMEOUT_MINUTES * 60


def note_use(request: HttpRequest) -> None:
    """Note that the session is used, a minute exact."""
    now = int(request_time(request).timestamp())
    used_at = request.session.get(USED_AT)
    is_poll = POLL_HEADER in request.headers
    if used_at is None or (not is_poll and now - used_at >= NOTED_EVERY_SECONDS):
        request.session[USED_AT] = now


def sign_in_again(request: HttpRequest, words: str) -> HttpResponse:
    """End the session, and lead back to the page afterwards if it was only looked at."""
    logout(request)
    messages.info(request, words)
    if request.method == "GET":
        return redirect_to_login(request.get_full_path())
    return redirect("admin:login")
