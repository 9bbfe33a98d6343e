"""A spend file is imported as any other spend; the same file again changes nothing."""

import csv
from datetime import UTC, datetime
from decimal import Decimal
from itertools import chain, repeat
from pathlib import Path
from random import Random

import pytest

from budgets.models import Brand, Campaign, LedgerEntry, ReportedTotal, Spend, Trigger
from budgets.models.change import Cause
from budgets.operations.spend_file import load
from budgets.operations.spend_file.given import Given
from budgets.operations.spend_file.load import Callbacks, import_file
from budgets.operations.spend_file.refused_file import refused_file
from budgets.operations.spend_file.rehearsal import rehearse
from budgets.operations.spend_file.result import Result
from budgets.rules.reasons import PauseReason
from budgets.sheets.records import BadFile
from tests.builders import a_brand, a_campaign, a_person, an_instant, spend
from tests.operations.conftest import Write

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")


def imported(path: Path, *, now: datetime = NOON, source: str = "") -> Result:
    return import_file(path, clock=lambda: now, given=Given(source=source))


def spent() -> Decimal:
    return Spend.objects.all().total()


def reasons_told(result: Result) -> list[tuple[int, str, str]]:
    return [(row.line, row.column, row.code) for row in result.refused_rows]


# --- Entries ------------------------------------------------------------------------------------


def test_entries_count_on_their_local_day_and_stop_what_must_stop(a_file: Write) -> None:
    campaign = a_campaign(brand=a_brand(zone="Europe/Paris"), daily="100")
    path = a_file(
        "source,key,campaign_id,occurred_at,amount,currency",
        f"ads,k1,{campaign.pk},2026-03-10T11:00:00Z,60,USD",
        f"ads,k2,{campaign.pk},2026-03-10 11:00,40,USD",
    )
    result = imported(path)
    assert (result.rows, result.accepted, result.amounts) == (2, 2, {"USD": Decimal("100.00")})
    assert result.on_brand_clock == 1
    assert result.campaigns(stopping=True) == [campaign.pk]
    assert result.transitions[campaign.pk].after == PauseReason.DAILY_BUDGET
    instants = LedgerEntry.objects.order_by("key").values_list("occurred_at", flat=True)
    assert list(instants) == [an_instant("2026-03-10 11:00"), an_instant("2026-03-10 10:00")]


def test_the_same_file_twice_changes_nothing(a_file: Write) -> None:
    campaign = a_campaign()
    row = f"{campaign.pk},2026-03-10T11:00:00Z,5,USD"
    path = a_file("campaign_id,occurred_at,amount,currency", row, row, row)
    assert imported(path).accepted == 3
    again = imported(path)
    assert (again.accepted, again.duplicates, again.amounts) == (0, 3, {})
    assert spent() == Decimal("15.00")


def test_a_file_that_was_interrupted_is_read_from_there(
    a_file: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "ROWS_A_BATCH", 2)
    pk = a_campaign().pk
    rows = [f"k{n},{pk},2026-03-10T11:00Z,{n},USD" for n in range(6)]
    header = "key,campaign_id,occurred_at,amount,currency"
    imported(a_file(header, *rows[:4]))
    whole = a_file(header, *rows)
    instants: list[datetime] = []

    def clock() -> datetime:
        instants.append(NOON)
        return NOON

    result = import_file(whole, clock=clock)
    assert (result.rows, result.accepted, result.duplicates) == (6, 2, 4)
    assert len(instants) == 4  # of the file, of reading the last batch, deciding it, and noting it
    assert spent() == Decimal("15.00")


def test_what_follows_a_refused_row_is_read_again(
    a_file: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "ROWS_A_BATCH", 1)
    campaign = a_campaign(brand=a_brand(name="Acme"))
    path = a_file(
        "key,brand,external_id,occurred_at,amount,currency",
        "k1,Acme,spring,2026-03-10T11:00Z,1,USD",
        "k2,Acme,autumn,2026-03-10T11:00Z,2,USD",
        "k3,Acme,spring,2026-03-10T11:00Z,3,USD",
    )
    Campaign.objects.filter(pk=campaign.pk).update(external_id="spring")
    assert imported(path).refused == 1
    late = a_campaign(brand=campaign.brand)
    Campaign.objects.filter(pk=late.pk).update(external_id="autumn")
    again = imported(path)
    assert (again.accepted, again.duplicates, again.refused) == (1, 2, 0)


