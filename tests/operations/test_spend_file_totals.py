"""Day totals in files as people have them: in parts, without an as_of, of several sources."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgets.models import Campaign, Spend
from budgets.operations.spend_file import load
from budgets.operations.spend_file.given import Given, Question, Unanswered
from budgets.operations.spend_file.load import Callbacks, import_file
from budgets.operations.spend_file.refused_file import refused_file
from budgets.operations.spend_file.rehearsal import rehearse
from budgets.operations.spend_file.result import Result
from budgets.sheets.records import BadFile
from tests.builders import a_brand, a_campaign, an_instant
from tests.operations.conftest import Write

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
HOUR = timedelta(hours=1)
TODAY = date(2026, 3, 10)
HEADER = "campaign_id,day,total,currency"


def imported(path: Path, *, at: int = 0, source: str = "google") -> Result:
    return import_file(path, clock=lambda: NOON + at * HOUR, given=Given(source=source))


def spent(campaign: Campaign) -> dict[date, str]:
    return {row.day: str(row.amount) for row in campaign.spend_days.all()}


def reasons_told(result: Result) -> list[tuple[int, str]]:
    return [(row.line, row.code) for row in result.refused_rows]


# --- Parts --------------------------------------------------------------------------------------


def test_rows_of_one_campaign_and_day_are_parts_and_are_added_up(a_file: Write) -> None:
    campaign = a_campaign(daily="200")
    rows = [f"{campaign.pk},2026-03-10,{amount},USD" for amount in (100, 60, 40)]
    result = imported(a_file(HEADER, *rows))
    assert (result.accepted, result.totals, result.duplicates) == (3, 1, 0)
    assert result.campaigns(stopping=True) == [campaign.pk]
    assert spent(campaign) == {TODAY: "200.00"}


def test_parts_are_added_up_across_the_batches_of_a_file(
    a_file: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "ROWS_A_BATCH", 2)
    first, second = a_campaign(), a_campaign()
    rows = [f"{c.pk},2026-03-10,{n},USD" for n in (1, 2, 3) for c in (first, second)]
    assert imported(a_file(HEADER, *rows)).accepted == 6
    assert (spent(first), spent(second)) == ({TODAY: "6.00"}, {TODAY: "6.00"})


def test_a_total_that_lacks_a_part_is_refused_as_a_whole(a_file: Write, tmp_path: Path) -> None:
    campaign = a_campaign()
    path = a_file(
        HEADER,
        f"{campaign.pk},2026-03-10,100,USD",
        f"{campaign.pk},2026-03-10,sixty,USD",
        f"{campaign.pk},2026-03-09,5,USD",
    )
    aside = tmp_path / "refused.csv"
    with refused_file(aside) as write:
        callbacks = Callbacks(refused=write)
        result = import_file(
            path, clock=lambda: NOON, given=Given(source="google"), callbacks=callbacks
        )
    assert reasons_told(result) == [(2, "incomplete_total"), (3, "bad_amount")]
    assert (result.rows, result.accepted, result.refused) == (3, 1, 2)
    assert spent(campaign) == {date(2026, 3, 9): "5.00"}
    assert len(aside.read_text().splitlines()) == 3


@pytest.mark.parametrize("column", ["campaign_id", "external_id"])
def test_a_row_whose_name_contradicts_its_id_spoils_the_total_of_the_id(
    a_file: Write, column: str
) -> None:
    campaign = a_campaign(name="Spring sale")
    campaign.external_id = "88001"
    campaign.save()
    identifier = campaign.pk if column == "campaign_id" else "88001"
    rows = (("Spring sale", 10, 100), ("Autumn sale", 10, 60), ("Spring sale", 9, 40))
    lines = [f"{identifier},{name},2026-03-{day:02},{sum_},USD" for name, day, sum_ in rows]
    result = imported(a_file(f"{column},campaign,day,total,currency", *lines))
    assert reasons_told(result) == [(2, "incomplete_total"), (3, "unknown_campaign")]
    assert spent(campaign) == {TODAY - timedelta(days=1): "40.00"}


@pytest.mark.parametrize(
    "header, row",
    [
        ("external_id,day,total,currency", "88001,2026-03-10,1,234.50,USD"),
        ("day,total,currency,external_id", "2026-03-10,1,234.50,USD,88001"),
        ("day,total,currency,campaign,brand", "2026-03-10,1,234.50,USD,spring SALE,Acme"),
        ("day,total,currency,external_id", "2026-03-10,USD,88001"),
        ("external_id,campaign,day,total,currency", "88001,caf\udce9,2026-03-10,60,USD"),
    ],
)
def test_a_row_that_cannot_be_read_spoils_the_totals_of_the_campaign_it_may_be_of(
    a_file: Write, header: str, row: str
) -> None:
    acme, beta = a_brand(name="Acme"), a_brand(name="Beta")
    campaign, other = a_campaign(brand=acme), a_campaign(brand=beta, name="Other")
    Campaign.objects.filter(pk=campaign.pk).update(external_id="88001")
    Campaign.objects.filter(pk=other.pk).update(external_id="88002")
    cells = {
        "external_id": ("88001", "88002"),
        "campaign": ("Spring sale", "Other"),
        "brand": ("Acme", "Beta"),
        "day": ("2026-03-10",) * 2,
        "total": ("100", "7"),
        "currency": ("USD",) * 2,
    }
    good = (",".join(cells[column][at] for column in header.split(",")) for at in (0, 1))
    result = imported(a_file(header, *good, row))
    assert reasons_told(result) == [(2, "incomplete_total"), (4, result.refused_rows[1].code)]
    assert (spent(campaign), spent(other)) == ({}, {TODAY: "7.00"})


def test_a_row_whose_day_is_unreadable_spoils_every_total_of_its_campaign(a_file: Write) -> None:
    campaign, other = a_campaign(), a_campaign()
    path = a_file(
        HEADER,
        f"{campaign.pk},2026-03-10,100,USD",
        f"{campaign.pk},soon,60,USD",
        f"{other.pk},2026-03-10,7,USD",
    )
    assert reasons_told(imported(path)) == [(2, "incomplete_total"), (3, "bad_day")]
    assert (spent(campaign), spent(other)) == ({}, {TODAY: "7.00"})


reports = st.lists(
    st.tuples(st.integers(0, 1), st.integers(1, 10), st.integers(-500, 500)),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(rows=reports, random=st.randoms(use_true_random=False), again=st.booleans())
def test_any_order_of_a_reports_rows_gives_the_same_totals(
    rows: list[tuple[int, int, int]], random: Random, again: bool, tmp_path: Path
) -> None:
    with transaction.atomic():
        campaigns = [a_campaign(), a_campaign()]
        sums: dict[tuple[int, date], Decimal] = {}
        for number, day, cents in rows:
            key = campaigns[number].pk, date(2026, 3, day)
            sums[key] = sums.get(key, Decimal(0)) + Decimal(cents) / 100
        for _ in range(1 + again):
            random.shuffle(rows)
            lines = [
                f"{campaigns[number].pk},2026-03-{day:02},{Decimal(cents) / 100},USD"
                for number, day, cents in rows
            ]
            path = tmp_path / "report.csv"
            path.write_text("\n".join([HEADER, *lines]))
            assert imported(path).refused == 0
        found = {(row.campaign_id, row.day): row.amount for row in Spend.objects.all()}
        assert {key: found.get(key, 0) for key in sums} == sums
        transaction.set_rollback(True)


# --- When it was known, and by whom -------------------------------------------------------------


def test_a_corrected_file_uploaded_again_counts(a_file: Write) -> None:
    campaign = a_campaign()
    imported(a_file(HEADER, f"{campaign.pk},2026-03-10,100,USD"))
    result = imported(a_file(HEADER, f"{campaign.pk},2026-03-10,90,USD"), at=1)
    assert (result.accepted, result.amounts) == (1, {"USD": Decimal("-10.00")})
    [replaced] = result.replaced_totals
    assert (replaced.before, replaced.after) == (Decimal(100), Decimal(90))
    assert replaced.source == "google"
    assert spent(campaign) == {TODAY: "90.00"}


def test_a_file_that_waited_counts_as_of_its_upload(a_file: Write) -> None:
    campaign = a_campaign()
    old = a_file(HEADER, f"{campaign.pk},2026-03-10,100,USD")
    imported(a_file(HEADER, f"{campaign.pk},2026-03-10,110,USD"), at=1)
    late = import_file(old, clock=lambda: NOON + 2 * HOUR, given=Given(source="google", as_of=NOON))
    assert late.duplicates == 1
    assert spent(campaign) == {TODAY: "110.00"}


def test_another_amount_under_the_same_as_of_is_refused_with_both_figures(a_file: Write) -> None:
    campaign = a_campaign()
    header = f"{HEADER},as_of"
    imported(a_file(header, f"{campaign.pk},2026-03-10,100,USD,2026-03-10T11:00Z"))
    result = imported(a_file(header, f"{campaign.pk},2026-03-10,90,USD,2026-03-10T11:00Z"))
    [refused] = result.refused_rows
    assert (refused.code, refused.column, result.duplicates) == ("conflict", "total", 0)
    assert "100.00" in refused.message
    assert "90.00" in refused.message
    assert spent(campaign) == {TODAY: "100.00"}


def test_totals_of_nobody_are_refused(a_file: Write) -> None:
    path = a_file(HEADER, f"{a_campaign().pk},2026-03-10,100,USD")
    with pytest.raises(BadFile, match="source"):
        imported(path, source="")
    with pytest.raises(BadFile, match="source"):
        rehearse(path, now=NOON)


def test_two_platforms_stand_beside_each_other(a_file: Write) -> None:
    campaign = a_campaign()
    for source, amount in (("google", 100), ("meta", 60)):
        imported(a_file(HEADER, f"{campaign.pk},2026-03-10,{amount},USD"), source=source)
    assert spent(campaign) == {TODAY: "160.00"}


def test_the_preview_names_what_would_be_replaced(a_file: Write) -> None:
    campaign = a_campaign()
    imported(a_file(HEADER, f"{campaign.pk},2026-03-10,100,USD"))
    part = a_file(HEADER, f"{campaign.pk},2026-03-10,60,USD")
    result = rehearse(part, now=NOON + HOUR, given=Given(source="google"))
    assert [(t.before, t.after) for t in result.replaced_totals] == [(Decimal(100), Decimal(60))]
    assert spent(campaign) == {TODAY: "100.00"}


# --- Cells --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "delimiter, amounts, total",
    [
        (";", ["1,234", "1,234.56"], "2468.56"),
        ("\t", ["1.234", "1.234,56"], "2468.56"),
        (",", ['"$1,234.56"', "(5.00)", "--"], "1229.56"),
        (";", ["1 234,56", "−5,00"], "1229.56"),
        (";", ["12,50"], "12.50"),
    ],
)
def test_numbers_are_read_as_their_column_writes_them(
    a_file: Write, delimiter: str, amounts: list[str], total: str
) -> None:
    campaign = a_campaign()
    rows = [delimiter.join([str(campaign.pk), "2026-03-10", each, "USD"]) for each in amounts]
    assert imported(a_file(HEADER.replace(",", delimiter), *rows)).refused == 0
    assert spent(campaign) == {TODAY: total}


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_an_amount_with_two_readings_is_refused_with_both(a_file: Write, delimiter: str) -> None:
    campaign = a_campaign()
    row = delimiter.join([str(campaign.pk), "2026-03-10", "1,234", "USD"])
    [refused] = imported(a_file(HEADER.replace(",", delimiter), row)).refused_rows
    assert refused.code == "two_readings"
    assert "1234" in refused.message
    assert "1.234" in refused.message
    assert spent(campaign) == {}


def test_yen_have_no_decimals(a_file: Write) -> None:
    campaign = a_campaign(brand=a_brand(currency="JPY"))
    imported(a_file(HEADER, f'{campaign.pk},2026-03-10,"¥2,345",JPY'))
    assert spent(campaign) == {TODAY: "2345.00"}


def test_a_column_written_in_two_ways_is_refused_whole(a_file: Write) -> None:
    campaign = a_campaign()
    rows = [f"{campaign.pk};2026-03-10;{amount};USD" for amount in ("1.234,50", "1,234.50")]
    with pytest.raises(BadFile, match="two ways"):
        imported(a_file(HEADER.replace(",", ";"), *rows))
    assert not Spend.objects.exists()


def test_the_order_of_a_date_is_proven_by_its_column_or_asked_for(a_file: Write) -> None:
    campaign = a_campaign()
    days = ("02/03/2026", "13/02/2026")
    assert imported(a_file(HEADER, *(f"{campaign.pk},{day},5,USD" for day in days))).accepted == 2
    assert set(spent(campaign)) == {date(2026, 3, 2), date(2026, 2, 13)}
    alone = a_file(HEADER, f"{campaign.pk},02/03/2026,6,USD")
    with pytest.raises(Unanswered, match="02/03/2026") as asked:
        imported(alone)
    assert asked.value.questions == {Question.ORDER}
    told = Given(source="google", order="mdy")
    assert import_file(alone, clock=lambda: NOON, given=told).accepted == 1
    assert spent(campaign)[date(2026, 2, 3)] == "6.00"


# --- Which campaign -----------------------------------------------------------------------------


def named(campaign: Campaign, external_id: str) -> Campaign:
    Campaign.objects.filter(pk=campaign.pk).update(external_id=external_id)
    return campaign


def test_the_id_of_a_platform_is_never_our_key(a_file: Write) -> None:
    """Ours with that key is another client's campaign."""
    stranger = a_campaign()
    mine = named(a_campaign(), str(stranger.pk))
    imported(a_file("Campaign ID,day,total,currency", f"{stranger.pk},2026-03-10,5,USD"))
    assert (spent(stranger), spent(mine)) == ({}, {TODAY: "5.00"})


