"""Reports in the shape of real exports, each with the exact figures that it must give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from budgets.models import Campaign, ReportedTotal, Spend
from budgets.operations.spend_file.given import Given, Question, Unanswered
from budgets.operations.spend_file.load import import_file
from budgets.operations.spend_file.rehearsal import rehearse
from budgets.operations.spend_file.result import Result
from budgets.sheets.records import BadFile
from tests.builders import a_brand, a_campaign, an_instant

pytestmark = pytest.mark.django_db

FILES = Path(__file__).parents[1] / "files"
NOW = an_instant("2026-03-20 12:00")
GOOGLE = "21000000001", "21000000002"
META = "120210000000000001", "120210000000000002"


@dataclass(frozen=True, kw_only=True)
class Report:
    """A file, what is said with it, and what it must give."""

    file: str
    ids: tuple[str, str] = GOOGLE
    names: tuple[str, str] = ("Autumn shoes", "Winter coats")
    currency: str = "USD"
    given: Mapping[str, Any] = field(default_factory=dict)
    source: str = "google"
    spent: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """The amount by campaign, 0 or 1, and day of March."""
    refused: tuple[tuple[int, str], ...] = ()
    """The lines that are refused, with the code."""
    off_by: str | None = None
    """How much the rows are above the file's own total, where there is one to compare."""


