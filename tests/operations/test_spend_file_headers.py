"""Which line is the header, what its columns are, and what is said of all rows above it."""

from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from budgets.models import ColumnMapping, Spend
from budgets.operations.spend_file.given import Given, Question, Unanswered
from budgets.operations.spend_file.header.inspection import inspect
from budgets.operations.spend_file.header.memory import remember_columns
from budgets.operations.spend_file.header.names import Heading, heading_of, role_of
from budgets.operations.spend_file.header.preamble import days_in
from budgets.operations.spend_file.header.template import template_file
from budgets.operations.spend_file.layout import FileKind, UnknownColumns, layout_of
from budgets.operations.spend_file.load import Callbacks, import_file
from budgets.operations.spend_file.refused_file import refused_file
from budgets.operations.spend_file.rehearsal import rehearse
from budgets.operations.spend_file.result import Result
from budgets.sheets.records import BadFile
from tests.builders import a_brand, a_campaign, a_person, an_instant
from tests.operations.conftest import Write

FILES = Path(__file__).parents[1] / "files"
NOW = an_instant("2026-03-20 12:00")
MARCH_9 = date(2026, 3, 9)


# --- Names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, role",
    [
        ("campaign_id", "campaign_id"),
        ("Campaign ID", "external_id"),
        ("Kampagnen-ID", "external_id"),
        ("ID. de campaña", "external_id"),
        ("Amount spent (USD)", "total"),
        ("Ausgegebener Betrag (EUR)", "total"),
        ("Coût", "total"),
        ("\ufeffDay", "day"),
        ("Fin des rapports", "last_day"),
        ("Cost / conv.", ""),
        ("Cost per result (EUR)", ""),
        ("Cost (Converted currency)", ""),
        ("Campaign budget", ""),
    ],
)
def test_a_header_names_a_column_in_any_language(text: str, role: str) -> None:
    assert role_of(text) == role


@pytest.mark.parametrize(
    "text, heading",
    [
        ("Amount spent (EUR)", Heading("amount spent", "EUR")),
        ("Start Date (in UTC)", Heading("start date", "", "UTC")),
        ("CTR (link click-through rate)", Heading("ctr link click through rate")),
    ],
)
def test_brackets_say_the_currency_or_the_clock(text: str, heading: Heading) -> None:
    assert heading_of(text) == heading


@pytest.mark.parametrize("other", ["Cost (Converted currency)", "Billed cost", "Total cost"])
def test_another_figure_of_money_is_asked_about(other: str) -> None:
    header = ["Campaign ID", "Day", "Cost", other]
    with pytest.raises(UnknownColumns, match="say which it is"):
        layout_of(header)
    assert layout_of(header, chosen={"total": other}).columns["total"] == 3
    assert layout_of([*header, "total"]).columns["total"] == 4  # exactly ours


def test_two_columns_of_days_are_asked_about() -> None:
    with pytest.raises(UnknownColumns, match="day twice, as “Day” and “Date”"):
        layout_of(["Campaign ID", "Day", "Date", "Cost"])


def test_the_days_of_a_flight_are_no_days_of_spend() -> None:
    layout = layout_of(["Campaign ID", "Day", "Start date", "End date", "Cost"])
    assert layout.columns == {"external_id": 0, "day": 1, "total": 4}


# --- Above the header ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, days",
    [
        ("March 9, 2026 - March 10, 2026", (9, 10)),
        ("9. März 2026 – 10. März 2026", (9, 10)),
        ("2026-03-09 to 2026-03-10", (9, 10)),
        ("3/9/2026 - 3/13/2026", (9, 13)),
        ("March 9, 2026, 12:00 AM", (9, 9)),
        ("3/4/2026 - 3/5/2026", None),
        ("Campaign report", None),
        ("March 9, 2026 - whenever", None),
    ],
)
def test_the_days_that_a_report_covers_are_read_where_they_are_certain(
    text: str, days: tuple[int, int] | None
) -> None:
    wanted = days and (date(2026, 3, days[0]), date(2026, 3, days[1]))
    assert days_in(text) == wanted


