"""API keys: made here, shown once, rotated, handed over and revoked here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action, display

from budgets.access.roles import is_owner
from budgets.admin.api_keys.forms import ApiKeyForm
from budgets.admin.api_keys.secrets import SecretsAdmin
from budgets.admin.api_keys.words import (
    MAKER_MAY,
    STATES,
    brands_of,
    instant,
    last_use,
    state_of,
    state_of_secret,
)
from budgets.admin.base.admin import ROWS_A_PAGE, request_time
from budgets.models import AccessKind, ApiKey, KeyScope
from budgets.operations.access_record import record_access
from budgets.operations.keys import new_secret


@admin.register(ApiKey)
class ApiKeyAdmin(SecretsAdmin):
    """Keys of programs. None is deleted: the history names them."""

    form = ApiKeyForm
    list_display = ("name", "scopes", "brand_names", "made_by", "state", "expires", "used")
    list_per_page = ROWS_A_PAGE
    list_max_show_all = ROWS_A_PAGE
    search_fields = ("name", "secrets__prefix")
    search_help_text = gettext_lazy("Search keys by name or prefix")
    autocomplete_fields = ("brands",)
    actions = ("revoke",)
    fieldsets = (
        (None, {"fields": ("name",)}),
        (gettext_lazy("What it may do"), {"fields": ("may_read", "may_spend", "may_manage")}),
        (gettext_lazy("For which brands"), {"fields": ("all_brands", "brands")}),
        (
            gettext_lazy("Limits"),
            {"fields": ("requests_per_minute", "expires_at", "addresses")},
        ),
    )
    readonly_fields = ("state_now", "secret_rows", "made_by", "created_at", "revoked_at")
    standing = (gettext_lazy("How it stands"), {"fields": readonly_fields})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return (self.standing, *self.fieldsets) if obj else self.fieldsets

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
        queryset: QuerySet[ApiKey] = super().get_queryset(request)
        keys = queryset.select_related("created_by__brand_access").annotate(**MAKER_MAY)
        return keys.prefetch_related("brands", "secrets")

    def save_model(
        self, request: HttpRequest, obj: ApiKey, form: ModelForm[Any], change: bool
    ) -> None:
        if not change:
            obj.created_by_id = request.user.pk
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self.show_token(request, new_secret(obj, now=request_time(request)))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Leave a key to its maker and to owners: who edits it, acts with its maker's rights."""
        may = bool(super().has_change_permission(request, obj))
        if not may or not isinstance(obj, ApiKey):
            return may
        is_own = obj.created_by_id == request.user.pk and not obj.is_of_house
        return is_own or is_owner(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @action(
        description=gettext_lazy("Revoke: they stop working at once, for good"),
        permissions=["change"],
    )
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        working = [
            key
            for key in queryset.filter(revoked_at=None)
            if self.has_change_permission(request, key)
        ]
        ApiKey.objects.filter(pk__in=[key.pk for key in working]).update(
            revoked_at=request_time(request)
        )
        for key in working:
            self.log_change(request, key, _("Revoked."))
            record_access(AccessKind.KEY_REVOKED, key.name)
        text = ngettext("%(n)s key revoked.", "%(n)s keys revoked.", len(working))
        self.message_user(request, text % {"n": len(working)})

    @display(description=gettext_lazy("may"))
    def scopes(self, key: ApiKey) -> str:
        return ", ".join(str(scope.label) for scope in KeyScope if key.may(scope))

    @display(description=gettext_lazy("brands"))
    def brand_names(self, key: ApiKey) -> str:
        return brands_of(key)

    @display(description=gettext_lazy("made by"))
    def made_by(self, key: ApiKey) -> str:
        maker = key.created_by.get_username() if key.created_by else _("somebody who is gone")
        return _("the house (%(maker)s)") % {"maker": maker} if key.is_of_house else maker

    @display(description=gettext_lazy("state"), label=STATES)
    def state(self, key: ApiKey) -> tuple[str, str]:
        return state_of(key, at=timezone.now())

    @display(description=gettext_lazy("state"))
    def state_now(self, key: ApiKey) -> str:
        return state_of(key, at=timezone.now())[1]

    @display(description=gettext_lazy("expires"), ordering="expires_at")
    def expires(self, key: ApiKey) -> str:
        return instant(key.expires_at) if key.expires_at else _("never")

    @display(description=gettext_lazy("last used"))
    def used(self, key: ApiKey) -> str:
        return last_use(list(key.secrets.all()))

    @display(description=gettext_lazy("secrets"))
    def secret_rows(self, key: ApiKey) -> SafeString:
        now = timezone.now()
        rows = [
            {
                "secret": secret,
                "made": instant(secret.made_at),
                "state": state_of_secret(secret, at=now)[1],
                "used": last_use([secret]),
            }
            for secret in key.secrets.all()
        ]
        return render_to_string("budgets/api_keys/secrets.html", {"rows": rows})
