"""Filters of the lists: status, each reason, flight, hold."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, RadioFilter

from budgets.admin.base.admin import request_time
from budgets.models import Brand
from budgets.reports.words import REASON_WORDS
from budgets.rules.clock import clock_of
from budgets.rules.reasons import PauseReason


class StatusFilter(RadioFilter):
    """Running or paused."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("running", _("Running")), ("paused", _("Paused"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        choices = {"running": queryset.running, "paused": queryset.paused}
        return choices.get(self.value(), queryset.all)()


class ReasonFilter(DropdownFilter):
    """Paused by one reason, alone or among others."""

    title = _("reason to pause")
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(reason.name), words) for reason, words in REASON_WORDS.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        reason = PauseReason.__members__.get(self.value())
        return queryset.paused_by(reason) if reason else queryset


class MainReasonFilter(ReasonFilter):
    """Paused by this reason before any other, as the overview counts."""

    title = _("main reason")
    parameter_name = "main_reason"

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        reason = PauseReason.__members__.get(self.value())
        return queryset.paused_mainly_by(reason) if reason else queryset


class FlightFilter(DropdownFilter):
    """Whether the flight is on, ahead or over, on the brand's own calendar."""

    title = _("flight")
    parameter_name = "flight"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("current", _("In flight now")),
            ("upcoming", _("Starts later")),
            ("ended", _("Ended")),
            ("open", _("Without an end")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        choice = self.value()
        if choice == "open":
            return queryset.filter(ends_on=None)
        if choice not in {"current", "upcoming", "ended"}:
            return queryset
        upcoming, ended = beyond_flight(request)
        if choice == "current":
            return queryset.exclude(upcoming).exclude(ended)
        return queryset.filter(upcoming if choice == "upcoming" else ended)


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

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(is_held=self.value() == "yes") if self.value() else queryset
