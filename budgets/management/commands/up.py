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
from django.urls import reverse
from django.utils.crypto import get_random_string

from budgets.access.roles import OWNER
from budgets.connectors.mock import MockConnector
from budgets.demo import is_loaded
from budgets.management.changes_told import ChangesTold
from budgets.models import Brand, PlatformAccount
from budgets.reports.history.change_feed import end_of_feed
from core.machine_zone import machine_zone
from core.processes.broker import EmbeddedBroker, require
from core.processes.console import Console
from core.processes.errors import CannotRun
from core.processes.lock import only_one
from core.processes.logs import keep_own_lines
from core.processes.program import Program
from core.processes.programs import beat, web, worker
from core.processes.supervisor import Supervisor
from core.processes.web import Address

ADMIN = "admin"
PASSWORD_LENGTH = 16
CHANGES = "admin:budgets_change_changelist"


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
            help="turn the accounts at the mock platform off: the demo's campaigns spend nothing",
        )
        parser.add_argument(
            "--logs",
            choices=("files", "console"),
            default="files",
            help="keep what the processes write in files under VAR_DIR/log, or show all of it "
            "here, as containers want it",
        )

    def handle(
        self, *, host: str, port: int, demo: bool, mock: bool, logs: str, **options: Any
    ) -> None:
        """Start everything and return when asked to stop."""
        address = Address(host, port)
        try:
            with only_one(settings.VAR_DIR / "up.lock"):
                address.require_free()
                redis_url = os.environ.get("REDIS_URL", "")
                if redis_url:
                    require(redis_url)
                folder = log_folder() if logs == "files" else None
                if folder:
                    keep_own_lines(folder)
                self.prepare(demo=demo)
                if not mock:
                    PlatformAccount.objects.filter(connector=MockConnector.name).update(is_on=False)
                programs = every_program(address, redis_url=redis_url)
                self.run_processes(address, programs, logs=folder)
        except CannotRun as error:
            raise CommandError(str(error)) from error
        except OperationalError as error:
            raise CommandError(
                f"The database does not answer: {error} Start it, or correct DATABASE_URL."
            ) from error

    def prepare(self, *, demo: bool) -> None:
        """Bring the database up to date, and load the demo where it is wanted."""
        self.stdout.write("Preparing the database")
        call_command("migrate", verbosity=0, interactive=False)
        if demo and wants_demo():
            demo_marker().touch()  # first, so that a load that is interrupted is completed
            self.stdout.write("Loading demo brands (leave them out with --no-demo)")
            call_command("demo", stdout=self.stdout)

    def ensure_admin(self) -> list[str]:
        """Create a first user where there is none; return how to sign in, for a person to read."""
        users = get_user_model()._default_manager
        if users.filter(is_superuser=True).exists():
            return ["Sign in   as you did before (forgotten? manage.py changepassword NAME)"]
        given = os.environ.get("ADMIN_PASSWORD", "")
        password = given or get_random_string(PASSWORD_LENGTH)
        admin = users.create_superuser(username=ADMIN, email="", password=password)
        admin.groups.add(Group.objects.get(name=OWNER))
        if given:
            return [f"User      {ADMIN}", "Password  the one in ADMIN_PASSWORD"]
        return [f"User      {ADMIN}", f"Password  {password}  (note it now: it is not shown again)"]

    def run_processes(
        self, address: Address, programs: list[Program], *, logs: Path | None
    ) -> None:
        """Run the processes until asked to stop, and tell what pauses and resumes meanwhile."""
        console = Console(sys.stdout, zone=machine_zone())
        changes = ChangesTold(
            console,
            after=end_of_feed(),  # what the first checks do is told as well
            changes_url=address.url + reverse(CHANGES),
        )
        connections.close_all()  # the children must not share a connection with this process

        def on_ready() -> None:
            self.announce(address, logs=logs)
            changes.start()

        Supervisor(programs, console=console, logs=logs).run(on_ready=on_ready)
        self.stdout.write("Everything has stopped.")

    def announce(self, address: Address, *, logs: Path | None) -> None:
        """Tell the person at the terminal where to go: the last thing that is said.

        The first user is made here, so that its password is seen by whoever started this.
        """
        user = self.ensure_admin()
        connections.close_all()
        lines = [
            "",
            "Ad Budget Manager is running. Ctrl-C stops it.",
            *([f"Logs are in {logs}."] if logs else []),
            "Below, a line for each campaign that pauses or resumes, in this machine's time.",
            "",
            *(f"    {line}" for line in (f"Address   {address.url}", *user)),
        ]
        self.stdout.write(self.style.SUCCESS("\n".join(lines)))
        self.stdout.write("")


def every_program(address: Address, *, redis_url: str) -> list[Program]:
    """Return what to run, in the order of starting; the embedded broker where no Redis is given."""
    broker = None if redis_url else EmbeddedBroker(settings.VAR_DIR / "valkey")
    environment = {
        "REDIS_URL": broker.url if broker else redis_url,
        "PYTHONPATH": str(settings.BASE_DIR),  # `up` may be typed in any folder
    }
    own = [
        web(address, environment, processes=settings.WEB_PROCESSES),
        worker(environment),
        beat(environment),
    ]
    return [broker.program(), *own] if broker else own


def log_folder() -> Path:
    return Path(settings.VAR_DIR) / "log"


def wants_demo() -> bool:
    begun_here = demo_marker().exists() or not Brand.objects.exists()
    return begun_here and not is_loaded()


def demo_marker() -> Path:
    """Return the file that remembers that this installation shows the demo."""
    return Path(settings.VAR_DIR) / "demo"
