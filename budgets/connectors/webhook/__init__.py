"""The webhook connector: any system that can answer a signed request is a platform."""

from budgets.connectors.webhook.connector import WebhookConnector

__all__ = ["WebhookConnector"]
