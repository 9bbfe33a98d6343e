"""Periods: local days and months, and the budget that a period is judged by."""
