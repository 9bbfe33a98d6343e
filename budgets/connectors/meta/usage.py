"""How much of what Meta lets us call is used up, as the headers of its answers say.

https://developers.facebook.com/docs/graph-api/overview/rate-limiting
"""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

MINUTE = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
NEARLY_ALL = 90
"""Percent from which on reading waits, so that stops still go through."""

PERCENTS = ("call_count", "total_cputime", "total_time", "acc_id_util_pct", "app_id_util_pct")
HEADERS = ("x-business-use-case-usage", "x-ad-account-usage", "x-app-usage")


def used_percent(headers: Mapping[str, str]) -> float:
    """Return how much is used up of what runs out first, in percent; 0 where nothing is said."""
    said = [usage.get(name) for usage in usages(headers) for name in PERCENTS]
    return max((float(each) for each in said if isinstance(each, int | float)), default=0.0)


def wait(headers: Mapping[str, str]) -> timedelta:
    """Return after what time Meta takes calls again: as it says, or a minute."""
    said = [
        *(span(usage, "estimated_time_to_regain_access", minutes=1) for usage in usages(headers)),
        *(span(usage, "reset_time_duration", seconds=1) for usage in usages(headers)),
    ]
    return min(max(said, default=timedelta(0)) or MINUTE, LONGEST_WAIT)


def span(usage: Mapping[str, Any], name: str, **unit: int) -> timedelta:
    number = usage.get(name)
    return timedelta(**unit) * number if isinstance(number, int | float) else timedelta(0)


def usages(headers: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """Yield what the headers count: by business object, of the ad account, of the app."""
    named = {name.lower(): value for name, value in headers.items()}
    for header in HEADERS:
        try:
            todo = [json.loads(named.get(header, "{}"))]
        except ValueError:
            continue
        while todo:
            said = todo.pop()
            if isinstance(said, dict):
                yield said
                todo += said.values()
            elif isinstance(said, list):
                todo += said
