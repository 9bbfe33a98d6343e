"""Connectors: the code that speaks to ad platforms."""

from budgets.connectors.base import CampaignRef, Connector, Delivery, SpendReport
from budgets.connectors.registry import connector_named

__all__ = ["CampaignRef", "Connector", "Delivery", "SpendReport", "connector_named"]