@pytest.mark.django_db
def test_a_lone_first_day_may_be_that_of_the_whole_report(a_file: Write) -> None:
    rows = ["1,2026-03-09,5.00,EUR", "2,2026-03-09,6.00,EUR"]
    path = a_file("Campaign ID,Start Date (in UTC),Total Spent,Currency", *rows)
    with pytest.raises(Unanswered, match="nothing says on which day they end") as asked:
        rehearse(path, now=NOW, given=Given(source="linkedin"))
    assert asked.value.questions == {Question.COLUMNS}
    said = Given(source="linkedin", columns={"day": "Start Date (in UTC)"})
    assert rehearse(path, now=NOW, given=said).rows == 2


@pytest.mark.django_db
def test_the_days_on_which_campaigns_began_are_no_days_of_spend(a_file: Write) -> None:
    rows = ["1,2026-03-01,5.00,EUR", "2,2026-03-09,6.00,EUR"]
    path = a_file("Campaign ID,Start date,Cost,Currency code", *rows)
    with pytest.raises(Unanswered) as asked:
        rehearse(path, now=NOW)
    assert asked.value.questions == {Question.COLUMNS}


@pytest.mark.django_db
def test_a_day_above_the_header_may_be_when_the_report_was_made(a_file: Write) -> None:
    path = a_file("2026-03-14", "Campaign ID,Spend,Currency", "1,5.00,EUR")
    with pytest.raises(Unanswered) as asked:
        rehearse(path, now=NOW, given=Given(source="x"))
    assert asked.value.questions == {Question.DAY}


@pytest.mark.django_db
def test_two_currencies_without_a_column_are_refused(a_file: Write) -> None:
    path = a_file("Campaign ID,Day,Cost,source", "1,2026-03-09,€5,x", "2,2026-03-09,US$5,x")
    with pytest.raises(BadFile, match="several currencies"):
        rehearse(path, now=NOW)


@pytest.mark.django_db
def test_an_order_that_the_days_disprove_is_refused(a_file: Write) -> None:
    path = a_file("Campaign ID,Day,Cost,Currency,source", "1,3/13/2026,5.00,EUR,x")
    with pytest.raises(BadFile, match="have the month first, and the day first was given"):
        rehearse(path, now=NOW, given=Given(order="dmy"))


# --- Chosen columns -----------------------------------------------------------------------------

UNKNOWN = "Reference;When;Money"
CHOSEN = {"external_id": "Reference", "day": "When", "total": "Money"}


def a_known_campaign(external_id: str = "7") -> int:
    campaign = a_campaign(brand=a_brand(currency="EUR"))
    type(campaign).objects.filter(pk=campaign.pk).update(external_id=external_id)
    return campaign.pk


def amounts() -> dict[date, str]:
    return {row.day: str(row.amount) for row in Spend.objects.all()}


@pytest.mark.django_db
def test_a_choice_is_remembered_for_every_file_with_the_same_columns(a_file: Write) -> None:
    a_known_campaign()
    ada: User = a_person("ada")
    remember_columns(
        UNKNOWN.split(";"), CHOSEN, source="print", currency="EUR", by_id=ada.pk, now=NOW
    )
    path = a_file("Some title", "Money,when,REFERENCE", '"5,50",2026-03-09,7')
    result = import_file(path, clock=lambda: NOW)
    assert str(result.origin.remembered) == "read as ada chose on 2026-03-20"
    assert (result.writing.source, amounts()) == ("print", {MARCH_9: "5.50"})


@pytest.mark.django_db
def test_a_choice_made_with_the_file_goes_before_a_remembered_one(a_file: Write) -> None:
    a_known_campaign()
    columns = ["Reference", "When", "Money", "Fees"]
    remember_columns(columns, CHOSEN, source="print", currency="EUR", now=NOW)
    path = a_file(";".join(columns), "7;2026-03-09;5.50;1.50")
    given = Given(source="print", currency="EUR", columns=CHOSEN | {"total": "Fees"})
    assert import_file(path, clock=lambda: NOW, given=given).origin.remembered is None
    assert amounts() == {MARCH_9: "1.50"}