def test_a_key_that_is_also_the_id_of_another_campaign_is_refused(a_file: Write) -> None:
    stranger = a_campaign()
    named(a_campaign(), str(stranger.pk))
    result = imported(a_file(HEADER, f"{stranger.pk},2026-03-10,5,USD"))
    assert reasons_told(result) == [(2, "unknown_campaign")]
    assert not Spend.objects.exists()


@pytest.mark.parametrize("column, said", [("Campaign", "Autumn"), ("brand", "Beta")])
def test_a_name_beside_the_id_that_disagrees_is_refused(
    a_file: Write, column: str, said: str
) -> None:
    campaign = a_campaign(brand=a_brand(name="Acme"), name="Spring")
    path = a_file(f"{column},{HEADER}", f"{said},{campaign.pk},2026-03-10,5,USD")
    [refused] = imported(path).refused_rows
    assert "Spring" in refused.message
    assert said in refused.message


def test_a_name_beside_the_id_that_agrees_is_taken(a_file: Write) -> None:
    campaign = a_campaign(brand=a_brand(name="Acme"), name="Spring")
    row = f"acme, spring ,{campaign.pk},2026-03-10,5,USD"
    assert imported(a_file(f"brand,campaign name,{HEADER}", row)).accepted == 1


@pytest.mark.parametrize("cell", ["1.2021E+17", "120210000000000000.0"])
def test_an_id_that_a_spreadsheet_shortened_is_refused(a_file: Write, cell: str) -> None:
    named(a_campaign(), "120210000000000000")
    result = imported(a_file("external_id,day,total,currency", f"{cell},2026-03-10,5,USD"))
    assert reasons_told(result) == [(2, "shortened_id")]


def test_a_question_mark_in_a_name_is_told_to_be_a_lost_letter(a_file: Write) -> None:
    campaign = a_campaign(brand=a_brand(name="Café"))
    path = a_file(f"brand,{HEADER}", f"Caf?,{campaign.pk},2026-03-10,5,USD")
    [refused] = imported(path).refused_rows
    assert "letter that was lost" in refused.message
