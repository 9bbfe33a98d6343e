"""The time zone of this machine, as its terminals show it.

Django sets `TZ` to its own zone when it reads the settings; this module is imported before.
"""

import os
from datetime import UTC, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

TZ = os.environ.get("TZ", "").removeprefix(":")


def machine_zone(name: str = TZ, *, localtime: Path = Path("/etc/localtime")) -> tzinfo:
    """Return the zone that `TZ` names, else the machine's; UTC where there is none."""
    try:
        if name:
            return ZoneInfo(name)
        with localtime.open("rb") as file:
            return ZoneInfo.from_file(file)
    except (OSError, ValueError, ZoneInfoNotFoundError):
        return UTC
