"""A database of a file, where the tests' own lives in the memory of one connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connections


@contextmanager
def a_database_file(path: Path) -> Iterator[None]:
    """Let the default connection, and those of new threads, open this file."""
    in_memory, options = connections["default"], connections.settings["default"]
    name, options["NAME"] = options["NAME"], str(path)
    connections["default"] = connections.create_connection("default")
    try:
        call_command("migrate", verbosity=0)
        yield
        connections["default"].close()
    finally:
        options["NAME"] = name
        connections["default"] = in_memory
