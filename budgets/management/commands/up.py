"""Start everything: broker, web, worker and beat."""

import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connections
from django.utils.crypto import get_random_string

from budgets.access.roles import OWNER
from budgets.demo import is_loaded
from budgets.models import Brand
from core.processes.broker import EmbeddedBroker, require
from core.processes.console import Console
from core.processes.errors import CannotRun
from core.processes.lock import only_one
from core.processes.program import Program
from core.processes.programs import beat, web, worker
from core.processes.supervisor import Supervisor
from core.processes.web import Address

ADMIN = "admin"
PASSWORD_LENGTH = 16


class Command(BaseCommand):
    """Prepare the database, then keep the processes of this installation running."""

    help = "Start everything: broker, web, worker and beat. Ctrl-C stops it all."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare where to listen, and what the first start brings along."""
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", default=8000, type=int, help="port to listen on")
        parser.add_argument(
            "--no-demo",
            dest="demo",
            action="store_false",
            help="leave a new database empty instead of loading demo brands",
        )
        parser.add_argument(
            "--no-mock",
            dest="mock",
            action="store_false",
            help="send no mock ad traffic to the demo campaigns",
        )

    def handle(self, *, host: str, port: int, demo: bool, mock: bool, **options: Any) -> None:
        """Start everything and return when asked to stop."""
        address = Address(host, port)
        try:
            with only_one(settings.VAR_DIR / "up.lock"):
                address.require_free()
                redis_url = os.environ.get("REDIS_URL", "")
                if redis_url:
                    require(redis_url)
                login = self.prepare(demo=demo)
                self.run_processes(address, redis_url=redis_url, mock=mock, login=login)
        except CannotRun as error:
            raise CommandError(str(error)) from error
        except OperationalError as error:
            raise CommandError(
                f"The database does not answer: {error} Start it, or correct DATABASE_URL."
            ) from error

    def prepare(self, *, demo: bool) -> str:
        """Bring the database up to date and return how to log in."""
        self.stdout.write("Preparing the database")
        call_command("migrate", verbosity=0, interactive=False)
        login = self.ensure_admin()
        if demo and wants_demo():
            demo_marker().touch()  # first, so that a load that is interrupted is completed
            self.stdout.write("Loading demo brands (leave them out with --no-demo)")
            call_command("demo", stdout=self.stdout)
        connections.close_all()  # the children must not share a connection with this process
        return login

    def ensure_admin(self) -> str:
        """Create a first login where there is none; its password is shown now or never."""
        users = get_user_model()._default_manager
        if users.filter(is_superuser=True).exists():
            return "with your own login (forgotten? manage.py changepassword NAME)"
        given = os.environ.get("ADMIN_PASSWORD", "")
        password = given or get_random_string(PASSWORD_LENGTH)
        admin = users.create_superuser(username=ADMIN, email="", password=password)
        admin.groups.add(Group.objects.get(name=OWNER))
        if given:
            return f"as {ADMIN} with the password in ADMIN_PASSWORD"
        login = f"as {ADMIN} with password {password} (note it now, it is not shown again)"
        self.stdout.write(self.style.SUCCESS(f"New login: {login}"))
        return login

    def run_processes(self, address: Address, *, redis_url: str, mock: bool, login: str) -> None:
        """Run the processes until asked to stop."""
        supervisor = Supervisor(
            every_program(address, redis_url=redis_url, connector=connector(mock=mock)),
            console=Console(sys.stdout),
        )
        supervisor.run(on_ready=lambda: self.announce(address, login=login))
        self.stdout.write("Everything has stopped.")

    def announce(self, address: Address, *, login: str) -> None:
        """Tell the person at the terminal where to go."""
        lines = (
            "",
            "Ad Budget Manager is running.",
            "",
            f"    {address.url}",
            f"    Log in {login}",
        )
        self.stdout.write(self.style.SUCCESS("\n".join((*lines, "", "Ctrl-C stops it.", ""))))


def every_program(address: Address, *, redis_url: str, connector: str) -> list[Program]:
    """Return what to run, in the order of starting; the embedded broker where no Redis is given."""
    broker = None if redis_url else EmbeddedBroker(settings.VAR_DIR / "valkey")
    environment = {
        "REDIS_URL": broker.url if broker else redis_url,
        "AD_CONNECTOR": connector,
        "PYTHONPATH": str(settings.BASE_DIR),  # `up` may be typed in any folder
    }
    own = [
        web(address, environment, processes=settings.WEB_PROCESSES),
        worker(environment),
        beat(environment),
    ]
    return [broker.program(), *own] if broker else own


def connector(*, mock: bool) -> str:
    """Return the connector to run with: mock traffic for an installation that loaded the demo."""
    chosen = os.environ.get("AD_CONNECTOR")
    if chosen is not None:
        return chosen
    return "mock" if mock and demo_marker().exists() else ""


def wants_demo() -> bool:
    begun_here = demo_marker().exists() or not Brand.objects.exists()
    return begun_here and not is_loaded()


def demo_marker() -> Path:
    """Return the file that remembers that this installation shows the demo."""
    return Path(settings.VAR_DIR) / "demo"
