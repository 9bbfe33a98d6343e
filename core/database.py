"""The database of an installation, from its address."""

from typing import Any

import dj_database_url

KEPT_SECONDS = 60
"""How long a thread keeps an idle connection."""


def database(url: str) -> dict[str, Any]:
    """Return Django's settings of a database."""
    settings: dict[str, Any] = {
        **dj_database_url.parse(url, conn_max_age=KEPT_SECONDS, conn_health_checks=True)
    }
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        settings["OPTIONS"] = {
            # A writer takes its lock as it begins: waiting there is safe, failing half-way is not.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
                "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;"
            ),
        }
    else:
        # Compiling a statement costs more than any of ours runs for.
        settings.setdefault("OPTIONS", {})["options"] = "-c jit=off"
    return settings
