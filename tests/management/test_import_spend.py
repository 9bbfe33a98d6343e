"""`manage.py import_spend` imports a file, previews it, and says which rows it could not take."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from budgets.models import Campaign, ColumnMapping, LedgerEntry
from tests.builders import a_brand, a_campaign, an_instant, the_clock_at

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
HEADER = "campaign_id;occurred_at;amount;currency;note"


@pytest.fixture
def campaign() -> Campaign:
    return a_campaign(brand=a_brand(name="Acme"), name="Spring sale", daily="5")


@pytest.fixture
def good(campaign: Campaign, tmp_path: Path) -> Path:
    path = tmp_path / "good.csv"
    path.write_text(f"{HEADER}\n{campaign.pk};2026-03-10 11:00;1234,50;USD;\n")
    return path


@pytest.fixture
def mixed(good: Path, campaign: Campaign) -> Path:
    with good.open("a") as file:
        file.write(f"{campaign.pk};10.03.2026;1;USD;\n")
    return good


def the_command(*words: str | Path) -> str:
    out = StringIO()
    with the_clock_at(NOON):
        try:
            call_command("import_spend", *map(str, words), stdout=out)
        except CommandError as error:
            return f"{out.getvalue()}! {error}"
    return out.getvalue()


def test_it_says_what_is_new_and_what_must_stop(good: Path, campaign: Campaign) -> None:
    assert the_command(good) == (
        "good.csv: 1 entry, separated by semicolons, decimals after a comma.\n"
        "  1 new: $1,234.50\n"
        "  0 known before, counted once\n"
        "  0 refused\n"
        "  1 without an offset: read on the clock of the brand.\n"
        "  Columns not used: note.\n"
        "1 campaign must stop:\n"
        f"  Acme / Spring sale ({campaign.pk}): Daily budget reached\n"
    )
    assert LedgerEntry.objects.count() == 1


def test_a_dry_run_says_the_same_and_writes_nothing(good: Path) -> None:
    said = the_command(good, "--dry-run")
    assert "1 would be new: $1,234.50" in said
    assert "1 campaign would stop" in said
    assert said.endswith("Nothing was written.\n")
    assert not LedgerEntry.objects.exists()


def test_json_answers_with_the_numbers(mixed: Path, campaign: Campaign) -> None:
    said, _, failure = the_command(mixed, "--json").partition("! ")
    facts = json.loads(said)
    assert (facts["accepted"], facts["refused"], facts["must_stop"]) == (1, 1, [campaign.pk])
    assert facts["amounts"] == {"USD": "1234.50"}
    assert facts["refused_rows"][0]["line"] == 3
    assert failure.startswith("1 row was refused")


def test_refused_rows_are_told_and_make_it_fail(mixed: Path) -> None:
    said = the_command(mixed)
    assert "  line 3, occurred_at “10.03.2026”: “10.03.2026” is no time" in said
    assert "! 1 row was refused" in said


def test_refused_rows_go_to_a_file(mixed: Path, tmp_path: Path) -> None:
    aside = tmp_path / "refused.csv"
    the_command(mixed, "--refused", aside)
    header, row = aside.read_text().splitlines()
    assert header == f"{HEADER};line;reason"
    assert "10.03.2026;1;USD;;3;" in row


def test_the_file_is_not_overwritten_by_its_refused_rows(mixed: Path) -> None:
    assert "need a file of their own" in the_command(mixed, "--refused", mixed)
    assert mixed.read_text().startswith(HEADER)


@pytest.mark.parametrize(
    "content, words",
    [(None, "No such file"), ("", "is empty"), ("a,b\n1,2\n", "is a header we know")],
)
def test_a_file_that_cannot_be_read_fails_in_one_line(
    tmp_path: Path, content: str | None, words: str
) -> None:
    path = tmp_path / "broken.csv"
    if content is not None:
        path.write_text(content)
    said = the_command(path)
    assert words in said
    assert "\n" not in said


def test_many_refused_rows_are_not_all_listed(tmp_path: Path, campaign: Campaign) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("\n".join([HEADER, *(["1;x;1;USD;"] * 30)]))
    assert "… and 10 more; --refused FILE keeps them all." in the_command(path)


# --- What a file leaves open --------------------------------------------------------------------


@pytest.mark.parametrize(
    "rows, options",
    [
        (["Campaign ID,Day,Cost", "7,2026-03-09,5"], "--currency CODE and --source NAME"),
        (["Campaign ID,Cost,Currency,source", "7,5,USD,x"], "--day YYYY-MM-DD"),
        (["Campaign ID,Day,Cost,Currency,source", "7,3/4/2026,5,USD,x"], "--date-order dmy or mdy"),
        (["Reference,Day,Cost,Currency,source", "7,2026-03-09,5,USD,x"], "--column ROLE=HEADER"),
        (
            ["Campaign ID,Day,Cost,Currency,source", "7,2026-03-09,5,USD,x", "Total,,6,USD,"],
            "--despite-totals",
        ),
    ],
)
def test_what_is_open_is_asked_for_by_the_option_that_answers_it(
    tmp_path: Path, rows: list[str], options: str
) -> None:
    path = tmp_path / "open.csv"
    path.write_text("\n".join(rows))
    said = the_command(path)
    assert said.startswith("! ")
    assert said.endswith(f"Say it with {options}.")
    assert "\n" not in said


def test_options_answer_and_are_remembered(tmp_path: Path, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(external_id="7")
    path = tmp_path / "strange.csv"
    path.write_text("Reference,Money\n7,5.50\n")
    answers = ["--column", "external_id=Reference", "--column", "total=Money", "--source", "print"]
    said = the_command(path, *answers, "--currency", "usd", "--day", "2026-03-09", "--remember")
    assert "1 new: $5.50" in said
    path.write_text("Money,Reference\n6.50,7\n")
    said = the_command(path, "--day", "2026-03-08")
    assert "Columns read as somebody at the command line chose on 2026-03-10." in said
    assert "1 new: $6.50" in said


def test_a_dry_run_remembers_nothing(tmp_path: Path) -> None:
    path = tmp_path / "strange.csv"
    path.write_text("Reference,Day,Cost,Currency,source\n7,2026-03-09,5,USD,x\n")
    the_command(path, "--column", "external_id=Reference", "--remember", "--dry-run")
    assert not ColumnMapping.objects.exists()


def test_it_says_whose_report_it_is_and_that_its_total_agrees() -> None:
    said = the_command(Path(__file__).parents[1] / "files" / "google_en.csv", "--dry-run")
    assert "A report of Google Ads, recognised by columns" in said
    assert (
        "The file's own totals are left out: Total: Campaigns (line 7), Total: Account (line 8); "
        "the rows agree." in said
    )


def test_rows_that_are_taken_despite_the_total_are_told_to_be_off() -> None:
    path = Path(__file__).parents[1] / "files" / "wrong_total.csv"
    assert "Total: Account (line 3); the rows are -50.00 off." in the_command(
        path, "--despite-totals", "--dry-run"
    )


@pytest.mark.parametrize("kind", ["totals", "entries"])
def test_a_template_is_printed(kind: str) -> None:
    said = the_command("--template", kind)
    assert said.startswith("\ufeffexternal_id,")
    assert "\n! " not in said


def test_without_a_file_it_says_so() -> None:
    assert the_command() == "! Name the file to import."