def test_rows_whose_keys_we_make_are_never_skipped(
    a_file: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "ROWS_A_BATCH", 1)
    row = f"{a_campaign().pk},2026-03-10T11:00Z,1,USD"
    imported(a_file("campaign_id,occurred_at,amount,currency", row))
    result = imported(a_file("campaign_id,occurred_at,amount,currency", row, row))
    assert (result.accepted, result.duplicates) == (1, 1)


def test_rows_without_key_are_known_in_any_order_and_spelling(a_file: Write) -> None:
    campaign = a_campaign()
    imported(
        a_file(
            "campaign_id,occurred_at,amount,currency",
            f"{campaign.pk},2026-03-10T11:00:00Z,5.50,USD",
            f"{campaign.pk},2026-03-10T11:30:00Z,7,USD",
        )
    )
    again = imported(
        a_file(
            "amount;currency;occurred_at;campaign_id",
            f"7,00;USD;2026-03-10 12:30+01:00;{campaign.pk}",
            f"5,5;USD;2026-03-10T11:00;{campaign.pk}",
            f"5,5;USD;2026-03-10T11:00;{campaign.pk}",
        )
    )
    assert (again.accepted, again.duplicates) == (1, 2)  # the third says 5.50 a second time


def test_a_source_can_be_given_for_rows_that_name_none(a_file: Write) -> None:
    campaign = a_campaign()
    path = a_file(
        "source,campaign_id,occurred_at,amount,currency",
        f",{campaign.pk},2026-03-10T11:00:00Z,5,USD",
        f"meta,{campaign.pk},2026-03-10T11:00:00Z,5,USD",
    )
    assert import_file(path, clock=lambda: NOON, given=Given(source="agency")).accepted == 2
    assert set(LedgerEntry.objects.values_list("source", flat=True)) == {"agency", "meta"}


def test_the_person_who_imports_is_in_the_history(a_file: Write) -> None:
    campaign, ada = a_campaign(daily="5"), a_person("ada")
    path = a_file(
        "campaign_id,occurred_at,amount,currency", f"{campaign.pk},2026-03-10T11:00Z,5,USD"
    )
    cause = Cause(trigger=Trigger.SPEND, by_id=ada.pk, note="march.csv")
    import_file(path, clock=lambda: NOON, cause=cause)
    change = campaign.changes.get()
    assert (change.by, change.note, change.trigger) == (ada, "march.csv", Trigger.SPEND)


# --- Day totals ---------------------------------------------------------------------------------

TOTALS = "source,campaign_id,day,total,currency,as_of"


def test_a_day_total_counts_as_the_difference_from_the_last(a_file: Write) -> None:
    campaign = a_campaign()
    imported(a_file(TOTALS, f"meta,{campaign.pk},2026-03-10,30,USD,2026-03-10T10:00Z"))
    restated = a_file(TOTALS, f"meta,{campaign.pk},2026-03-10,45,USD,2026-03-10T11:00Z")
    result = imported(restated)
    assert (result.accepted, result.amounts) == (1, {"USD": Decimal("15.00")})
    assert imported(restated).duplicates == 1
    assert spent() == Decimal("45.00")


def test_an_older_day_total_is_ignored(a_file: Write) -> None:
    campaign = a_campaign()
    path = a_file(
        TOTALS,
        f"meta,{campaign.pk},2026-03-10,45,USD,2026-03-10T11:00Z",
        f"meta,{campaign.pk},2026-03-10,30,USD,2026-03-10T10:00Z",
    )
    assert imported(path).duplicates == 1
    assert ReportedTotal.objects.get().total == Decimal("45.00")


# --- Naming the campaign ------------------------------------------------------------------------


@pytest.fixture
def two_agencies() -> tuple[Campaign, Campaign]:
    """Return two campaigns of two brands, both known elsewhere as `spring`."""
    acme, beta = (a_campaign(brand=a_brand(name=name)) for name in ("Acme", "Beta"))
    Campaign.objects.update(external_id="spring")
    return acme, beta


@pytest.mark.parametrize("column", ["brand", "brand_id"])
def test_a_campaign_is_named_by_the_callers_reference_within_its_brand(
    a_file: Write, two_agencies: tuple[Campaign, Campaign], column: str
) -> None:
    acme, beta = two_agencies
    brand = beta.brand.name if column == "brand" else beta.brand_id
    path = a_file(
        f"{column},external_id,occurred_at,amount,currency",
        f"{brand},spring,2026-03-10T11:00Z,5,USD",
    )
    assert imported(path).accepted == 1
    assert (acme.spend_days.count(), beta.spend_days.count()) == (0, 1)


