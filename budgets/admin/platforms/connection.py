"""The pages behind an account's buttons: its connection, and the mock platform's own page."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from budgets.admin.base.admin import BaseAdmin, page_name, request_time
from budgets.admin.platforms.mock_page import MockPage
from budgets.connectors.base import CredentialField
from budgets.connectors.mock import MockConnector
from budgets.connectors.registry import CONNECTORS, connector_named
from budgets.models import PlatformAccount
from budgets.models.platforms.sealing import CannotOpen
from budgets.operations.platforms.connect import (
    connection_problems,
    enter_credentials,
    try_at_once,
)

MOST_CHARACTERS = 20_000


class CredentialsForm(forms.Form):
    """Credentials of an account; what is stored is not shown, and stays where a box is empty."""

    def __init__(self, wanted: Sequence[CredentialField], data: Any = None) -> None:
        super().__init__(data)
        for each in wanted:
            secret = UnfoldAdminPasswordWidget({"autocomplete": "new-password"})
            self.fields[each.name] = forms.CharField(
                label=each.label,
                help_text=each.help,
                required=False,
                max_length=MOST_CHARACTERS,
                widget=secret if each.is_secret else UnfoldAdminTextInputWidget(),
            )

    @property
    def given(self) -> dict[str, str]:
        return {name: text for name, text in self.cleaned_data.items() if text}


class ConnectionAdmin(BaseAdmin):
    """An account's page with its buttons."""

    actions_detail: tuple[str, ...] = ("connection", "mock_platform")

    @action(
        description=gettext_lazy("Connection…"),
        permissions=["change"],
        url_path="connection",
        icon="vpn_key",
    )
    def connection(self, request: HttpRequest, object_id: str) -> HttpResponse:
        account = self.account_for(request, object_id)
        if account.connector not in CONNECTORS:
            raise Http404
        wanted = connector_named(account.connector).credential_fields
        form = CredentialsForm(wanted, request.POST if request.method == "POST" else None)
        problems: list[str] = []
        if request.method == "POST" and form.is_valid():
            if form.given:
                enter_credentials(account, stored(account) | form.given)
                self.log_change(request, account, _("New credentials."))
            problems = connection_problems(account)
            if not problems:
                try_at_once(account)
                messages.success(request, _("The connection works: the platform lets us in."))
                return self.back_to(account)
        context = {
            "form": form,
            "problems": problems,
            "has_credentials": bool(account.sealed_credentials),
        }
        title = _("Connection of “%(account)s”") % {"account": account}
        return self.page(request, account, "budgets/platforms/connection.html", title, context)

    @action(
        description=gettext_lazy("The mock platform's own page"),
        permissions=["change"],
        url_path="mock-platform",
        icon="science",
    )
    def mock_platform(self, request: HttpRequest, object_id: str) -> HttpResponse:
        account = self.account_for(request, object_id)
        if account.connector != MockConnector.name or is_of_another_brand(account):
            raise Http404
        page = MockPage(account)
        if request.method == "POST" and (told := page.take(request.POST)):
            messages.success(request, told)
            return HttpResponseRedirect(request.path)
        title = _("Mock platform: account %(account)s") % {"account": account.external_id}
        context = page.context(now=request_time(request))
        return self.page(request, account, "budgets/platforms/mock_platform.html", title, context)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer the mock platform's page for accounts there."""
        account = self.get_object(request, str(object_id))
        is_mock = account is not None and account.connector == MockConnector.name
        return [
            button
            for button in super().get_actions_detail(request, object_id)
            if is_mock or not button.action_name.endswith("_mock_platform")
        ]

    def account_for(self, request: HttpRequest, object_id: str) -> PlatformAccount:
        account: PlatformAccount | None = self.get_object(request, object_id)
        if account is None:
            raise Http404
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        return account

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go on to the credentials: without them an account does nothing."""
        super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(
            reverse(f"admin:{page_name(self.model, 'connection')}", args=[obj.pk])
        )

    def page(
        self,
        request: HttpRequest,
        account: PlatformAccount,
        template: str,
        title: str,
        context: dict[str, Any],
    ) -> HttpResponse:
        frame = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, template, {**frame, "account": account, **context})

    def back_to(self, account: PlatformAccount) -> HttpResponse:
        return HttpResponseRedirect(
            reverse(f"admin:{page_name(self.model, 'change')}", args=[account.pk])
        )

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete as usual: no decision rests on an account, and what was spent stays."""
        for account in queryset:
            account.delete()


def is_of_another_brand(account: PlatformAccount) -> bool:
    """Say whether the account's ID is one that another brand has: the page shows its token."""
    same = PlatformAccount.objects.filter(
        connector=account.connector, external_id=account.external_id
    )
    return same.exclude(brand=account.brand_id).exists()


def stored(account: PlatformAccount) -> dict[str, str]:
    """Return the credentials there are; none where we lack the key to them."""
    try:
        return dict(account.credentials)
    except CannotOpen:
        return {}
