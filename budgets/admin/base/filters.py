"""Filters of the lists: status, each reason, where a flight stands."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, RadioFilter

from budgets.admin.base.admin import request_time
from budgets.models import Brand, Campaign
from budgets.models.brand import clock_of
from budgets.reports.words import REASON_WORDS
from budgets.rules.reasons import PauseReason


class StatusFilter(RadioFilter):
    """Running or paused."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("running", _("Running")), ("paused", _("Paused"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        rows: QuerySet[Any] = {
            "running": queryset.running,
            "paused": queryset.paused,
        }.get(self.value(), queryset.all)()
        return rows


class ReasonFilter(DropdownFilter):
    """Paused by one reason, alone or among others."""

    title = _("reason to pause")
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(reason.name), words) for reason, words in REASON_WORDS.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        name = self.value()
        known = name in PauseReason.__members__
        rows: QuerySet[Any] = queryset.paused_by(PauseReason[name]) if known else queryset
        return rows


class FlightFilter(DropdownFilter):
    """Where the flight stands on the brand's own calendar."""

    title = _("flight")
    parameter_name = "flight"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("current", _("In flight now")),
            ("upcoming", _("Starts later")),
            ("ended", _("Ended")),
            ("open", _("Without an end")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        stands = self.value()
        rows: QuerySet[Campaign] = queryset
        if stands == "open":
            return rows.filter(ends_on=None)
        if stands not in {"current", "upcoming", "ended"}:
            return rows
        upcoming, ended = beyond_flight(request)
        return {
            "upcoming": rows.filter(upcoming),
            "ended": rows.filter(ended),
            "current": rows.exclude(upcoming).exclude(ended),
        }[stands]


def beyond_flight(request: HttpRequest) -> tuple[Q, Q]:
    """Return the conditions that a flight has yet to start, and that it has ended."""
    now = request_time(request)
    zones: dict[date, list[str]] = defaultdict(list)
    for zone in Brand.objects.order_by().values_list("timezone", flat=True).distinct():
        zones[clock_of(zone).day(now)].append(zone)
    upcoming, ended = Q(pk__in=[]), Q(pk__in=[])
    # At any instant the world shows three dates at most.
    for today, names in zones.items():
        here = Q(brand__timezone__in=names)
        upcoming |= here & Q(starts_on__gt=today)
        ended |= here & Q(ends_on__lt=today)
    # The wider bound is what an index can start from.
    return upcoming, ended & Q(ends_on__lt=max(zones)) if zones else ended


class HeldFilter(RadioFilter):
    """Held by a person or not."""

    title = _("hold")
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("On hold")), ("no", _("Not on hold"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        rows: QuerySet[Any] = queryset
        return rows.filter(is_held=self.value() == "yes") if self.value() else rows
