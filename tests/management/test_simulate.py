"""`manage.py simulate` compares policies in simulated worlds."""

import json
import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).parents[2]
SMALL = ("--campaigns", "10", "--days", "1")


def the_command(*words: str) -> str:
    out = StringIO()
    call_command("simulate", *SMALL, *words, stdout=out)
    return out.getvalue()


def test_the_same_seeds_give_the_same_bytes() -> None:
    assert the_command("--json", "--seeds", "1", "2") == the_command("--json", "--seeds", "1", "2")


def test_each_world_has_a_table_with_a_line_a_policy() -> None:
    said = the_command("--scopes", "campaign", "brand", "--feeds", "hourly")
    assert "Limits of campaigns for a day; day totals as of each hour" in said
    assert "Limits of brands for a day; day totals as of each hour" in said
    lines = [line.split() for line in said.splitlines() if line.startswith("  forecast")]
    assert len(lines) == 2
    assert all(re.fullmatch(r"[\d.,]+", figure) for line in lines for figure in line[1:])
    assert "forecast: reckons what is under way" in said


def test_programs_get_every_figure() -> None:
    told = json.loads(
        the_command("--json", "--feeds", "15min", "--policies", "ingest", "--restated", "5")
    )
    (finding,) = told["findings"]
    assert told["seeds"] == [1]
    assert finding["world"]["restated"] == 0.05
    assert set(finding["policies"]) == {"ingest"}
    assert finding["policies"]["ingest"]["overspend"] > 0


def test_a_page_says_how_to_get_it_again(tmp_path: Path) -> None:
    page = tmp_path / "accuracy.html"
    the_command("--html", str(page), "--outages", "2")
    text = page.read_text(encoding="utf-8")
    assert "manage.py simulate --campaigns 10 --days 1" in text
    assert "--outages 2 --seeds 1" in text
    assert text.count("<polyline") == 4
    assert text.count("<tbody>") == 3
    assert "http" not in text.replace("http-equiv", "")


@pytest.mark.parametrize(
    "words, complaint",
    [
        (("--campaigns", "9", "--scopes", "brand"), "9 campaigns are no brand; take 10 or more"),
        (("--html", "/nowhere/page.html"), "The page cannot be written"),
        (("--days", "32"), "'32' is no whole number from 1 to 31"),
        (("--campaigns", "0"), "'0' is no whole number from 1 to 100,000"),
        (("--restated", "x"), "'x' is no whole number from 0 to 50"),
    ],
)
def test_bad_words_are_refused_with_what_to_write(words: tuple[str, ...], complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint):
        the_command(*words)


def test_the_product_itself_runs_on_a_database_that_is_thrown_away(tmp_path: Path) -> None:
    """Takes some seconds: a process of its own makes a database with all migrations."""
    words = ["--feeds", "hourly", "--policies", "ingest", "--operations", "--json"]
    done = subprocess.run(
        [sys.executable, "manage.py", "simulate", "--campaigns", "1", "--days", "1", *words],
        cwd=ROOT,
        env={**os.environ, "VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (finding,) = json.loads(done.stdout)["findings"]
    assert finding["policies"]["operations"] == finding["policies"]["ingest"]
    assert list(tmp_path.glob("*.sqlite3")) == []


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_a_line_that_goes_and_no_error() -> None:
    terminal, out = Terminal(), StringIO()
    call_command("simulate", *SMALL, "--feeds", "hourly", stdout=out, stderr=terminal)
    shown = terminal.getvalue()
    assert "\r\x1b[Krules " in shown
    assert "100%" in shown
    assert "\x1b[31" not in shown
    assert shown.endswith("\r\x1b[K")
    assert out.getvalue().startswith("Limits of campaigns")
