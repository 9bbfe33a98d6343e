"""What people call platforms and accounts."""

from budgets.connectors.registry import CONNECTORS, connector_named
from budgets.models import PlatformAccount


def platform_title(name: str) -> str:
    """Return what people call a platform; its name where we have no connector for it any more."""
    return connector_named(name).title if name in CONNECTORS else name


def platform_choices() -> list[tuple[str, str]]:
    return sorted((name, platform_title(name)) for name in CONNECTORS)


def account_title(account: PlatformAccount) -> str:
    return f"{platform_title(account.connector)} · {account.external_id}"
