"""What tests of operations are given: files of spend, databases others can open, platforms."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from django.db import connection

from budgets.connectors import registry
from tests.builders import an_instant
from tests.mock_world import World
from tests.operations.databases import a_database_file

Write = Callable[..., Path]
numbers = count(1)


@pytest.fixture
def a_file(tmp_path: Path) -> Write:
    """Return what writes a header and rows to a file of its own."""

    def write(header: str, *rows: str) -> Path:
        path = tmp_path / f"spend-{next(numbers)}.csv"
        path.write_text("\n".join([header, *rows, ""]), errors="surrogateescape")
        return path

    return write


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Return a world with a mock platform of its own, at noon."""
    world = World(an_instant("2026-03-10 12:00"))
    monkeypatch.setitem(registry.CONNECTORS, "mock", lambda: world.connector)
    return world


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """Return the address of a database that other processes can open."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        path = tmp_path / "shared.sqlite3"
        with a_database_file(path):
            yield f"sqlite:///{path}"
    else:
        host, port = facts["HOST"] or "127.0.0.1", facts["PORT"] or 5432
        secret = f":{facts['PASSWORD']}" if facts["PASSWORD"] else ""
        yield f"postgres://{facts['USER']}{secret}@{host}:{port}/{facts['NAME']}"
