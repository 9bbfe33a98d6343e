"""Pages for people without a password: ask for a link, and choose a password by it."""

from time import monotonic, sleep
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm
from django.contrib.auth.models import User
from django.contrib.auth.views import (
    PasswordResetConfirmView,
    PasswordResetDoneView,
    PasswordResetView,
)
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminPasswordWidget

from budgets.admin.base.admin import request_time
from budgets.admin.people.links import (
    has_mail,
    make_link,
    message_for,
    send_later,
    was_sent_enough,
)

LEAST_SECONDS = 0.1
"""No answer comes sooner: how long it takes tells nobody whether there was a link to make."""


class ForgottenForm(PasswordResetForm):
    """Sends a link to who has the address; nobody learns whether there is somebody."""

    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        widget=UnfoldAdminEmailInputWidget({"autocomplete": "email", "autofocus": True}),
    )

    def save(self, *, request: HttpRequest, **_: Any) -> None:  # type: ignore[override]  # as Django's view calls it
        """Hand the mails to another thread: an answer takes as long without any."""
        now = request_time(request)
        for user in self.get_users(self.cleaned_data["email"]):
            if not was_sent_enough(user, now=now):
                link = make_link(request, user, by=None)
                send_later(message_for(request, user, link))


class ChoosePasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # not generic at run time
    """A password, typed twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, second = self.fields["new_password1"], self.fields["new_password2"]
        for field in (first, second):
            field.widget = UnfoldAdminPasswordWidget({"autocomplete": "new-password"})
        first.label, second.label = _("Your password"), _("The same once more")
        second.help_text = ""


class Outside:
    """A page for people who have not signed in, in the looks of the sign-in page."""

    request: HttpRequest

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**more)  # type: ignore[misc]  # mixin
        return admin.site.each_context(self.request) | context


class Forgotten(Outside, PasswordResetView):
    """Asks for an address."""

    form_class = ForgottenForm
    template_name = "budgets/people/forgotten.html"
    title = gettext_lazy("Forgotten your password?")

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return super().get_context_data(has_mail=has_mail(), **more)

    def form_valid(self, form: Any) -> HttpResponse:
        if not has_mail():
            return self.form_invalid(form)
        began = monotonic()
        response = super().form_valid(form)
        sleep(max(0, LEAST_SECONDS - (monotonic() - began)))
        return response


class LinkSent(Outside, PasswordResetDoneView):
    """Says the same to everybody."""

    template_name = "budgets/people/link_sent.html"
    title = gettext_lazy("Look into your mail")


class ChoosePassword(Outside, PasswordResetConfirmView):
    """Takes a password for who has a link, then leads to the sign-in, which may ask for more."""

    form_class = ChoosePasswordForm
    template_name = "budgets/people/choose_password.html"
    success_url = reverse_lazy("admin:login")
    title = gettext_lazy("Choose your password")

    def get_user(self, uidb64: str) -> User | None:
        user = super().get_user(uidb64)
        return user if user is not None and user.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        user: Any = self.user
        user.password_links.all().delete()
        said = "Chose a password by a link."
        LogEntry.objects.log_actions(user.pk, [user], CHANGE, said, single_object=True)
        text = _("Your password is set. Sign in as %(name)s.")
        messages.success(self.request, text % {"name": user.get_username()})
        return response


# Names that Django and Unfold know them by: the sign-in page links the first where it exists.
urlpatterns = [
    path("password_reset/", Forgotten.as_view(), name="admin_password_reset"),
    path("password_reset/sent/", LinkSent.as_view(), name="password_reset_done"),
    path("reset/<uidb64>/<token>/", ChoosePassword.as_view(), name="password_reset_confirm"),
]
