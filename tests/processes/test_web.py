"""README's own production line, served to clients as bad as they come."""

import http.client
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from core.processes.programs import SERVE
from tests.processes.installation import ROOT, Installation, wait_for

pytestmark = pytest.mark.processes

TOKEN = "a" * 32
LINE = re.compile(r"^    \.venv/bin/(granian (?:.*\\\n)*.*)$", re.MULTILINE)
SIGNED_IN = """
from django.contrib.auth.models import User
from django.test import Client
browser = Client()
browser.force_login(User.objects.create_superuser("owner"))
print(browser.cookies["sessionid"].value)
"""
OLDER = """
from datetime import timedelta
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import F
MigrationRecorder.Migration.objects.update(applied=F("applied") - timedelta(minutes=40))
"""
FORM = "application/x-www-form-urlencoded"
MEGABYTE = 1024 * 1024
IMPORT = "/admin/budgets/spend/import/"


def readme_words() -> list[str]:
    """Return the words of the line that README.md says to start the web server with."""
    (line,) = LINE.findall((ROOT / "README.md").read_text())
    return shlex.split(line.replace("\\\n", ""))


@pytest.fixture(scope="module")
def migrated(installation: Installation) -> Installation:
    for command in (["migrate", "--verbosity=0"], ["shell", "--no-imports", "-c", OLDER]):
        done = installation.run("manage.py", *command)
        assert done.returncode == 0, done.stderr
    return installation


@pytest.fixture
def web(migrated: Installation) -> Iterator[subprocess.Popen[bytes]]:
    """The web server alone, started as README.md says."""
    program, *options = readme_words()
    command = (str(Path(sys.executable).with_name(program)), *options)
    server = migrated.start(*command, f"--port={migrated.port}", log="web.log")
    wait_for(
        lambda: migrated.log("web.log").count("Started worker-") == 2, seconds=60, what="web server"
    )
    yield server
    migrated.end()


def seconds_to_health(installation: Installation) -> float:
    """Return how long a monitor waits for its answer, whatever that is."""
    begun = time.monotonic()
    monitor = http.client.HTTPConnection("127.0.0.1", installation.port, timeout=10)
    monitor.request("GET", "/healthz")
    monitor.getresponse().read()
    monitor.close()
    return time.monotonic() - begun


@pytest.fixture(scope="module")
def session(migrated: Installation) -> str:
    """The cookie of somebody who may import."""
    done = migrated.run("manage.py", "shell", "-v0", "--no-imports", "-c", SIGNED_IN)
    assert done.returncode == 0, done.stderr
    return f"; sessionid={done.stdout.strip()}"


def post_head(
    content_type: str, length: int, *, to: str = "/admin/login/", session: str = ""
) -> bytes:
    """Return the head of a request whose body the view has to read."""
    lines = (
        f"POST {to} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Cookie: csrftoken={TOKEN}{session}",
        f"Content-Type: {content_type}",
        f"Content-Length: {length}",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def connect(installation: Installation, first: bytes) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", installation.port), timeout=30)
    client.sendall(first)
    return client


def status_of(client: socket.socket) -> int:
    answer = http.client.HTTPResponse(client)
    answer.begin()
    return answer.status


def test_script_server_starts_the_line_of_the_readme() -> None:
    assert set(SERVE) <= set(readme_words())


@pytest.mark.parametrize(
    "first",
    [b"GET /healthz HTTP/1.1\r\nX-Slow: ", post_head(FORM, 100_000), b""],
    ids=["headers", "bodies", "nothing"],
)
def test_forty_clients_that_trickle_keep_nobody_waiting(
    installation: Installation, web: subprocess.Popen[bytes], first: bytes
) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(connect(installation, first)) for _ in range(40)]
        waited = []
        for _ in range(5):
            for client in slow if first else ():
                client.sendall(b"a")
            waited.append(seconds_to_health(installation))
            time.sleep(0.5)
    assert max(waited) < 2


