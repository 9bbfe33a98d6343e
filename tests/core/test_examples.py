"""What README and the documents show as typed can be typed: in the shell, a terminal, a program."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from doctest import DocTestParser
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands, load_command_class

from budgets.api.http import keys
from budgets.api.http.rate import RateLimit
from budgets.demo.create import create_world
from budgets.demo.world import BRANDS
from budgets.management.commands.shell import Command as Shell
from budgets.models import Brand, Campaign
from core.processes import programs
from tests.api.program import a_program
from tests.builders import an_instant, the_clock_at

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
API = (ROOT / "docs/api.md").read_text()
DOCUMENTS = [README, *(path.read_text() for path in sorted((ROOT / "docs").glob("*.md")))]

NOON = an_instant("2026-03-10 12:00")

MANAGED = re.compile(r"`(?:[^`\n]*/)?(?:python )?manage\.py ([\w]+)([^`\n]*)`")
LISTED = re.search(r"^Commands: (.+?); each has `--help`", README, re.MULTILINE | re.DOTALL)
TYPED = re.compile(r"^    ((?:\.venv/bin|script)/\S+(?:.*\\\n)*.*?)(?:  +#.*)?$", re.MULTILINE)
TOLD = re.compile(r"^    \d\d:\d\d paused (.+?) \| (.+): daily budget reached$", re.MULTILINE)
# A request's body and, after a blank line, the whole answer to it.
CURL = re.compile(
    r"curl -X POST https://[^/]+(/api/v1\S+) .*?-d '\n(.*?)'\n\n(.*?)\n\n- ", re.DOTALL
)
TOTAL = re.compile(r'^    (\{"entries": \[\{[^\n]*"day".*?\]\})$', re.MULTILINE | re.DOTALL)


def commands_named() -> dict[str, set[str]]:
    """Return the commands that the documents name, with the options they name for each."""
    found: dict[str, set[str]] = {}
    for document in DOCUMENTS:
        for name, rest in MANAGED.findall(document):
            found.setdefault(name, set()).update(re.findall(r"--[\w-]+", rest))
    assert LISTED
    for words in re.findall(r"`(?:manage\.py )?(\w+)[^`]*`", LISTED[1]):
        found.setdefault(words, set())
    return found


def typed(beginning: str) -> list[list[str]]:
    """Return the words of each line that README tells to type in a terminal."""
    lines = [shlex.split(line.replace("\\\n", "")) for line in TYPED.findall(README)]
    return [words for words in lines if words[0].startswith(beginning)]


@pytest.mark.django_db
def test_the_shell_s_example_runs_on_the_demo() -> None:
    with the_clock_at(NOON):
        create_world(now=NOON, since=NOON - timedelta(days=1))
        names = Shell().get_namespace(verbosity=0)
        examples = DocTestParser().get_examples(README)
        for example in examples:
            exec(compile(example.source, "README.md", "single"), names)  # noqa: S102 - our own

    assert len(examples) >= 6
    notes = names["campaign"].changes.order_by("id").values_list("note", flat=True)
    assert list(notes) == ["Client asked", "It may go on"]
    assert names["campaign"].spend_days.get().amount == Decimal("12.50")


def test_the_line_of_the_terminal_is_of_a_campaign_of_the_demo() -> None:
    ((brand, campaign),) = TOLD.findall(README)
    (plan,) = (plan for plan in BRANDS if plan.name == brand)
    assert campaign in {known.name for known in plan.campaigns}


@pytest.mark.parametrize("name, options", sorted(commands_named().items()))
def test_a_command_that_is_named_exists_with_its_options(name: str, options: set[str]) -> None:
    command = load_command_class(get_commands()[name], name)
    assert command is not None
    said = command.create_parser("manage.py", name).format_help()
    assert {option for option in options if option not in said} == set()


def test_what_is_typed_exists() -> None:
    scripts = typed("script/")
    assert {"script/server", "script/test", "script/bootstrap"} <= {words[0] for words in scripts}
    for words in scripts:
        assert os.access(ROOT / words[0], os.X_OK)
    for program, *_ in typed(".venv/bin/"):
        assert Path(sys.executable).with_name(Path(program).name).exists()


@pytest.mark.parametrize("program", [programs.worker({}), programs.beat({})], ids=lambda p: p.name)
def test_celery_is_typed_as_it_is_run(program: Any) -> None:
    assert ["celery", *program.command[3:]] in [
        [Path(words[0]).name, *words[1:]] for words in typed(".venv/bin/celery")
    ]


def test_the_settings_of_the_example_can_be_read() -> None:
    exports = re.findall(r"^    (export .*)$", README, re.MULTILINE)
    assert len(exports) >= 3
    check = f"{shlex.quote(sys.executable)} manage.py check"

    done = subprocess.run(
        ["/bin/bash", "-c", "\n".join([*exports, check])],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "VAR_DIR": os.environ.get("VAR_DIR", "var")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr


# The API's document: what is sent there gets the answer that stands there.


@pytest.fixture
def documented(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The brand and campaigns that the document speaks of, at the moment it shows."""
    monkeypatch.setattr(keys, "rate_limit", RateLimit("redis://127.0.0.1:1/0"))
    with the_clock_at(an_instant("2026-03-10 11:00:02")):
        brand = Brand.objects.create(pk=3, name="Acme", currency="USD")
        Campaign.objects.create(pk=7, brand=brand, name="Spring", daily_budget="12.34")
        Campaign.objects.create(pk=9, brand=brand, name="Summer", external_id="summer")
        yield


def test_the_request_of_the_api_s_document_gets_its_answer(documented: None) -> None:
    ((path, body, answer),) = CURL.findall(API)

    response = a_program().post(path.removeprefix("/api/v1"), body)

    assert response.status_code == 200, response.content
    assert response.json() == json.loads(answer)


def test_the_total_of_the_api_s_document_is_taken(documented: None) -> None:
    (total,) = re.findall(
        r'^    (\{"entries": \[\{[^\n]*"day".*?\]\})$', API, re.MULTILINE | re.DOTALL
    )

    with the_clock_at(NOON):
        response = a_program().post("/spend/totals", total)

    assert response.json()["accepted"] == 1, response.content