GERMAN = ("Herbstschuhe", "Wintermäntel")
REPORTS = [
    Report(
        file="google_en.csv",
        spent={(0, 9): "1234.56", (0, 10): "988.00", (1, 10): "0.00"},
        off_by="0",
    ),
    Report(file="google_en_utf8.csv", spent={(0, 9): "100.10", (1, 9): "50.05"}, off_by="0"),
    Report(
        file="google_de.csv",
        names=GERMAN,
        currency="EUR",
        spent={(0, 9): "1234.56", (1, 10): "988.00"},
        off_by="0",
    ),
    Report(
        file="google_fr.csv",
        names=("Chaussures d’automne", "Manteaux d’hiver"),
        currency="EUR",
        spent={(0, 9): "1234.56", (1, 10): "988.00"},
        off_by="0",
    ),
    Report(
        file="google_es.csv",
        names=("Zapatos de otoño", "Abrigos"),
        currency="EUR",
        spent={(0, 9): "1234.56", (1, 10): "988.00"},
        off_by="0",
    ),
    Report(
        file="google_pt.csv",
        names=("Sapatos", "Casacos"),
        currency="BRL",
        spent={(0, 9): "1234.56", (1, 9): "10.00"},
        off_by="0",
    ),
    Report(
        file="google_it.csv",
        names=("Scarpe", ""),
        currency="EUR",
        spent={(0, 9): "1234.56"},
        off_by="0",
    ),
    Report(
        file="google_nl.csv",
        names=("Schoenen", ""),
        currency="EUR",
        spent={(0, 9): "1234.56"},
        off_by="0",
    ),
    Report(
        file="google.xlsx",
        spent={(0, 9): "1234.56", (0, 10): "0.30", (1, 10): "1.234"},
        off_by="0",
    ),
    Report(
        file="meta.csv",
        ids=META,
        source="meta",
        spent={(0, 9): "100.50", (0, 10): "50.25", (1, 10): "25.00"},
        off_by="0",
    ),
    Report(
        file="meta_de.csv",
        ids=META,
        names=GERMAN,
        currency="EUR",
        source="meta",
        spent={(0, 9): "100.50", (1, 10): "1250.25"},
        off_by="0",
    ),
    Report(
        file="meta.xlsx",
        ids=META,
        currency="EUR",
        source="meta",
        spent={(0, 9): "100.50", (0, 10): "50.25", (1, 10): "25.00"},
        off_by="0",
    ),
    Report(
        file="meta_shortened_ids.xlsx",
        ids=META,
        currency="EUR",
        source="meta",
        refused=((2, "shortened_id"), (3, "shortened_id")),
    ),
    Report(
        file="meta_several_days.csv",
        ids=META,
        source="meta",
        spent={(1, 10): "25.00"},
        refused=((2, "several_days"),),
    ),
    Report(
        file="microsoft.csv",
        ids=("401000001", "401000002"),
        source="microsoft",
        spent={(0, 9): "84.10", (1, 13): "5.90"},
        off_by="0",
    ),
    Report(
        file="amazon.csv",
        ids=("500000000000001", "500000000000002"),
        source="amazon",
        spent={(0, 9): "1084.10", (1, 10): "5.90"},
    ),
    Report(
        file="tiktok.csv",
        ids=("1790000000000001", "1790000000000002"),
        source="tiktok",
        spent={(0, 9): "84.10", (1, 10): "5.90"},
        off_by="0",
    ),
    Report(
        file="linkedin.csv",
        ids=("190000001", "190000002"),
        currency="EUR",
        source="linkedin",
        spent={(0, 9): "84.10", (1, 13): "5.90"},
    ),
    Report(
        file="cm360.csv",
        ids=("30000001", ""),
        source="cm360",
        spent={(0, 9): "90.00"},
        off_by="0",
    ),
    Report(
        file="wrong_total.csv",
        given={"despite_totals": True},
        spent={(0, 9): "100.00"},
        off_by="-50.00",
    ),
    Report(
        file="ambiguous_dates.csv",
        given={"order": "dmy"},
        spent={(0, 5): "10.00", (0, 2): "5.00"},
    ),
    Report(file="ambiguous_dates_in_range.csv", spent={(0, 2): "10.00", (0, 4): "5.00"}),
    Report(file="proven_dates.csv", spent={(0, 2): "10.00", (0, 13): "5.00"}),
    Report(file="no_currency.csv", given={"currency": "USD"}, spent={(0, 9): "10.00"}),
    Report(file="currency_in_cells.csv", currency="EUR", spent={(0, 9): "10.00", (0, 10): "5.00"}),
    Report(
        file="two_amounts.csv",
        given={"columns": {"total": "Billed cost"}},
        spent={(0, 9): "9.50"},
    ),
    Report(
        file="unknown_columns.csv",
        given={
            "columns": {"external_id": "Reference", "day": "When", "total": "Money"},
            "currency": "USD",
            "source": "google",
        },
        spent={(0, 9): "10.00"},
    ),
    Report(
        file="semicolons.csv",
        currency="EUR",
        source="agency",
        spent={(0, 9): "1234.50", (0, 10): "12.50"},
    ),
    Report(file="thousands.csv", spent={(0, 9): "1234.00", (0, 10): "1234.56"}),
    Report(file="thousands_alone.csv", refused=((2, "two_readings"),)),
    Report(file="refunds.csv", spent={(0, 9): "7.50", (0, 10): "-3.00"}, off_by="0"),
    Report(file="ad_groups.csv", spent={(0, 9): "100.50"}, off_by="0"),
    Report(file="empty.csv"),
    Report(file="one_day_above.csv", spent={(0, 9): "10.00"}, off_by="0"),
    Report(
        file="called_total.csv",
        names=("Total sale", "Total"),
        spent={(0, 9): "10.00", (1, 9): "10.00"},
        off_by="0",
    ),
    Report(file="second_sheet.xlsx", spent={(0, 9): "10.00"}, refused=((4, "bad_day"),)),
    Report(file="windows_1252.csv", refused=((2, "bad_encoding"),)),
]

BY_NAME = [
    Report(file="google_names.csv", spent={(0, 9): "1234.56", (1, 10): "988.00"}, off_by="0"),
    Report(
        file="google_de_names.csv",
        names=GERMAN,
        currency="EUR",
        spent={(0, 9): "1234.56", (1, 10): "988.00"},
        off_by="0",
    ),
    Report(
        file="meta_de_names.csv",
        names=GERMAN,
        currency="EUR",
        source="meta",
        spent={(0, 9): "100.50", (1, 10): "1250.25"},
    ),
    Report(file="amazon_names.csv", source="amazon", spent={(0, 9): "1084.10", (1, 10): "5.90"}),
]


