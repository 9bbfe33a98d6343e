"""The settings of nginx in docs/proxy.md, as they stand there, on a real nginx."""

import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from core.processes.broker import free_port
from tests.processes.installation import ROOT, Installation, wait_for

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")
HOST = "budgets.example.com"
MEGABYTE = 1024 * 1024

pytestmark = [
    pytest.mark.processes,
    pytest.mark.slow,
    pytest.mark.skipif(not NGINX or not shutil.which("openssl"), reason="needs nginx and openssl"),
]

FRAME = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {server}
}}
"""


def settings_of_the_document(*, product: int, port: int, folder: Path) -> str:
    (server,) = re.findall(r"```nginx\n(.*?)```", (ROOT / "docs/proxy.md").read_text(), re.DOTALL)
    for written, here in (
        ("127.0.0.1:8000", f"127.0.0.1:{product}"),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/ssl/", f"{folder}/"),
    ):
        assert written in server
        server = server.replace(written, here)
    return FRAME.format(folder=folder, server=server)


@pytest.fixture(scope="module")
def proxy(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of nginx, in front of the whole product: their starts are what takes time here."""
    installation.environment |= {"HTTPS": "1", "ALLOWED_HOSTS": HOST}
    installation.up("--no-demo")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={HOST}"),
            *("-keyout", str(folder / "budgets.key"), "-out", str(folder / "budgets.pem")),
        ],
        check=True,
        capture_output=True,
    )
    written = settings_of_the_document(product=installation.port, port=port, folder=folder)
    (folder / "nginx.conf").write_text(written)
    nginx = subprocess.Popen([str(NGINX), "-c", str(folder / "nginx.conf")])
    try:
        wait_for((folder / "nginx.pid").exists, seconds=10, what="nginx")
        yield port
    finally:
        nginx.send_signal(signal.SIGTERM)
        nginx.wait(10)


def connect(port: int, first: str = "") -> ssl.SSLSocket:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    plain = socket.create_connection(("127.0.0.1", port), timeout=40)
    client = context.wrap_socket(plain, server_hostname=HOST)
    client.sendall(first.encode())
    return client


def head(method: str, path: str, **headers: object) -> str:
    lines = [f"{name.replace('_', '-')}: {text}" for name, text in headers.items()]
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {HOST}", *lines, "", ""])


def answer(client: ssl.SSLSocket) -> bytes:
    """Return what comes back first."""
    return client.recv(4096)


def status(client: ssl.SSLSocket) -> int:
    return int(answer(client).split(b" ", 2)[1])


def test_the_product_knows_that_it_is_reached_by_https(proxy: int) -> None:
    forged = {"X_Forwarded_Proto": "http"}
    with connect(proxy, head("GET", "/healthz", **forged)) as client:
        said = answer(client)
    assert said.startswith(b"HTTP/1.1 200")
    assert b"Strict-Transport-Security" in said.title()


@pytest.mark.parametrize(
    "first",
    [
        f"GET /healthz HTTP/1.1\r\nHost: {HOST}\r\nX-Slow: ",
        head("POST", "/admin/login/", Content_Length=9_999),
    ],
    ids=["heads", "bodies"],
)
def test_forty_clients_that_trickle_keep_nobody_waiting(proxy: int, first: str) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(connect(proxy, first)) for _ in range(40)]
        for _ in range(5):
            for client in slow:
                client.sendall(b"a")
            begun = time.monotonic()
            with connect(proxy, head("GET", "/healthz")) as monitor:
                assert status(monitor) == 200
            assert time.monotonic() - begun < 2
            time.sleep(0.5)


def test_one_address_has_so_many_connections(proxy: int) -> None:
    with ExitStack() as stack:
        post = head("POST", "/admin/login/", Content_Length=9)
        held = [stack.enter_context(connect(proxy, post)) for _ in range(60)]
        found = [status_within(client, seconds=0.2) for client in held]
    assert found.count(429) == 10
    assert found.count(None) == 50


def status_within(client: ssl.SSLSocket, *, seconds: float) -> int | None:
    client.settimeout(seconds)
    try:
        return status(client)
    except TimeoutError:
        return None


def test_a_large_upload_of_a_stranger_does_not_come_through(proxy: int) -> None:
    post = head("POST", "/admin/login/", Content_Length=40 * MEGABYTE)
    with connect(proxy, post) as client:
        assert status(client) == 403  # without its token, and without its body
    with connect(proxy, head("POST", "/admin/login/", Content_Length=60 * MEGABYTE)) as client:
        assert status(client) == 413