@pytest.mark.slow
def test_a_large_upload_is_not_cut_while_it_makes_progress(
    installation: Installation, web: subprocess.Popen[bytes], session: str
) -> None:
    token = f'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{TOKEN}\r\n'
    begin = b'--x\r\nContent-Disposition: form-data; name="other"; filename="spend.csv"\r\n\r\n'
    end = b"\r\n--x--\r\n"
    length = len(token) + len(begin) + 38 * MEGABYTE + len(end)
    head = post_head("multipart/form-data; boundary=x", length, to=IMPORT, session=session)
    with connect(installation, head) as client:
        client.sendall(token.encode() + begin)
        for _ in range(38):
            client.sendall(b"x" * MEGABYTE)
            time.sleep(0.9)  # 34 seconds in all
        client.sendall(end)
        assert status_of(client) == 200  # the form again: the token was found, the file was not


@pytest.mark.parametrize("to, status", [(IMPORT, 302), ("/admin/login/", 413)])
def test_a_large_upload_of_a_stranger_is_answered_before_any_of_it_came(
    installation: Installation, web: subprocess.Popen[bytes], to: str, status: int
) -> None:
    head = post_head("multipart/form-data; boundary=x", 40 * MEGABYTE, to=to)
    with connect(installation, head) as client:
        client.settimeout(10)
        assert status_of(client) == status


@pytest.mark.slow
@pytest.mark.parametrize("first", [b"GET /healthz HTTP/1.1\r\nX-Slow: ", b""])
def test_a_head_that_trickles_is_ended(
    installation: Installation, web: subprocess.Popen[bytes], first: bytes
) -> None:
    """Takes the half minute that a head may take."""
    with connect(installation, first) as client:
        client.settimeout(45)
        begun = time.monotonic()
        while client.recv(1024):
            pass
        assert 25 < time.monotonic() - begun < 40


@pytest.mark.slow
def test_a_body_that_trickles_is_ended(
    installation: Installation, web: subprocess.Popen[bytes]
) -> None:
    with connect(installation, post_head(FORM, 100_000)) as client:
        begun = time.monotonic()
        client.settimeout(45)
        assert status_of(client) == 408
        assert time.monotonic() - begun > 29


def test_a_monitor_learns_that_something_is_wrong_where_no_worker_ever_ran(
    installation: Installation, web: subprocess.Popen[bytes]
) -> None:
    with pytest.raises(urllib.error.HTTPError) as fresh_no_more:
        urllib.request.urlopen(f"{installation.url}/healthz", timeout=10)
    assert fresh_no_more.value.code == 503
    assert fresh_no_more.value.read() == b'{"status": "failing"}'


def test_sigterm_finishes_the_request_that_is_under_way(
    installation: Installation, web: subprocess.Popen[bytes]
) -> None:
    body = f"csrfmiddlewaretoken={TOKEN}".encode()
    with connect(installation, post_head(FORM, len(body)) + body[:10]) as client:
        seconds_to_health(installation)
        web.send_signal(signal.SIGTERM)
        time.sleep(1)
        client.sendall(body[10:])
        assert status_of(client) == 200
    assert web.wait(timeout=20) == 0
    assert not installation.processes()


def test_sigterm_ends_everything_whoever_holds_on(
    installation: Installation, web: subprocess.Popen[bytes]
) -> None:
    with ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(connect(installation, post_head(FORM, 100_000)))
        web.send_signal(signal.SIGTERM)
        assert web.wait(timeout=25) == 0
    assert not installation.processes()


def test_kill_9_of_the_server_leaves_none_of_its_processes(
    installation: Installation, web: subprocess.Popen[bytes]
) -> None:
    assert len(installation.processes("granian")) == 3
    web.kill()
    web.wait()
    installation.wait_until_gone(seconds=5)


def test_a_process_that_dies_is_replaced_and_the_other_serves_on(
    installation: Installation, web: subprocess.Popen[bytes]
) -> None:
    before = installation.processes("granian").keys()
    os.kill(max(before - {web.pid}), signal.SIGKILL)
    with suppress(ConnectionError):  # it may have died with this request in its hands
        seconds_to_health(installation)
    assert seconds_to_health(installation) < 2
    wait_for(
        lambda: installation.log("web.log").count("Started worker-") == 3,
        seconds=30,
        what="process in its place",
    )