def test_a_reference_without_brand_must_mean_one_campaign(
    a_file: Write, two_agencies: tuple[Campaign, Campaign]
) -> None:
    alone = a_campaign(brand=a_brand(name="Gamma"))
    Campaign.objects.filter(pk=alone.pk).update(external_id="autumn")
    path = a_file(
        "external_id,occurred_at,amount,currency",
        "autumn,2026-03-10T11:00Z,5,USD",
        "spring,2026-03-10T11:00Z,5,USD",
        "winter,2026-03-10T11:00Z,5,USD",
    )
    result = imported(path)
    assert reasons_told(result) == [
        (3, "external_id", "unknown_campaign"),
        (4, "external_id", "unknown_campaign"),
    ]
    assert "2 brands" in result.refused_rows[0].message
    assert alone.spend_days.count() == 1


def test_a_brand_that_is_not_there_twice_or_unreadable_is_told(a_file: Write) -> None:
    Brand.objects.bulk_create(Brand(name="Twin") for _ in range(2))
    path = a_file(
        "brand,external_id,occurred_at,amount,currency",
        "Twin,spring,2026-03-10T11:00Z,5,USD",
        "Nobody,spring,2026-03-10T11:00Z,5,USD",
    )
    path.write_bytes(path.read_bytes() + b"caf\xe9,s\xe9,2026-03-10T11:00Z,5,USD\n")
    *named, unreadable = [row.message for row in imported(path).refused_rows]
    assert named == [
        "Several brands are named “Twin”; give brand_id instead.",
        "No brand is named “Nobody”; give brand_id instead.",
    ]
    assert "“caf?” has the byte 0xE9, which is no UTF-8" in unreadable


def test_an_id_and_a_reference_must_agree(
    a_file: Write, two_agencies: tuple[Campaign, Campaign]
) -> None:
    acme, beta = two_agencies
    path = a_file(
        "campaign_id,brand_id,external_id,occurred_at,amount,currency",
        f"{acme.pk},{acme.brand_id},spring,2026-03-10T11:00Z,5,USD",
        f"{acme.pk},{beta.brand_id},spring,2026-03-10T11:00Z,5,USD",
    )
    result = imported(path)
    assert (result.accepted, reasons_told(result)) == (1, [(3, "campaign_id", "unknown_campaign")])


def test_campaigns_out_of_reach_are_as_if_they_were_not(
    a_file: Write, two_agencies: tuple[Campaign, Campaign]
) -> None:
    acme, beta = two_agencies
    path = a_file(
        "campaign_id,brand,external_id,occurred_at,amount,currency",
        f"{acme.pk},,,2026-03-10T11:00Z,5,USD",
        f"{beta.pk},,,2026-03-10T11:00Z,6,USD",
        ",,spring,2026-03-10T11:00Z,7,USD",
        ",Beta,spring,2026-03-10T11:00Z,8,USD",
    )
    within = Campaign.objects.filter(brand=acme.brand)
    for result in (
        rehearse(path, now=NOON, within=within),
        import_file(path, clock=lambda: NOON, within=within),
    ):
        assert (result.accepted, [row.line for row in result.refused_rows]) == (2, [3, 5])
        assert result.refused_rows[0].message == f"There is no campaign '{beta.pk}'."
        assert result.refused_rows[1].message.startswith("No brand is named “Beta”")


# --- Bad rows -----------------------------------------------------------------------------------


def test_bad_rows_are_told_by_line_and_column_and_the_good_ones_kept(a_file: Write) -> None:
    campaign = a_campaign()
    pk = campaign.pk
    path = a_file(
        "source,key,campaign_id,occurred_at,amount,currency",
        f"ads,k1,{pk},2026-03-10T11:00Z,1,USD",
        f"ads,k2,{pk},10.03.2026,1,USD",
        f'ads,k3,{pk},2026-03-10T11:00Z,"1,000.00",USD',
        f"ads,k4,{pk},2026-03-10T11:00Z,1,EUR",
        f"ads,k5,{pk + 1},2026-03-10T11:00Z,1,USD",
        f"ads,k1,{pk},2026-03-10T11:00Z,2,USD",
        f"ads,k7,{pk},2026-03-10T12:05:01Z,1,USD",
        f"ads,k8,{pk},2026-03-10T11:00Z,0.0000001,USD",
        f"ads,,{pk},2026-03-10T11:00Z,1,USD",
        f"ads,k9,{pk},2026-03-10T11:00Z",
        f"ads,k10,{pk},2026-03-10T11:00Z,1,USD",
    )
    result = imported(path)
    assert reasons_told(result) == [
        (3, "occurred_at", "bad_time"),
        (5, "currency", "wrong_currency"),
        (6, "campaign_id", "unknown_campaign"),
        (7, "key", "conflict"),
        (8, "occurred_at", "future"),
        (9, "amount", "too_many_decimals"),
        (10, "key", "bad_key"),
        (11, "", "bad_row"),
    ]
    assert (result.accepted, result.refused, spent()) == (3, 8, Decimal("1002.00"))
    assert result.refused_rows[1].value == "EUR"


