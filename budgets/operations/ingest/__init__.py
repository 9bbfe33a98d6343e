"""Ingest: spend comes in, counts once, and stops what must stop in the same call."""

from budgets.operations.ingest.record import record_spend, record_totals
from budgets.operations.ingest.types import DayTotal, Receipt, Refusal, SpendEntry

__all__ = ["DayTotal", "Receipt", "Refusal", "SpendEntry", "record_spend", "record_totals"]
