"""What goes into the log: a line a refusal, a traceback for defects alone; a name for each request."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.http.multipartparser import MultiPartParserError

from core.references import current_reference

REFUSALS = (PermissionDenied, SuspiciousOperation, Http404, MultiPartParserError)


class Refusals(logging.Filter):
    """Takes the traceback off a request that was refused: anybody can send one."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], REFUSALS):
            record.exc_info = record.exc_text = None
        return True


class References(logging.Filter):
    """Writes the reference of the request into each line it causes."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.reference = f"[{current_reference()}] " if current_reference() else ""
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
        "root": {"handlers": ["console"], "level": level},
    }
