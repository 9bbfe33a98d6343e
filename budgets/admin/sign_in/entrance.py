"""Signing in: the password first, then a code where two-step sign-in is on."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from budgets.admin.base.admin import request_time
from budgets.admin.sign_in.forms import CodeForm, OwnPasswordForm, PasswordForm
from budgets.admin.sign_in.gate import TWO_STEP
from budgets.operations.sign_in.attempts import LockedOut, signed_in
from budgets.operations.sign_in.two_step import two_step_of
from core.requests.addresses import client_address

PENDING = "second_step"
PENDING_FOR = timedelta(minutes=10)
"""For how long the password counts while its person looks for their phone."""


class SignInPage(LoginView):
    """The page of name and password, for `admin:login`."""

    template_name = "admin/login.html"
    authentication_form = PasswordForm
    redirect_authenticated_user = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method == "GET" and admin.site.has_permission(request):
            return redirect(self.get_success_url())
        try:
            return super().dispatch(request, *args, **kwargs)
        except LockedOut as locked:
            return locked_page(request, locked.until)

    def get_default_redirect_url(self) -> str:
        return reverse("admin:index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {
            **context,
            **admin.site.each_context(self.request),
            "title": _("Sign in"),
            "app_path": self.request.get_full_path(),
            "username": self.request.user.get_username(),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        stands = two_step_of(user)
        if stands.device_id is None:
            return let_in(self.request, user, self.get_success_url())
        self.request.session[PENDING] = {
            "user": user.pk,
            "password": user.get_session_auth_hash(),
            "at": request_time(self.request).timestamp(),
            "next": self.get_success_url(),
        }
        return redirect("sign_in_code")


class OwnPasswordPage(PasswordChangeView):
    """The page on which somebody signed in changes their password."""

    form_class = OwnPasswordForm
    success_url = reverse_lazy("admin:password_change_done")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | admin.site.each_context(self.request)

    def dispatch(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().dispatch(*args, **kwargs)
        except LockedOut as locked:
            return locked_page(self.request, locked.until)


@sensitive_post_parameters("code")
@never_cache
def code_page(request: HttpRequest) -> HttpResponse:
    """Ask for the code of somebody whose password was right."""
    pending = request.session.get(PENDING) or {}
    user = user_of(pending, now=request_time(request))
    if user is None:
        return redirect("admin:login")
    form = CodeForm(request.POST or None, request=request, user=user)
    try:
        is_in = request.method == "POST" and form.is_valid()
    except LockedOut as locked:
        return locked_page(request, locked.until)
    if is_in:
        del request.session[PENDING]
        return let_in(request, user, pending["next"])
    context = {**admin.site.each_context(request), "title": _("Enter a code"), "form": form}
    return TemplateResponse(request, "budgets/sign_in/code.html", context)


def user_of(pending: dict[str, Any], *, now: datetime) -> User | None:
    """Return whose password was right a moment ago, and still is."""
    if not 0 <= now.timestamp() - pending.get("at", 0) <= PENDING_FOR.total_seconds():
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True, is_staff=True).first()
    if user and constant_time_compare(user.get_session_auth_hash(), pending["password"]):
        return user
    return None


def let_in(request: HttpRequest, user: User, address: str) -> HttpResponse:
    """Begin the session of somebody who has done every step."""
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    now = request_time(request)
    request.session[TWO_STEP] = two_step_of(user).device_id
    signed_in(user.get_username(), client_address(request), now=now)
    return redirect(address)


def locked_page(request: HttpRequest, until: datetime) -> HttpResponse:
    """Say when to try again: the same for every name, whether there is such a user or not."""
    seconds = max(1, ceil((until - request_time(request)).total_seconds()))
    response = TemplateResponse(request, "429.html", {"minutes": ceil(seconds / 60)}, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response
