"""What a request that is refused leaves in the log."""

import logging

import pytest
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.http import Http404

from core.logs import Refusals


def written(error: Exception) -> logging.LogRecord:
    info = (type(error), error, None)
    record = logging.LogRecord("django.request", logging.ERROR, "", 1, "Refused", (), info)
    Refusals().filter(record)
    return record


@pytest.mark.parametrize("error", [DisallowedModelAdminLookup("page"), Http404("none")])
def test_what_was_refused_is_a_warning_without_a_traceback(error: Exception) -> None:
    record = written(error)
    assert (record.levelname, record.levelno) == ("WARNING", logging.WARNING)
    assert record.exc_info is None


def test_a_defect_stays_an_error_with_its_traceback() -> None:
    record = written(RuntimeError("the disk is full"))
    assert record.levelname == "ERROR"
    assert record.exc_info
