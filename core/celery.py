"""The Celery application: `celery -A core worker` and `celery -A core beat` start here."""

import os
import warnings
from typing import Any

from celery import Celery, signals
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core.environment import require_readable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")

# It warns of tasks that carry code, as pickles do. Ours are JSON, and a container has one user.
warnings.filterwarnings("ignore", "You're running the worker with superuser privileges")

app = Celery("core")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.celeryd_init.connect
@signals.beat_init.connect
def require_settings(**_: Any) -> None:
    """Start no worker and no beat on a default that somebody meant to change."""
    try:
        require_readable(settings.SETTING_PROBLEMS)
    except ImproperlyConfigured as error:
        # Celery logs what a receiver raises, and goes on; this ends the process.
        raise SystemExit(str(error)) from None
