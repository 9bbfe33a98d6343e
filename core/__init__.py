"""The project: settings, URLs and the Celery application."""

import core.machine_zone  # noqa: F401 - before Django sets its own zone
from core.celery import app as celery_app

__all__ = ["celery_app"]
