"""Without the official clients everything else runs, and what needs one says how to get it."""

import subprocess
import sys

import pytest

from budgets.connectors.base import Connector, Login
from budgets.connectors.errors import PermanentError
from budgets.connectors.google_ads import GoogleAdsConnector
from budgets.connectors.meta import MetaConnector

LOGIN = Login(external_id="1", timezone="UTC", currency="USD", credentials={})


@pytest.mark.parametrize(
    "connector, platform, client, option",
    [
        (GoogleAdsConnector(), "google_ads", "google.ads", "--google"),
        (MetaConnector(), "meta", "facebook_business", "--meta"),
    ],
)
def test_a_client_that_is_not_installed_is_said(
    monkeypatch: pytest.MonkeyPatch, connector: Connector, platform: str, client: str, option: str
) -> None:
    ours = f"budgets.connectors.{platform}."
    for name in list(sys.modules):
        if name.startswith((client, ours)) and not name.endswith(".connector"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, client, None)

    with pytest.raises(PermanentError, match=option):
        connector.describe(LOGIN)


def test_naming_the_connectors_imports_no_client() -> None:
    """A web process that never speaks to a platform need not carry its client."""
    script = (
        "import sys; import budgets.connectors.registry;"
        "print([m for m in ('google.ads', 'grpc', 'facebook_business') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert out.stdout.strip() == "[]"
