"""Commands fail with one clear line."""

import pytest
from django.core.management import CommandError
from django.db import OperationalError

from budgets.management.reporting import Answer, ReportingCommand


class Broken(ReportingCommand):
    def run(self, *_: object, **__: object) -> Answer:
        raise OperationalError("connection refused\n\tIs the server there?\n")


def test_a_database_that_does_not_answer_is_one_line() -> None:
    with pytest.raises(CommandError) as failure:
        Broken().handle(json=False)

    assert str(failure.value) == (
        "The database refused: connection refused Is the server there?. "
        "Is it running, and is manage.py migrate done?"
    )
