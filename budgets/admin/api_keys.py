"""API keys: made here, shown once, revoked here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from budgets.admin.base.admin import ROWS_A_PAGE, request_time
from budgets.admin.base.lists import BoundedList
from budgets.admin.base.scope import AlikeUnseen
from budgets.models import AccessKind, ApiKey, KeyScope
from budgets.operations.access_record import record_access

STATES = {"works": "success", "expired": "warning", "revoked": "danger"}


@admin.register(ApiKey)
class ApiKeyAdmin(BoundedList, AlikeUnseen, ModelAdmin):
    """Keys of programs. None is deleted: the history names them."""

    list_display = (
        "name",
        "prefix",
        "scopes",
        "brand_names",
        "state",
        "last_used_at",
        "created_by",
    )
    list_select_related = ("created_by",)
    list_per_page = ROWS_A_PAGE
    list_max_show_all = ROWS_A_PAGE
    search_fields = ("name", "prefix")
    search_help_text = gettext_lazy("Search keys by name or prefix")
    autocomplete_fields = ("brands",)
    actions = ("revoke",)
    fieldsets = (
        (None, {"fields": ("name",)}),
        (gettext_lazy("What it may do"), {"fields": ("may_read", "may_spend", "may_manage")}),
        (gettext_lazy("For which brands"), {"fields": ("all_brands", "brands")}),
        (gettext_lazy("Limits"), {"fields": ("requests_per_minute", "expires_at")}),
    )
    readonly_fields = ("prefix", "created_by", "created_at", "last_used_at", "revoked_at")
    history = (gettext_lazy("History"), {"fields": readonly_fields})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.fieldsets, self.history) if obj else self.fieldsets

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
        queryset: QuerySet[ApiKey] = super().get_queryset(request)
        return queryset.prefetch_related("brands")

    def save_model(
        self, request: HttpRequest, obj: ApiKey, form: ModelForm[Any], change: bool
    ) -> None:
        if not change:
            obj.created_by_id = request.user.pk
            obj.new_token()
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the token in this one answer: a message would leave it in a cookie or a session."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("The new API key"),
            "opts": self.opts,
            "key": obj,
            "token": obj.token,
        }
        response = TemplateResponse(request, "budgets/api_key_token.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @action(
        description=gettext_lazy("Revoke: they stop working at once, for good"),
        permissions=["change"],
    )
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        working = list(queryset.filter(revoked_at=None))
        queryset.filter(revoked_at=None).update(revoked_at=request_time(request))
        for key in working:
            self.log_change(request, key, _("Revoked."))
            record_access(AccessKind.KEY_REVOKED, key.name, detail=key.prefix)
        text = ngettext("%(n)s key revoked.", "%(n)s keys revoked.", len(working))
        self.message_user(request, text % {"n": len(working)})

    @display(description=gettext_lazy("scopes"))
    def scopes(self, key: ApiKey) -> str:
        return ", ".join(str(scope.label) for scope in KeyScope if key.may(scope))

    @display(description=gettext_lazy("brands"))
    def brand_names(self, key: ApiKey) -> str:
        if key.all_brands:
            return _("all")
        return ", ".join(brand.name for brand in key.brands.all()) or _("none")

    @display(description=gettext_lazy("state"), label=STATES)
    def state(self, key: ApiKey) -> tuple[str, str]:
        if key.revoked_at:
            return "revoked", _("revoked")
        is_open = key.works(at=timezone.now())
        return ("works", _("works")) if is_open else ("expired", _("expired"))
