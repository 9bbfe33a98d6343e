"""A person's own two-step sign-in: set up, new recovery codes, off."""

from base64 import b32encode
from typing import Any

import segno
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from budgets.admin.sign_in.entrance import locked_page
from budgets.admin.sign_in.forms import CodeForm, SetUpForm
from budgets.admin.sign_in.gate import TWO_STEP
from budgets.models import AccessKind
from budgets.operations.sign_in.attempts import LockedOut
from budgets.operations.sign_in.two_step import (
    codes_left,
    make_recovery_codes,
    remove,
    set_up,
    two_step_of,
)

KEY = "two_step_key"
"""The secret of an app that is being set up, in the session until its first code is right."""

SECRET_GROUP = 4

private = sensitive_post_parameters("code")


@never_cache
@private
def two_step_page(request: HttpRequest) -> HttpResponse:
    """Show how somebody signs in; with a code, make new recovery codes or switch off."""
    stands = two_step_of(request.user)
    if stands.device_id is None:
        return page(request, "overview", _("Two-step sign-in"), stands=stands)
    form = CodeForm(request.POST or None, request=request, user=request.user)
    try:
        is_right = request.method == "POST" and form.is_valid()
    except LockedOut as locked:
        return locked_page(request, locked.until)
    user: Any = request.user
    if is_right and "new_codes" in request.POST:
        return recovery_codes(request)
    if is_right and "off" in request.POST:
        remove(user, AccessKind.TWO_STEP_OFF)
        request.session.pop(TWO_STEP, None)
        messages.success(request, _("Two-step sign-in is off."))
        return redirect("two_step")
    left = codes_left(user)
    return page(request, "overview", _("Two-step sign-in"), stands=stands, form=form, left=left)


@never_cache
@private
def set_up_page(request: HttpRequest) -> HttpResponse:
    """Show the secret to give to an app, until the app answers with a code."""
    stands = two_step_of(request.user)
    if stands.device_id is not None:
        return redirect("two_step")
    key = request.session.setdefault(KEY, default_key())
    form = SetUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user: Any = request.user
        device = set_up(user, key, form.cleaned_data["code"])
        if device:
            del request.session[KEY]
            request.session[TWO_STEP] = device.pk
            return recovery_codes(request)
        form.add_error("code", _("This is not the app's code. Its clock must be right."))
    return page(
        request,
        "set_up",
        _("Set up two-step sign-in"),
        form=form,
        stands=stands,
        secret=in_groups(b32encode(bytes.fromhex(key)).decode()),
        picture=picture_of(request.user, key),
        issuer=settings.OTP_TOTP_ISSUER,
    )


def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show new recovery codes in this one answer: only their hashes are kept."""
    user: Any = request.user
    codes = make_recovery_codes(user)
    return page(request, "recovery_codes", _("Your recovery codes"), codes="\n".join(codes))


def picture_of(user: Any, key: str) -> str:
    """Return the secret as a picture for an app's camera: an SVG of our own, nothing fetched."""
    address = TOTPDevice(user=user, key=key).config_url
    svg = segno.make(address, error="m").svg_inline(
        scale=5, dark="#000", light="#fff", omitsize=True, svgclass="abm-qr", lineclass=None
    )
    return mark_safe(svg)  # noqa: S308  # segno's own, of digits


def in_groups(secret: str) -> str:
    starts = range(0, len(secret), SECRET_GROUP)
    return " ".join(secret[start : start + SECRET_GROUP] for start in starts)


def page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    return TemplateResponse(
        request,
        f"budgets/sign_in/{template}.html",
        {**admin.site.each_context(request), "title": title, **context},
    )
