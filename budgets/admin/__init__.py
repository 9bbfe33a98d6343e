"""The admin: where people work. Importing the package registers every page."""

from budgets.admin import (
    api_keys,
    beat,
    brand,
    campaign,
    changes,
    dashboard,
    people,
    schedule,
    spend,
    statements,
)

__all__ = [
    "api_keys",
    "beat",
    "brand",
    "campaign",
    "changes",
    "dashboard",
    "people",
    "schedule",
    "spend",
    "statements",
]
