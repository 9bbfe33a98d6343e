"""Connectors: the code that speaks to ad platforms."""

from budgets.connectors.base import CampaignRef, Connector, Delivery, Report
from budgets.connectors.registry import connector_named

__all__ = ["CampaignRef", "Connector", "Delivery", "Report", "connector_named"]
