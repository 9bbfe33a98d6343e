"""A database and an installation for the tests of one module."""

import os
import secrets
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.processes.installation import Installation


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database of the kind under test, used by nothing else."""
    configured = os.environ.get("DATABASE_URL", "")
    if not configured.startswith("postgres"):
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'db.sqlite3'}"
        return
    name = f"adbudget_processes_{secrets.token_hex(4)}"
    server = urlsplit(configured)
    with psycopg.connect(server._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield server._replace(path=f"/{name}").geturl()
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def installation(
    tmp_path_factory: pytest.TempPathFactory, database_url: str
) -> Iterator[Installation]:
    """A new installation; what the tests of a module start in it is gone at their end."""
    if not sys.platform.startswith("linux"):
        pytest.skip("finds processes through /proc, which only Linux has")
    installation = Installation(tmp_path_factory.mktemp("var"), database_url=database_url)
    yield installation
    installation.end()
