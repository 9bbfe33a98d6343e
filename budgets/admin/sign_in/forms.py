"""The forms of signing in: the password, and the code."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.forms import AdminOwnPasswordChangeForm, AuthenticationForm
from unfold.widgets import UnfoldAdminTextInputWidget

from budgets.admin.base.admin import request_time
from budgets.models import AccessKind
from budgets.operations.sign_in.attempts import attempt
from budgets.operations.sign_in.two_step import is_right
from core.requests.addresses import client_address


class PasswordForm(AuthenticationForm):
    """Name and password; compared only while attempts are left. Raises `LockedOut`."""

    request: HttpRequest

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username")
        if not name or not self.cleaned_data.get("password"):
            return dict(self.cleaned_data)
        address, now = client_address(self.request), request_time(self.request)
        with attempt(name, address, AccessKind.WRONG_PASSWORD, now=now) as tried:
            data: dict[str, Any] = super().clean()
            tried.passed = True
        return data


class OwnPasswordForm(AdminOwnPasswordChangeForm):
    """A new password for who knows the old one, which is guessed at no more than at a sign-in.

    Raises `LockedOut`.
    """

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        name, address = self.user.get_username(), client_address(self.request)
        now = request_time(self.request)
        with attempt(name, address, AccessKind.WRONG_PASSWORD, now=now) as tried:
            old: str = super().clean_old_password()
            tried.passed = True
        return old


class CodeForm(forms.Form):
    """A code of somebody's app, or a recovery code, which is used up. Raises `LockedOut`."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy("Six digits of your app, or one of your recovery codes."),
        widget=UnfoldAdminTextInputWidget(
            {"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, user

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        name, address = self.user.get_username(), client_address(self.request)
        now = request_time(self.request)
        with attempt(name, address, AccessKind.WRONG_CODE, now=now) as tried:
            tried.passed = is_right(self.user, code)
        if not tried.passed:
            raise ValidationError(
                _("This code is not right, or was used before. Wait for the next one of your app.")
            )
        return code


class SetUpForm(forms.Form):
    """The first code of an app that was just given its secret."""

    code = forms.CharField(
        label=gettext_lazy("Code that the app shows"),
        max_length=10,
        widget=UnfoldAdminTextInputWidget(
            {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )
