"""`manage.py up` on real processes: it starts, refuses, restarts and leaves nothing behind."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import urllib.parse
import urllib.request

import pytest

from tests.processes.installation import Installation, parent_of, wait_for

pytestmark = pytest.mark.processes

HOLD = """
brand = Brand.objects.create(name="Casa Verde")
hold(Campaign.objects.create(brand=brand, name="Retargeting"), by=None, now=timezone.now(), note="")
"""


@pytest.fixture(scope="module")
def first_output(installation: Installation) -> str:
    """What the very first start of an installation says."""
    installation.up("--no-demo")
    output = installation.log("up.log")
    installation.end()
    return output


@pytest.fixture
def running(installation: Installation, first_output: str) -> subprocess.Popen[bytes]:
    """The supervisor of the running installation, started again if a test has ended it."""
    if installation.running:
        return installation.running
    before = ready_workers(installation)
    running = installation.up("--no-demo")
    wait_for(lambda: ready_workers(installation) > before, seconds=30, what="ready worker")
    return running


def ready_workers(installation: Installation) -> int:
    return installation.log("log/worker.log").count("ready.")


@pytest.fixture
def stopped(installation: Installation, first_output: str) -> None:
    """The installation, not running."""
    installation.end()


def page(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as response:
        return str(response.read().decode())


def test_it_serves_the_login_page_with_its_styles(
    installation: Installation, running: subprocess.Popen[bytes]
) -> None:
    html = page(f"{installation.url}/admin/login/")

    assert "Ad Budget Manager" in html
    stylesheet = re.search(r'href="(/static/[^"]+\.css[^"]*)"', html)
    assert stylesheet
    assert page(installation.url + stylesheet[1])


def test_the_printed_password_opens_the_admin(
    installation: Installation, first_output: str, running: subprocess.Popen[bytes]
) -> None:
    password = re.search(r"^ +Password +(\S+)", first_output, re.MULTILINE)
    assert password
    cookies = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    login = f"{installation.url}/admin/login/?next=/admin/"
    browser.open(login, timeout=10).read()
    token = next(cookie.value for cookie in cookies if cookie.name == "csrftoken")

    form = {"username": "admin", "password": password[1], "csrfmiddlewaretoken": token}
    answer = browser.open(login, urllib.parse.urlencode(form).encode(), timeout=10)

    assert answer.url == f"{installation.url}/admin/"


def test_the_password_is_shown_once_on_the_first_start_only(
    installation: Installation, first_output: str, running: subprocess.Popen[bytes]
) -> None:
    assert "Password" not in installation.log("up.log")
    assert "as you did before" in installation.log("up.log")


def test_a_first_start_says_little_and_the_login_once_and_last(first_output: str) -> None:
    text = first_output.split("Stopping", maxsplit=1)[0]
    *before, address, user, password = text.strip().splitlines()

    assert address.split()[0] == "Address"
    assert user.split() == ["User", "admin"]
    assert password.split()[0] == "Password"
    assert first_output.count(password.split()[1]) == 1
    assert len(before) < 12
    assert "|" not in first_output
    assert "arning" not in first_output


def test_the_programs_write_to_files_that_only_their_owner_reads(
    installation: Installation, running: subprocess.Popen[bytes]
) -> None:
    files = list((installation.var / "log").iterdir())

    assert {"web.log", "worker.log", "beat.log"} <= {file.name for file in files}
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_a_campaign_that_pauses_is_told_in_a_line(
    installation: Installation, running: subprocess.Popen[bytes]
) -> None:
    assert installation.run("manage.py", "shell", "-v0", "-c", HOLD).returncode == 0

    wait_for(
        lambda: re.search(
            r"^\d\d:\d\d paused Casa Verde \| Retargeting: on hold$",
            installation.log("up.log"),
            re.MULTILINE,
        ),
        seconds=15,
        what="line about the hold",
    )


def test_sigterm_stops_in_reverse_order_and_leaves_no_process(
    installation: Installation, running: subprocess.Popen[bytes]
) -> None:
    running.send_signal(signal.SIGTERM)

    assert running.wait(timeout=40) == 0
    stopped = re.findall(r"^Stopping (\w+)$", installation.log("up.log"), re.MULTILINE)
    order = ["beat", "worker", "web", "broker"]
    assert stopped == [name for name in order if name in stopped]
    assert {"beat", "worker", "web"} <= set(stopped)
    assert not installation.processes()


def test_kill_9_of_the_supervisor_leaves_no_process(
    installation: Installation, running: subprocess.Popen[bytes]
) -> None:
    embedded = not installation.environment.get("REDIS_URL")
    assert bool(installation.processes("valkey-server")) is embedded  # it would be seen

    running.kill()
    running.wait()

    installation.wait_until_gone(seconds=15)


@pytest.mark.parametrize("victim", ["celery -A core worker", "granian", "celery -A core beat"])
def test_a_killed_process_is_started_again(
    installation: Installation, running: subprocess.Popen[bytes], victim: str
) -> None:
    before = installation.processes(victim)
    (started,) = (pid for pid in before if parent_of(pid) == running.pid)
    os.kill(started, signal.SIGKILL)

    wait_for(lambda: installation.processes(victim).keys() - before.keys(), seconds=30, what=victim)
    wait_for(
        lambda: not before.keys() & installation.processes(victim).keys(),
        seconds=15,
        what=f"end of what the killed {victim} had started",
    )


def test_a_second_start_on_the_same_folder_is_refused(
    installation: Installation, running: subprocess.Popen[bytes]
) -> None:
    second = installation.run("manage.py", "up", "--no-demo")

    assert second.returncode == 1
    assert f"Already running as process {running.pid}" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_port_in_use_is_refused(installation: Installation, stopped: None) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        refused = installation.run("manage.py", "up", "--no-demo", f"--port={port}")

    assert refused.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_redis_that_does_not_answer_is_refused(
    installation: Installation, stopped: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(installation.environment, "REDIS_URL", "redis://:secret@127.0.0.1:1/0")

    refused = installation.run("manage.py", "up", "--no-demo", f"--port={installation.port}")

    assert refused.returncode == 1
    assert "No Redis answers at 127.0.0.1:1" in refused.stderr
    assert "secret" not in refused.stderr
