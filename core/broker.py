"""How Celery speaks to Redis: what a dead worker held comes back, a frozen broker is noticed."""

from typing import Any

# Above the tasks' hard time limit: Redis hands out no task again that still runs.
VISIBILITY_TIMEOUT_SECONDS = 300

TRANSPORT_OPTIONS: dict[str, Any] = {
    "visibility_timeout": VISIBILITY_TIMEOUT_SECONDS,
    "unacked_restore_interval": 10,  # look for a dead worker's tasks this often, in seconds
    "unacked_restore_throttle": 1,
    "socket_timeout": 30,  # a frozen broker is noticed
    "socket_keepalive": True,
    "health_check_interval": 10,
}

# For messages sent while somebody waits: where there is no broker, that is known in milliseconds,
# and in two seconds where it hangs. Kombu would try again for six.
IMPATIENT_OPTIONS: dict[str, Any] = {
    **TRANSPORT_OPTIONS,
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
