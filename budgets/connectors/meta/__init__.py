"""The connector to Meta: campaigns on Facebook and Instagram."""

from budgets.connectors.meta.connector import MetaConnector

__all__ = ["MetaConnector"]
