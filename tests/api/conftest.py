"""The API's tests count requests in the process: they need no Redis and leave none behind."""

import pytest

from budgets.api.http import keys
from budgets.api.http.rate import RateLimit

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def rates_counted_alone(monkeypatch: pytest.MonkeyPatch) -> RateLimit:
    rate_limit = RateLimit(NOWHERE)
    monkeypatch.setattr(keys, "rate_limit", rate_limit)
    return rate_limit
