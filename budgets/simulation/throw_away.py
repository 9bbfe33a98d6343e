"""The product itself in the worlds, on a database of its own: the real one is not touched."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from django.db import connection, transaction

from budgets.simulation.laboratory import OPERATIONS, Finding, Progress
from budgets.simulation.on_operations import OnOperations
from budgets.simulation.outcome import PeriodOutcome, accuracy


@contextmanager
def throw_away_database() -> Iterator[None]:
    """Use an empty database, made as for tests, and drop it at the end.

    With PostgreSQL the user needs the right to create databases.
    """
    real_name = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = (
        None if connection.vendor == "sqlite" else f"simulation_{os.getpid()}"
    )
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(real_name, verbosity=0)


def rehearse_operations(
    findings: Sequence[Finding], *, seeds: Sequence[int], progress: Progress
) -> list[Finding]:
    """Return the findings with what the product itself makes of their worlds.

    It runs on a database of its own, one world after the other. Raises `LostMoney`.
    """
    worlds = [[replace(each.world, seed=seed) for seed in seeds] for each in findings]
    minutes = sum(world.minutes for some in worlds for world in some)
    done, more = 0, []
    with throw_away_database():
        for found, some in zip(findings, worlds, strict=True):
            outcomes: list[PeriodOutcome] = []
            for world in some:
                with transaction.atomic():
                    for periods in OnOperations(world).run():
                        outcomes += periods
                        done += 1
                        progress(done / minutes)
                    transaction.set_rollback(True)
            figures = accuracy(outcomes, days=found.world.days_a_period)
            more.append(replace(found, accuracy={**found.accuracy, OPERATIONS: figures}))
    return more