@pytest.mark.django_db
def test_a_later_choice_takes_the_place_of_an_earlier_one() -> None:
    for header in (["A", "B"], ["b", "a"]):
        remember_columns(header, {"total": header[0]}, now=NOW)
    assert ColumnMapping.objects.get().columns == {"total": "b"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "columns, words",
    [
        ({"total": "Wages"}, "No line has all of the columns Wages"),
        ({"money": "Money"}, "no column money"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(
    a_file: Write, columns: dict[str, str], words: str
) -> None:
    path = a_file("external_id;day;Money;total", "7;2026-03-09;5.50;1")
    with pytest.raises(BadFile, match=words):
        rehearse(path, now=NOW, given=Given(columns=columns))


# --- Inspection ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_inspection_shows_what_somebody_needs_to_choose_columns(a_file: Write) -> None:
    path = a_file("A title", "Reference;Day;Money", "7;2026-03-09;5,50", "8;2026-03-09;6,50")
    found = inspect(path)
    assert found.header == (2, ["Reference", "Day", "Money"])
    assert [line.number for line in found.candidates] == [2, 3, 4]
    assert [line.number for line in found.samples] == [3, 4]
    assert found.columns == {"day": "Day"}
    assert found.questions == {Question.COLUMNS}
    assert "is a header we know" in found.message


@pytest.mark.django_db
def test_an_inspection_of_a_known_report_says_whose_it_is_and_what_is_open() -> None:
    found = inspect(FILES / "google_de.csv")
    assert found.platform is not None
    assert found.platform.source == "google"
    assert (found.header.number, found.questions, found.message) == (3, frozenset(), "")
    assert found.columns["total"] == "Kosten"
    assert inspect(FILES / "no_currency.csv").questions == {Question.CURRENCY}


# --- Refused rows -------------------------------------------------------------------------------


def refused_rows_of(path: Path, aside: Path, given: Given) -> Result:
    with refused_file(aside) as write:
        callbacks = Callbacks(refused=write)
        return import_file(path, clock=lambda: NOW, given=given, callbacks=callbacks)


@pytest.mark.django_db
def test_refused_rows_alone_mean_what_they_meant_in_their_report(
    a_file: Write, tmp_path: Path
) -> None:
    """Title, order of days, decimals, currency and source are shown by other rows, or said."""
    a_known_campaign("7")
    path = a_file(
        "Campaign report",
        "Campaign ID;Day;Cost",
        "7;13/03/2026;1.234,50",
        "8;03/04/2026;2.345",
        "8;02/03/2026;1,234",
    )
    aside = tmp_path / "refused.csv"
    given = Given(source="google", currency="EUR")
    assert refused_rows_of(path, aside, given).refused == 2
    assert aside.read_text().splitlines()[0] == (
        "external_id;day;total;currency;source;line;reason"
    )
    a_known_campaign("8")
    again = import_file(aside, clock=lambda: an_instant("2026-04-20 12:00"))
    assert (again.accepted, again.refused, again.writing.source) == (2, 0, "")
    assert amounts() == {
        date(2026, 3, 13): "1234.50",
        date(2026, 4, 3): "2345.00",
        date(2026, 3, 2): "1.234",
    }


@pytest.mark.django_db
def test_refused_rows_of_a_workbook_become_a_csv_that_can_be_imported(tmp_path: Path) -> None:
    aside = tmp_path / "refused.csv"
    result = refused_rows_of(FILES / "google.xlsx", aside, Given())
    assert (result.refused, result.accepted) == (3, 0)
    assert aside.read_bytes().startswith(b"\xef\xbb\xbfcampaign,external_id,day,currency,Impr.")
    for external_id, name in (("21000000001", "Autumn shoes"), ("21000000002", "Winter coats")):
        campaign = a_campaign(name=name)
        type(campaign).objects.filter(pk=campaign.pk).update(external_id=external_id)
    again = import_file(aside, clock=lambda: NOW)
    assert (again.accepted, again.refused) == (3, 0)
    assert {str(row.amount) for row in Spend.objects.all()} == {"1234.56", "0.30", "1.234"}


# --- Templates ----------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("kind", FileKind)
def test_a_template_is_taken_once_its_ids_are_replaced(kind: FileKind, tmp_path: Path) -> None:
    brand = a_brand(currency="EUR")
    for external_id in ("id-of-a-campaign", "id-of-another"):
        campaign = a_campaign(brand=brand)
        type(campaign).objects.filter(pk=campaign.pk).update(external_id=external_id)
    path = tmp_path / "template.csv"
    path.write_bytes(template_file(kind, today=NOW.date(), currency="EUR"))
    result = rehearse(path, now=NOW)
    assert (result.layout.kind, result.accepted, result.refused) == (kind, 2, 0)