def campaigns_of(report: Report) -> list[Campaign]:
    brand = a_brand(currency=report.currency)
    campaigns = [a_campaign(brand=brand, name=name or "Another") for name in report.names]
    for campaign, external_id in zip(campaigns, report.ids, strict=True):
        Campaign.objects.filter(pk=campaign.pk).update(external_id=external_id or None)
    return campaigns


def must_give(report: Report, campaigns: list[Campaign], given: Given) -> None:
    path = FILES / report.file
    tried = rehearse(path, now=NOW, given=given)
    result = import_file(path, clock=lambda: NOW, given=given)
    for each in (tried, result):
        assert tuple((row.line, row.code) for row in each.refused_rows) == report.refused
        assert each.off_by == (None if report.off_by is None else Decimal(report.off_by))
    assert tried.amounts == result.amounts
    wanted = {
        (campaigns[number].pk, date(2026, 3, day)): amount
        for (number, day), amount in report.spent.items()
    }
    found = {(row.campaign_id, row.day): str(row.amount) for row in Spend.objects.all()}
    assert found == {key: amount for key, amount in wanted.items() if float(amount)}
    assert set(ReportedTotal.objects.values_list("source", flat=True)) <= {report.source}
    again = import_file(path, clock=lambda: NOW, given=given)
    assert (again.accepted, again.amounts) == (0, {})


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.file)
def test_a_report_gives_exactly_its_figures(report: Report) -> None:
    must_give(report, campaigns_of(report), Given(**report.given))


@pytest.mark.parametrize("report", BY_NAME, ids=lambda report: report.file)
def test_a_report_without_ids_gives_its_figures_within_the_brand(report: Report) -> None:
    campaigns = campaigns_of(report)
    must_give(report, campaigns, Given(brand_id=campaigns[0].brand_id))


@pytest.mark.parametrize(
    "file, questions, words",
    [
        ("wrong_total.csv", {Question.TOTALS}, "add up to 100.00.*150.00.*50.00 less"),
        ("only_totals.csv", {Question.TOTALS}, "add up to 0"),
        ("ambiguous_dates.csv", {Question.ORDER}, "two readings"),
        ("no_currency.csv", {Question.CURRENCY}, "currency"),
        ("two_amounts.csv", {Question.COLUMNS}, "“Cost” or “Billed cost”"),
        ("unknown_columns.csv", {Question.COLUMNS}, "is a header we know"),
        ("by_week.csv", {Question.COLUMNS}, "“Week”.*by day"),
    ],
)
def test_what_a_report_leaves_open_is_asked(
    file: str, questions: set[Question], words: str
) -> None:
    campaigns_of(Report(file=file))
    with pytest.raises(Unanswered, match=words) as asked:
        import_file(FILES / file, clock=lambda: NOW)
    assert asked.value.questions == questions
    assert not Spend.objects.exists()


@pytest.mark.parametrize(
    "file, words",
    [
        ("several_days_above.csv", "covers 2026-03-09 to 2026-03-10"),
        ("row_above_header.csv", "Line 1 stands above the header"),
        ("header_twice.csv", "Lines 1 and 3 are headers both"),
        ("two_sheets.xlsx", "March, April all hold spend"),
    ],
)
def test_a_file_of_which_a_part_would_be_misread_is_refused(file: str, words: str) -> None:
    campaigns_of(Report(file=file))
    with pytest.raises(BadFile, match=words) as refused:
        import_file(FILES / file, clock=lambda: NOW, given=Given(source="x", currency="USD"))
    assert not isinstance(refused.value, Unanswered)
    assert not Spend.objects.exists()


