"""Who may send a large body: judged by the head of the request, before any of it is stored."""

import logging
from typing import Any

from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, close_old_connections
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from budgets.admin.sign_in.gate import lets_in
from budgets.api.http.fallbacks import ADDRESSES
from budgets.api.http.keys import refuse_what_ended, refuse_what_its_maker_may_not, secret_of
from budgets.api.http.problems import Problem
from budgets.models import KeyScope
from core.requests.addresses import client_address

log = logging.getLogger(__name__)

IMPORTS = ("add_spend", "change_brand", "change_campaign", "change_schedule")
"""Each of these permissions opens a page that takes files."""


def may_send_much(environ: dict[str, Any]) -> bool:
    """Say whether a working key, or somebody signed in who may import, sends the request."""
    request = WSGIRequest(environ)
    close_old_connections()  # this comes before the request, and may find one that died
    try:
        if request.path.startswith(ADDRESSES):
            return has_working_key(request)
        return is_importer(request)
    except DatabaseError as error:
        log.warning("Nobody can be known: %s", error)
        return False


def has_working_key(request: HttpRequest) -> bool:
    token = request.headers.get("Authorization", "").partition(" ")[2].strip()
    secret = secret_of(token, "add_spend")
    if secret is None:
        return False
    try:
        refuse_what_ended(secret, now=timezone.now())
        refuse_what_its_maker_may_not(secret, "add_spend")
    except Problem:
        return False
    key = secret.api_key
    return bool(key.may(KeyScope.SPEND) and key.works_from(client_address(request)))


def is_importer(request: HttpRequest) -> bool:
    SessionMiddleware(lambda _: HttpResponse()).process_request(request)
    user: Any = get_user(request)
    request.user = user
    may = user.is_active and user.is_staff and any(user.has_perm(f"budgets.{p}") for p in IMPORTS)
    return may and lets_in(request)