def test_a_total_of_a_day_to_come_is_told_by_its_column(a_file: Write) -> None:
    pk = a_campaign().pk
    path = a_file(
        TOTALS,
        f"meta,{pk},2026-03-11,1,USD,2026-03-10T11:00Z",
        f"meta,{pk},2026-03-10,1,USD,2026-03-10T13:00Z",
        f"meta,{pk},2026-03-09,1e3,USD,2026-03-10T11:00Z",
    )
    assert reasons_told(imported(path)) == [
        (2, "day", "future"),
        (3, "as_of", "future"),
        (4, "total", "shortened"),
    ]


def test_refused_rows_can_be_put_right_and_imported(a_file: Write, tmp_path: Path) -> None:
    pk = a_campaign().pk
    path = a_file(
        "campaign_id;occurred_at;amount;currency;note",
        f"{pk};2026-03-10T11:00Z;5;USD;fine",
        f"{pk};2026-03-10T11:00Z;5;EUR;wrong",
    )
    aside = tmp_path / "refused.csv"
    with refused_file(aside) as write:
        import_file(path, clock=lambda: NOON, callbacks=Callbacks(refused=write))
    assert aside.read_text().splitlines() == [
        "campaign_id;occurred_at;amount;currency;note;line;reason",
        f'{pk};2026-03-10T11:00Z;5;EUR;wrong;3;"The brand spends USD; “EUR” is refused."',
    ]
    aside.write_text(aside.read_text().replace("EUR;wrong", "USD;right").replace(";5;", ";6;"))
    assert imported(aside).accepted == 1


def test_what_was_read_before_an_unreadable_line_counts_once(
    a_file: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "ROWS_A_BATCH", 2)
    pk = a_campaign().pk
    rows = [f"{pk},2026-03-10T11:00Z,{n},USD" for n in range(1, 5)]
    broken = a_file("campaign_id,occurred_at,amount,currency", *rows, '"', "", "")
    with pytest.raises(BadFile):
        imported(broken)
    whole = a_file("campaign_id,occurred_at,amount,currency", *rows)
    assert imported(whole).rows == 4
    assert spent() == Decimal("10.00")


# --- The preview --------------------------------------------------------------------------------


def a_random_file(random: Random, campaigns: list[Campaign]) -> list[str]:
    """Return entries with repeats, conflicts, corrections and rows that cannot be."""
    return [
        f"ads,k{random.randint(1, 12)},"
        f"{random.choice(campaigns).pk + random.choice([0, 0, 0, 99])},"
        f"2026-03-{random.randint(8, 11):02d}T10:00Z,{random.choice(['40', '-30', '90', 'x'])},"
        f"{random.choice(['USD', 'USD', 'USD', 'EUR'])}"
        for _ in range(30)
    ]


def random_totals(random: Random, campaigns: list[Campaign]) -> list[str]:
    """Return day totals, restated in any order."""
    return [
        f"{random.choice(['meta', 'ads'])},{random.choice(campaigns).pk},"
        f"2026-03-{random.randint(8, 11):02d},{random.choice([0, 50, 120, -5])},USD,"
        f"2026-03-10T{random.randint(8, 11):02d}:00Z"
        for _ in range(30)
    ]