def test_several_questions_are_asked_at_once(tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    path.write_text("Campaign ID,Cost\n1,5.00\n")
    with pytest.raises(Unanswered) as asked:
        import_file(path, clock=lambda: NOW)
    assert asked.value.questions == {Question.SOURCE, Question.CURRENCY, Question.DAY}


def recognised(file: str) -> Result:
    report = next(each for each in REPORTS if each.file == file)
    campaigns_of(report)
    return rehearse(FILES / file, now=NOW, given=Given(**report.given))


def test_it_says_which_platform_was_recognised_and_by_what() -> None:
    origin = recognised("microsoft.csv").origin
    assert origin.platform is not None
    assert origin.platform.name == "Microsoft Advertising"
    assert "Gregorian date" in origin.platform.by
    assert origin.zone.startswith("(GMT+01:00)")


def test_a_source_that_is_given_goes_before_the_platform() -> None:
    report = REPORTS[0]
    campaigns_of(report)
    import_file(FILES / report.file, clock=lambda: NOW, given=Given(source="google-nordics"))
    assert set(ReportedTotal.objects.values_list("source", flat=True)) == {"google-nordics"}


# --- What is a row of spend, and what is none ---------------------------------------------------


def test_a_campaign_called_total_is_no_total_where_its_row_has_a_day(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text(
        "Campaign,Day,Cost,Currency,source\nTotal,2026-03-09,5,USD,x\nTotal,--,5,USD,x\n"
    )
    result = rehearse(path, now=NOW)
    assert [(row.line, row.code) for row in result.refused_rows] == [(2, "unknown_campaign")]
    assert [(total.line, total.amount) for total in result.own_totals] == [(3, Decimal(5))]


def test_a_row_that_lacks_its_campaign_is_refused_unless_it_is_the_sum(tmp_path: Path) -> None:
    campaigns_of(REPORTS[0])
    path = tmp_path / "nameless.csv"
    rows = ["{first}", f"{GOOGLE[0]},2026-03-09,5,USD,x", f"{GOOGLE[0]},2026-03-10,6,USD,x"]
    for start, refused in (
        (",,11", []),
        (",,12", [(2, "unknown_campaign")]),
        (",2026-03-09,11", [(2, "unknown_campaign")]),
    ):
        first = f"{start},USD,x"
        content = "\n".join(["Campaign ID,Day,Cost,Currency,source", *rows])
        path.write_text(content.format(first=first))
        result = rehearse(path, now=NOW)
        assert [(row.line, row.code) for row in result.refused_rows] == refused
        assert result.accepted == 2


def test_a_second_table_far_below_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    header, row = "Campaign ID,Day,Cost,Currency,source", "1,2026-03-09,5,USD,x"
    path.write_text("\n".join([header, *[row] * 100, header, row]))
    with pytest.raises(BadFile, match="Line 102 repeats the header"):
        rehearse(path, now=NOW)


def test_sums_of_several_currencies_are_not_compared(tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    for external_id, currency in (("1", "USD"), ("2", "EUR")):
        campaign = a_campaign(brand=a_brand(currency=currency))
        Campaign.objects.filter(pk=campaign.pk).update(external_id=external_id)
    rows = ["1,2026-03-09,5,USD,x", "2,2026-03-09,6,EUR,x", "Total,,99,,"]
    path.write_text("\n".join(["Campaign ID,Day,Cost,Currency,source", *rows]))
    result = rehearse(path, now=NOW)
    assert (result.accepted, result.off_by, len(result.own_totals)) == (2, None, 1)


def test_an_amount_that_a_spreadsheet_took_for_a_day_is_refused(tmp_path: Path) -> None:
    campaigns_of(REPORTS[0])
    book = Workbook()
    book.active.append(["Campaign ID", "Day", "Cost", "Currency", "source"])
    book.active.append([GOOGLE[0], date(2026, 3, 9), date(2026, 5, 3), "USD", "x"])
    book.save(tmp_path / "days.xlsx")
    result = rehearse(tmp_path / "days.xlsx", now=NOW)
    assert [(row.line, row.code) for row in result.refused_rows] == [(2, "bad_amount")]


def test_days_that_a_spreadsheet_may_have_swapped_are_refused(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["Campaign ID", "Day", "Cost", "Currency", "source"])
    book.active.append([GOOGLE[0], date(2026, 2, 3), 5, "USD", "x"])
    book.active.append([GOOGLE[0], "13/03/2026", 5, "USD", "x"])
    book.save(tmp_path / "days.xlsx")
    with pytest.raises(
        BadFile, match="“2026-02-03”, and left others as text, such as “13/03/2026”"
    ):
        rehearse(tmp_path / "days.xlsx", now=NOW)


def test_an_amount_that_a_spreadsheet_did_not_find_is_refused(tmp_path: Path) -> None:
    campaigns_of(REPORTS[0])
    path = tmp_path / "lookup.csv"
    path.write_text(f"Campaign ID,Day,Cost,Currency,source\n{GOOGLE[0]},2026-03-09,#N/A,USD,x\n")
    [refused] = rehearse(path, now=NOW).refused_rows
    assert (refused.column, refused.code) == ("total", "bad_amount")


def test_an_amount_that_a_comma_split_into_a_nameless_column_is_refused(tmp_path: Path) -> None:
    campaigns_of(REPORTS[0])
    path = tmp_path / "split.csv"
    header, row = "source,Currency,Campaign ID,Day,Cost,", f"x,USD,{GOOGLE[0]},2026-03-09"
    path.write_text("\n".join([header, f"{row},1,50", f"{row},2,", f"{row},3,note"]))
    refused = rehearse(path, now=NOW).refused_rows
    assert [(each.line, each.code) for each in refused] == [
        (2, "bad_amount"),
        (3, "incomplete_total"),
        (4, "incomplete_total"),
    ]
    assert "1,50, may split it in two" in refused[0].message


def test_a_row_in_another_currency_than_its_header_is_refused(tmp_path: Path) -> None:
    campaigns_of(REPORTS[0])
    path = tmp_path / "two.csv"
    path.write_text(f"Campaign ID,Day,Cost (EUR),Currency,source\n{GOOGLE[0]},2026-03-09,5,USD,x\n")
    [refused] = rehearse(path, now=NOW).refused_rows
    assert (refused.code, refused.message) == (
        "wrong_currency",
        "The header says EUR, the row says “USD”; which is right?",
    )


def test_a_row_in_another_currency_than_stands_above_the_header_is_refused(tmp_path: Path) -> None:
    campaigns_of(REPORTS[0])
    path = tmp_path / "two.csv"
    path.write_text(
        f"Report currency: EUR\nCampaign ID,Day,Cost,Account currency,source\n"
        f"{GOOGLE[0]},2026-03-09,5,USD,x\n"
    )
    [refused] = rehearse(path, now=NOW).refused_rows
    assert refused.code == "wrong_currency"
    assert refused.message.startswith("Above the header stands EUR, the row says “USD”")


def test_a_row_of_a_day_that_the_report_does_not_cover_is_refused(tmp_path: Path) -> None:
    campaigns_of(REPORTS[0])
    path = tmp_path / "own_days.csv"
    path.write_text(
        "Campaign report\n2026-03-09 - 2026-03-09\n"
        "Campaign ID,Currency code,Cost,Start date,End date\n"
        f"{GOOGLE[0]},USD,5,2026-03-05,2026-03-05\n"
        f"{GOOGLE[1]},USD,6,2026-03-05,\n"
    )
    result = rehearse(path, now=NOW)
    codes = [(row.line, row.column, row.code) for row in result.refused_rows]
    assert codes == [(4, "day", "day_not_covered"), (5, "day", "several_days")]
    assert "2026-03-05 to no end" in result.refused_rows[1].message


@pytest.mark.parametrize(
    "lines",
    [
        ("Segment: Day,Campaign ID,Currency code,Cost", "2026-03-09,{id},USD,5"),
        ("Gregorianisches Datum,Kampagnen-ID,Währungscode,Ausgaben", "2026-03-09,{id},USD,5"),
        (
            "Auswertungsstart,Auswertungsende,Kampagnen-ID,Ausgegebener Betrag (USD)",
            "2026-03-09,2026-03-09,{id},5",
        ),
        (
            "Startdatum (in UTC),Währung,Kampagnen-ID,Name der Kampagnengruppe,Ausgaben insgesamt",
            "2026-03-09,USD,{id},x,5",
            "2026-03-10,USD,{id},x,0",
        ),
        (
            "Nach Tag,Kampagnen-ID,Kosten,Währung",
            "2026-03-09,{id},5,USD",
            "Gesamt von 1 Ergebnissen,-,5,-",
        ),
        (
            '"Report Time: 3/9/2026,3/31/2026"',
            "Gregorian date,Campaign ID,Currency code,Spend",
            "3/9/2026,{id},USD,5",
        ),
        (
            "Report Time: 3/9/2026,3/31/2026",
            "Gregorian date,Campaign ID,Currency code,Spend",
            "3/9/2026,{id},USD,5",
        ),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_plain_export_leaves_nothing_open(
    tmp_path: Path, lines: Sequence[str], encoding: str
) -> None:
    campaigns_of(REPORTS[0])
    path = tmp_path / "plain.csv"
    path.write_bytes("\n".join(lines).format(id=GOOGLE[0]).encode(encoding))
    result = import_file(path, clock=lambda: NOW)
    assert (result.refused, result.amounts) == (0, {"USD": Decimal(5)})
    assert Spend.objects.get().day == date(2026, 3, 9)


def test_days_above_the_header_that_a_comma_split_are_not_one_day(tmp_path: Path) -> None:
    path = tmp_path / "split.csv"
    path.write_text(
        "Report Time: 3/1/2026,3/31/2026\nCampaign name,Campaign ID,Impr.,Spend\nA,1,2,3\n"
    )
    with pytest.raises(BadFile, match="covers 2026-03-01 to 2026-03-31"):
        rehearse(path, now=NOW, given=Given(currency="USD"))


def test_a_lone_day_below_another_title_than_a_reports_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Agency\n2026-03-09\nCampaign ID,Currency code,Cost\n1,USD,5\n")
    with pytest.raises(Unanswered) as asked:
        rehearse(path, now=NOW)
    assert asked.value.questions == {Question.DAY}


def test_another_figure_of_money_is_named_where_ours_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "converted.csv"
    path.write_text("Day,Campaign ID,Currency code,Total cost\n2026-03-09,1,USD,5\n")
    with pytest.raises(Unanswered, match="may be “Total cost”; say which"):
        rehearse(path, now=NOW)


# --- What would be counted twice ----------------------------------------------------------------

BROKEN_DOWN = "Campaign ID,Day,Age,Results,Cost,Currency,source"


def test_months_of_linkedin_are_not_taken_for_days(tmp_path: Path) -> None:
    path = tmp_path / "months.csv"
    rows = ["1/1/2026,EUR,Shoes,1,5", "2/1/2026,EUR,Shoes,1,6"]
    header = "Start Date (in UTC),Currency,Campaign Group Name,Campaign ID,Total Spent"
    path.write_text("\n".join([header, *rows]))
    with pytest.raises(Unanswered, match="nothing says on which day they end") as asked:
        rehearse(path, now=NOW, given=Given(order="mdy"))
    assert asked.value.questions == {Question.COLUMNS}


@pytest.mark.parametrize("of_all", ["All", "", "--"])
def test_a_subtotal_among_the_rows_of_a_breakdown_is_refused(tmp_path: Path, of_all: str) -> None:
    campaigns_of(REPORTS[0])
    path = tmp_path / "ages.csv"
    rows = [f"{of_all},7,100", "18-24,3,60", "25-34,4,40"]
    lines = [f"{GOOGLE[0]},2026-03-09,{row},USD,x" for row in rows]
    path.write_text("\n".join([BROKEN_DOWN, *lines]))
    result = rehearse(path, now=NOW)
    assert {(row.line, row.code) for row in result.refused_rows} == {
        (line, "subtotal") for line in (2, 3, 4)
    }
    assert "Line 2 seems to be the sum" in result.refused_rows[0].message
    assert "“Age”" in result.refused_rows[0].message


@pytest.mark.parametrize("rows", [[",7,90", "18-24,3,60"], ["18-24,,60", "25-34,4,60"]])
def test_a_part_that_only_lacks_a_cell_is_no_subtotal(tmp_path: Path, rows: list[str]) -> None:
    campaigns_of(REPORTS[0])
    path = tmp_path / "ages.csv"
    lines = [f"{GOOGLE[0]},2026-03-09,{row},USD,x" for row in rows]
    path.write_text("\n".join([BROKEN_DOWN, *lines]))
    assert rehearse(path, now=NOW).refused == 0
