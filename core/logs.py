"""What goes into the log: a traceback for defects alone, and which request a line is about."""

import logging
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.http.multipartparser import MultiPartParserError

from core.requests.references import current_reference

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
REFUSALS = (BadRequest, Http404, MultiPartParserError, PermissionDenied, SuspiciousOperation)


class Refusals(logging.Filter):
    """Writes a request that was refused as no error, without traceback: anybody sends thousands."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], REFUSALS):
            record.exc_info = record.exc_text = None
            record.levelno = min(record.levelno, logging.WARNING)
            record.levelname = logging.getLevelName(record.levelno)
        return True


class References(logging.Filter):
    """Gives each line the reference of its request."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)  # of lines that Django writes at the very end
        reference = current_reference() or getattr(request, "META", {}).get("REFERENCE", "")
        record.reference = f"[{reference}] " if reference else ""
        return True


def logging_at(level: str) -> dict[str, Any]:
    """Return Django's settings of logging."""
    line = "%(asctime)s %(levelname)s %(name)s: %(reference)s%(message)s"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": line}},
        "filters": {"refusals": {"()": Refusals}, "references": {"()": References}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["refusals", "references"],
            }
        },
        # They write whole requests, and urllib3 the access token in an address of Meta's.
        "loggers": {
            "google.ads.googleads": {"level": "ERROR"},
            "urllib3": {"level": "INFO"},
        },
        "root": {"handlers": ["console"], "level": level},
    }