def numbers_of(result: Result) -> dict[str, object]:
    return {
        "rows": result.rows,
        "accepted": result.accepted,
        "duplicates": result.duplicates,
        "amounts": {currency: amount for currency, amount in result.amounts.items() if amount},
        "refused": reasons_told(result),
        "stop": result.campaigns(stopping=True),
        "start": result.campaigns(stopping=False),
    }


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("kind", ["entries", "totals"])
def test_the_preview_tells_what_the_import_then_does(
    a_file: Write, monkeypatch: pytest.MonkeyPatch, seed: int, kind: str
) -> None:
    monkeypatch.setattr(load, "ROWS_A_BATCH", 7)
    random = Random(seed)
    brand = a_brand(daily="100")
    campaigns = [a_campaign(brand=brand, daily="60"), a_campaign(), a_campaign(daily="50")]
    spend(campaigns[1], "40", at=NOON, key="k1")
    if kind == "entries":
        header, rows = "source,key,campaign_id,occurred_at,amount,currency", a_random_file
    else:
        header, rows = TOTALS, random_totals
    for _ in range(3):
        path = a_file(header, *rows(random, campaigns))
        before = list(Spend.objects.order_by("pk").values_list())
        preview = rehearse(path, now=NOON)
        assert list(Spend.objects.order_by("pk").values_list()) == before
        assert numbers_of(preview) == numbers_of(imported(path))


def test_the_preview_writes_nothing(a_file: Write) -> None:
    campaign = a_campaign(daily="5")
    path = a_file(
        "campaign_id,occurred_at,amount,currency", f"{campaign.pk},2026-03-10T11:00Z,5,USD"
    )
    preview = rehearse(path, now=NOON)
    assert preview.campaigns(stopping=True) == [campaign.pk]
    campaign.refresh_from_db()
    assert (campaign.status, campaign.changes.count(), LedgerEntry.objects.count()) == (
        "running",
        0,
        0,
    )


def test_the_preview_says_when_a_total_would_be_too_large(a_file: Write) -> None:
    pk = a_campaign().pk
    row = f"{pk},2026-03-10T11:00Z,90000000000,USD"
    path = a_file("campaign_id,occurred_at,amount,currency", row, row)
    assert rehearse(path, now=NOON).too_large
    assert reasons_told(imported(path)) == [(3, "amount", "overflow")]


def test_progress_is_told_a_batch_at_a_time(a_file: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "ROWS_A_BATCH", 2)
    pk = a_campaign().pk
    path = a_file(
        "campaign_id,occurred_at,amount,currency",
        *(f"{pk},2026-03-10T11:00Z,{n},USD" for n in range(5)),
    )
    told: list[int] = []
    callbacks = Callbacks(progress=lambda rows, _: told.append(rows))
    import_file(path, clock=lambda: NOON, callbacks=callbacks)
    assert told == [0, 2, 4, 5]


def test_each_batch_is_decided_at_its_own_instant(
    a_file: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "ROWS_A_BATCH", 1)
    campaign = a_campaign(daily="5")
    path = a_file(
        "campaign_id,occurred_at,amount,currency",
        f"{campaign.pk},2026-03-10T11:00Z,5,USD",
        f"{campaign.pk},2026-03-10T11:00Z,6,USD",
    )
    midnight = datetime(2026, 3, 11, tzinfo=UTC)
    instants = chain([NOON], repeat(midnight))
    import_file(path, clock=lambda: next(instants))
    campaign.refresh_from_db()
    assert campaign.status == "running"  # the day it spent in is over


def test_refused_rows_leave_without_formulas_and_come_back_as_they_were(
    a_file: Write, tmp_path: Path
) -> None:
    campaign = a_campaign()
    campaign.external_id = "＝launch"
    campaign.save()
    header = "external_id,occurred_at,amount,currency,source,key,=cmd|' /C calc'!A0"
    row = "＝launch,2026-03-10T09:00:00Z,-12.50,{},adserver,@key,=1+1"
    aside = tmp_path / "aside.csv"
    with refused_file(aside) as write:
        path = a_file(header, row.format("EUR"))
        import_file(path, clock=lambda: NOON, callbacks=Callbacks(refused=write))
    head, cells = csv.reader(aside.read_text("utf-8-sig").splitlines())
    assert head[6] == "'=cmd|' /C calc'!A0"
    assert cells[:7] == [
        "'＝launch", "2026-03-10T09:00:00Z", "-12.50", "EUR", "adserver", "'@key", "'=1+1",
    ]  # fmt: skip
    aside.write_text(aside.read_text("utf-8-sig").replace("EUR", "USD"))
    assert import_file(aside, clock=lambda: NOON).accepted == 1
    entry = LedgerEntry.objects.get()
    assert (entry.campaign, entry.key, entry.amount) == (campaign, "@key", Decimal("-12.50"))
