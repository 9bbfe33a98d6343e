"""The mock platform: a small ad platform of our own, for the demo, rehearsals and tests."""

from budgets.connectors.mock.connector import MockConnector
from budgets.connectors.mock.platform import MockPlatform

__all__ = ["MockConnector", "MockPlatform"]
