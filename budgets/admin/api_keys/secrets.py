"""The buttons on a key's page: rotate it, end its old secret, hand it over to the house."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import action

from budgets.access.roles import is_owner
from budgets.admin.api_keys.forms import RotateForm
from budgets.admin.api_keys.words import instant, old_secrets
from budgets.admin.base.admin import page_name, request_time
from budgets.admin.base.known_history import KnownHistory
from budgets.admin.base.lists import BoundedList
from budgets.admin.base.scope import AlikeUnseen
from budgets.models import ApiKey, KeySecret
from budgets.operations.keys import end_old_secrets, hand_over, rotate


class SecretsAdmin(KnownHistory, BoundedList, AlikeUnseen, ModelAdmin):
    """A key's page with what is done to its secrets; each step is confirmed."""

    actions_detail = ("rotate", "end_old", "hand_over")

    @action(
        description=gettext_lazy("Rotate…"),
        permissions=["change"],
        url_path="rotate",
        icon="autorenew",
    )
    def rotate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        key, now = self.key_for(request, object_id, "rotate"), request_time(request)
        form = RotateForm(request.POST or None, now=now)
        if request.method != "POST" or not form.is_valid():
            words = _(
                "The key gets a new secret, shown once. The old one works on until the time you "
                "choose; you can end it earlier on the key's page."
            )
            heading = _("Rotate “%(key)s”?") % {"key": key}
            return self.ask(request, key, heading, words, _("Make the new secret"), form)
        until = form.cleaned_data["until"]
        secret = rotate(key, now=now, until=until)
        told = {"new": secret, "until": instant(until)}
        text = _("Rotated: the new secret is %(new)s, the old one works until %(until)s.")
        self.log_change(request, key, text % told)
        return self.show_token(request, secret, old_until=instant(until))

    @action(
        description=gettext_lazy("End the old secret now…"),
        permissions=["change"],
        url_path="end-old",
        icon="block",
    )
    def end_old(self, request: HttpRequest, object_id: str) -> HttpResponse:
        key, now = self.key_for(request, object_id, "end_old"), request_time(request)
        if request.method != "POST":
            used = [secret for secret in old_secrets(key, at=now) if secret.last_used_at]
            words = _("Programs that still use it are refused from now on.")
            for secret in used:
                told = {"secret": secret, "at": instant(secret.last_used_at or now)}
                words += " " + _("%(secret)s was last used %(at)s.") % told
            heading = _("End the old secret of “%(key)s”?") % {"key": key}
            return self.ask(request, key, heading, words, _("End it now"))
        if end_old_secrets(key, now=now):
            self.log_change(request, key, _("The old secret was ended."))
        messages.success(request, _("Only the newest secret works now."))
        return self.back_to(key)

    @action(
        description=gettext_lazy("Hand over to the house…"),
        permissions=["change"],
        url_path="hand-over",
        icon="home_work",
    )
    def hand_over(self, request: HttpRequest, object_id: str) -> HttpResponse:
        key = self.key_for(request, object_id, "hand_over")
        if request.method != "POST":
            words = _(
                "It then works whatever becomes of the person who made it, on the brands and with "
                "the rights set on its page. What it does is recorded in nobody's name, with the "
                "key's own. Only owners can edit it from then on."
            )
            heading = _("Hand “%(key)s” over to the house?") % {"key": key}
            return self.ask(request, key, heading, words, _("Hand it over"))
        if hand_over(key):
            self.log_change(request, key, _("Handed over to the house."))
        messages.success(request, _("The key is the house's now."))
        return self.back_to(key)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer what would do something."""
        key = self.get_object(request, str(object_id))
        return [
            button
            for button in super().get_actions_detail(request, object_id)
            if key is not None
            and any(button.action_name.endswith(f"_{name}") for name in self.steps(request, key))
        ]

    def steps(self, request: HttpRequest, key: ApiKey) -> set[str]:
        """Return which steps this person can take with the key now.

        A new secret acts as the key's maker: it is for the maker, and for owners.
        """
        now = request_time(request)
        owner = is_owner(request.user)
        if not key.works(at=now):
            return set()
        steps = {"end_old"} if old_secrets(key, at=now) else set()
        if owner or key.created_by_id == request.user.pk:
            steps.add("rotate")
        return steps | ({"hand_over"} if owner and not key.is_of_house else set())

    def key_for(self, request: HttpRequest, object_id: str, step: str) -> ApiKey:
        key: ApiKey | None = self.get_object(request, object_id)
        if key is None:
            raise Http404
        if not self.has_change_permission(request, key) or step not in self.steps(request, key):
            raise PermissionDenied
        return key

    def ask(
        self,
        request: HttpRequest,
        key: ApiKey,
        heading: str,
        words: str,
        button: str,
        form: RotateForm | None = None,
    ) -> HttpResponse:
        context = {"heading": heading, "words": words, "button": button, "form": form, "key": key}
        return self.page(request, "budgets/api_keys/confirm.html", heading, context)

    def show_token(
        self, request: HttpRequest, secret: KeySecret, *, old_until: str = ""
    ) -> HttpResponse:
        """Show the token in this one answer: a message would leave it in a cookie or a session."""
        key = secret.api_key
        example = "api:list_brands" if key.may_read else "api:openapi-json"
        context = {
            "key": key,
            "token": secret.token,
            "old_until": old_until,
            "example_url": request.build_absolute_uri(reverse(example)),
        }
        title = _("The new secret of “%(key)s”") % {"key": key}
        response = self.page(request, "budgets/api_keys/token.html", title, context)
        response.headers["Cache-Control"] = "no-store"
        return response

    def page(
        self, request: HttpRequest, template: str, title: str, context: dict[str, Any]
    ) -> HttpResponse:
        frame = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, template, frame | context)

    def back_to(self, key: ApiKey) -> HttpResponse:
        return HttpResponseRedirect(
            reverse(f"admin:{page_name(self.model, 'change')}", args=[key.pk])
        )
