"""Run a command against the PostgreSQL and Redis of this machine, on a database of its own.

Says plainly which of them does not answer; the command still runs on the other. Runs nothing and
succeeds when neither answers.
"""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg
import redis

POSTGRES = "postgres://{user}@127.0.0.1:5432/{database}"
LOGINS = (("postgres", "postgres"), ("root", "postgres"), ("root", "test"))
MAY_CREATE = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
REDIS = "redis://127.0.0.1:6379/{number}"
CLAIM_SECONDS = 2 * 60 * 60


def maintenance_url() -> str | None:
    """Return the address of a PostgreSQL that lets us make a database, None where there is none."""
    for user, database in LOGINS:
        url = POSTGRES.format(user=user, database=database)
        try:
            with psycopg.connect(url, connect_timeout=3) as connection:
                if connection.execute(MAY_CREATE).fetchone() == (True,):
                    return url
        except psycopg.OperationalError:
            continue
    return None


@contextmanager
def scratch_database(maintenance: str) -> Iterator[str]:
    """Make a database and drop it again."""
    name = f"adbudget_ci_{secrets.token_hex(4)}"
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield maintenance.rpartition("/")[0] + f"/{name}"
        finally:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


@contextmanager
def empty_redis() -> Iterator[str | None]:
    """Claim a Redis database that nobody uses and leave it empty; None where there is none."""
    numbers = list(range(1, 16))
    secrets.SystemRandom().shuffle(numbers)
    for number in numbers:
        url = REDIS.format(number=number)
        client = redis.Redis.from_url(url, socket_connect_timeout=3)
        try:
            if client.dbsize() or not client.set("claimed", "by .ci", nx=True, ex=CLAIM_SECONDS):
                continue
        except redis.RedisError:
            break
        try:
            yield url
        finally:
            client.flushdb()
        return
    yield None


def main(command: list[str]) -> int:
    """Run the command with DATABASE_URL and REDIS_URL set to what answers."""
    environment = dict(os.environ)
    with ExitStack() as stack:
        maintenance = maintenance_url()
        if maintenance:
            environment["DATABASE_URL"] = stack.enter_context(scratch_database(maintenance))
        else:
            print("No PostgreSQL answers at 127.0.0.1:5432: not tested on PostgreSQL.")
        redis_url = stack.enter_context(empty_redis())
        if redis_url:
            environment["REDIS_URL"] = redis_url
        else:
            print("No Redis with an empty database answers at 127.0.0.1:6379: not tested on Redis.")
        if not (maintenance or redis_url):
            return 0
        for name in ("DATABASE_URL", "REDIS_URL"):
            print(f"{name}={environment.get(name, '(not set)')}", flush=True)
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
