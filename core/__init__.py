"""The project: settings, URLs and the Celery application."""

from core.celery import app as celery_app

__all__ = ["celery_app"]
