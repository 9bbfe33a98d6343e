"""Spend sources: by whose calendar an account dates what it reports."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from budgets.admin.base.admin import BaseAdmin
from budgets.admin.base.edit_form import EditForm
from budgets.admin.base.scope import PickFilter
from budgets.admin.base.widgets import SearchableSelect
from budgets.admin.base.zones import zone_choices
from budgets.models import Source


class SourceForm(EditForm):
    """A source; its zone is picked from a list that can be searched."""

    class Meta:
        model = Source
        fields = ("brand", "name", "timezone")
        widgets = {"timezone": SearchableSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "timezone" in self.fields:
            zones = zone_choices(now=timezone.now())
            # None is picked beforehand: a wrong zone books spend on wrong days.
            self.fields["timezone"].widget.choices = [("", ""), *zones]


@admin.register(Source)
class SourceAdmin(BaseAdmin):
    """Accounts whose days are not the brand's; those that are not listed report by its clock."""

    form = SourceForm
    list_display = ("name", "brand", "timezone")
    list_select_related = ("brand",)
    list_filter = (("brand", PickFilter),)
    search_fields = ("name", "brand__name")
    autocomplete_fields = ("brand",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave out platform accounts, which have pages of their own."""
        return super().get_queryset(request).filter(platformaccount=None)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete as usual: no decision rests on a source, only the dates it may report."""
        for source in queryset:
            source.delete()
