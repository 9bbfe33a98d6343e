"""Which campaign a row of a file means: by id, by what a person said once, by name in a brand."""

import re
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from budgets.models import Brand, Campaign, CampaignMatch
from budgets.operations.spend_file import load
from budgets.operations.spend_file.campaigns import unmatched
from budgets.operations.spend_file.campaigns.match import Match
from budgets.operations.spend_file.campaigns.matching import forget_matches, match_campaigns
from budgets.operations.spend_file.given import Given
from budgets.operations.spend_file.load import import_file
from budgets.operations.spend_file.rehearsal import rehearse
from budgets.operations.spend_file.result import Result
from tests.builders import a_brand, a_campaign, an_instant
from tests.operations.conftest import Write

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
BOTH = "external_id,campaign,day,total,currency"
NAMES = "campaign,day,total,currency"
MEANS = "2026-03-10,10,USD"


def imported(
    path: Path,
    brand: Brand | None = None,
    *,
    within: QuerySet[Campaign] | None = None,
    source: str = "google",
) -> Result:
    """Import a file with a brand chosen, after a rehearsal that must tell the same."""
    given = Given(source=source, brand_id=brand.pk if brand else None)
    preview = rehearse(path, now=NOON, given=given, within=within)
    result = import_file(path, clock=lambda: NOON, given=given, within=within)
    assert figures(preview) == figures(result)
    return result


def figures(result: Result) -> tuple[object, ...]:
    return (
        result.rows,
        result.accepted,
        result.left_out,
        result.left_out_campaigns,
        result.found_by_name,
        [str(row.message) for row in result.refused_rows],
        [(each.source, each.external_id, each.name, each.rows) for each in result.unmatched],
    )


def why(result: Result) -> str:
    """Return why the only refused row of a file is refused."""
    (row,) = result.refused_rows
    assert row.code == "unknown_campaign"
    return row.message


def known(campaign: Campaign, external_id: str) -> Campaign:
    Campaign.objects.filter(pk=campaign.pk).update(external_id=external_id)
    return campaign


def matched(
    brand: Brand,
    campaign: Campaign | None,
    *,
    id: str = "",  # noqa: A002
    name: str = "",
    source: str = "google",
) -> int:
    match = Match(
        source=source,
        external_id=id,
        name=name,
        campaign_id=campaign.pk if campaign else None,
    )
    return match_campaigns([match], brand_id=brand.pk, by=None, now=NOON)


def spent(campaign: Campaign) -> Decimal:
    return campaign.spend_days.all().total()


# --- By name ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ours, said",
    [
        ("Spring", "Spring"),
        ("Spring", "SPRING"),
        ("Straße – März", "STRASSE - MA\u0308RZ"),
        ("Spring sale", "Spring\u00a0sale\u200b"),
    ],
)
def test_a_name_means_the_campaign_of_the_chosen_brand(a_file: Write, ours: str, said: str) -> None:
    acme, beta = a_brand(name="Acme"), a_brand(name="Beta")
    a_campaign(brand=beta, name=ours)
    campaign = a_campaign(brand=acme, name=ours)
    result = imported(a_file(NAMES, f"{said},{MEANS}"), acme)
    assert (result.accepted, result.found_by_name) == (1, {campaign.pk})
    assert spent(campaign) == Decimal("10.00")


@pytest.mark.parametrize("column", ["brand", "brand_id"])
def test_the_brand_that_a_row_names_goes_before_the_chosen_one(a_file: Write, column: str) -> None:
    acme, beta = a_brand(name="Acme"), a_brand(name="Beta")
    a_campaign(brand=acme, name="Spring")
    campaign = a_campaign(brand=beta, name="Spring")
    said = beta.name if column == "brand" else beta.pk
    result = imported(a_file(f"{column},{NAMES}", f"{said},Spring,{MEANS}"), acme)
    assert result.found_by_name == {campaign.pk}


def test_a_name_without_a_brand_is_refused_and_says_that_a_brand_would_help(a_file: Write) -> None:
    a_campaign(name="Spring")
    result = imported(a_file(NAMES, f"Spring,{MEANS}"))
    assert "choose the brand" in why(result)
    assert result.refused_rows[0].column == "campaign"
    assert result.unmatched.lack_a_brand


def test_two_campaigns_of_one_name_are_refused_with_both(a_file: Write) -> None:
    acme = a_brand(name="Acme")
    first, second = (a_campaign(brand=acme, name=name) for name in ("Spring", "spring"))
    result = imported(a_file(NAMES, f"SPRING,{MEANS}"), acme)
    assert f"“SPRING”: {first.pk}, {second.pk}" in why(result)
    (unknown,) = result.unmatched
    assert unknown.candidates == (first.pk, second.pk)


def test_a_name_that_nobody_has_is_refused_with_its_brand(a_file: Write) -> None:
    acme = a_campaign(brand=a_brand(name="Acme"), name="Spring").brand
    assert "“Acme” has no campaign named “Autumn”" in why(
        imported(a_file(NAMES, f"Autumn,{MEANS}"), acme)
    )


@pytest.mark.parametrize("brand_id", [999_999, "x"])
def test_a_brand_that_is_not_there_is_named(a_file: Write, brand_id: object) -> None:
    path = a_file(f"brand_id,{NAMES}", f"{brand_id},Spring,{MEANS}")
    result = imported(path)
    assert f"no brand “{brand_id}”" in why(result)
    assert not len(result.unmatched)


# --- An id that is unknown, beside a name -------------------------------------------------------


def test_an_unknown_id_with_the_name_of_a_campaign_without_id_is_that_campaign(
    a_file: Write,
) -> None:
    campaign = a_campaign(name="Spring")
    result = imported(a_file(BOTH, f"g-1,Spring,{MEANS}"), campaign.brand)
    assert (result.accepted, result.found_by_name) == (1, {campaign.pk})


def test_an_unknown_id_with_the_name_of_a_campaign_of_another_id_is_refused(a_file: Write) -> None:
    campaign = known(a_campaign(name="Spring"), "g-2")
    result = imported(a_file(BOTH, f"g-1,Spring,{MEANS}"), campaign.brand)
    assert "has the external ID “g-2”, and the row's is “g-1”" in why(result)


def test_the_id_of_another_brands_campaign_is_not_taken_by_name(a_file: Write) -> None:
    known(a_campaign(brand=a_brand(name="Beta"), name="Spring"), "g-1")
    campaign = a_campaign(brand=a_brand(name="Acme"), name="Spring")
    words = why(imported(a_file(BOTH, f"g-1,Spring,{MEANS}"), campaign.brand))
    assert "external ID of “Spring” of “Beta”" in words


def test_two_unknown_ids_of_one_name_are_both_refused_in_any_order(a_file: Write) -> None:
    campaign = a_campaign(name="Spring")
    rows = [f"g-1,Spring,{MEANS}", f"g-2,spring,{MEANS}"]
    for order in (rows, rows[::-1]):
        result = imported(a_file(BOTH, *order), campaign.brand)
        assert (result.accepted, len(result.unmatched)) == (0, 2)
        assert "several ids of campaigns named" in result.refused_rows[0].message


def test_an_id_of_the_chosen_brand_is_found_without_its_name(a_file: Write) -> None:
    acme, beta = (a_campaign(brand=a_brand(name=name)) for name in ("Acme", "Beta"))
    Campaign.objects.update(external_id="g-1")
    imported(a_file("external_id,day,total,currency", f"g-1,{MEANS}"), beta.brand)
    assert (spent(acme), spent(beta)) == (Decimal(0), Decimal("10.00"))


def test_an_id_that_only_another_brand_knows_is_not_the_chosen_brands(a_file: Write) -> None:
    known(a_campaign(brand=a_brand(name="Beta")), "g-1")
    acme = a_campaign(brand=a_brand(name="Acme")).brand
    assert "“Acme” has no campaign with external_id “g-1”" in why(
        imported(a_file("external_id,day,total,currency", f"g-1,{MEANS}"), acme)
    )


def test_an_id_whose_name_disagrees_is_refused_until_somebody_confirms_it(a_file: Write) -> None:
    campaign = known(a_campaign(name="Spring"), "g-1")
    path = a_file(BOTH, f"g-1,DE | Spring | Search,{MEANS}")
    result = imported(path)
    assert "the row's campaign is “DE | Spring | Search”" in why(result)
    assert [each.candidates for each in result.unmatched] == [(campaign.pk,)]
    matched(campaign.brand, campaign, id="g-1", name="DE | Spring | Search")
    assert imported(path).accepted == 1


# --- What a person said once --------------------------------------------------------------------


@pytest.mark.parametrize("by_name", [False, True])
def test_a_match_is_used_from_then_on(a_file: Write, by_name: bool) -> None:
    campaign = a_campaign(name="Spring")
    external_id = "" if by_name else "g-1"
    path = a_file(BOTH, f"{external_id},Search | 01,{MEANS}")
    assert imported(path, campaign.brand).refused == 1
    matched(campaign.brand, campaign, id=external_id, name="search | 01")
    assert imported(path, campaign.brand).accepted == 1
    assert spent(campaign) == Decimal("10.00")


def test_a_match_is_of_one_source(a_file: Write) -> None:
    campaign = a_campaign(name="Spring")
    matched(campaign.brand, campaign, id="g-1")
    path = a_file(f"source,{BOTH}", f"meta,g-1,,{MEANS}", f",g-1,,{MEANS}")
    result = imported(path, campaign.brand)
    assert [row.line for row in result.refused_rows] == [2]
    assert [each.source for each in result.unmatched] == ["meta"]


def test_a_name_that_two_campaigns_have_is_settled_by_a_match(a_file: Write) -> None:
    acme = a_brand()
    _, second = (a_campaign(brand=acme, name="Spring") for _ in range(2))
    matched(acme, second, name="Spring")
    assert imported(a_file(NAMES, f"Spring,{MEANS}"), acme).accepted == 1
    assert spent(second) == Decimal("10.00")


def test_a_matched_name_that_another_campaign_gets_later_is_refused(a_file: Write) -> None:
    campaign = a_campaign(name="Spring")
    matched(campaign.brand, campaign, name="Autumn")
    a_campaign(brand=campaign.brand, name="Autumn")
    words = why(imported(a_file(NAMES, f"Autumn,{MEANS}"), campaign.brand))
    assert "was matched to “Spring”, and is what we call “Autumn”" in words


def test_a_match_never_beats_the_rows_own_id_or_brand(a_file: Write) -> None:
    acme, beta = (a_campaign(brand=a_brand(name=name)) for name in ("Acme", "Beta"))
    matched(acme.brand, acme, id="g-1")
    path = a_file(
        "campaign_id,brand,external_id,day,total,currency",
        f"{beta.pk},,g-1,{MEANS}",
        f",Beta,g-1,{MEANS}",
        f"{acme.pk},,g-1,{MEANS}",
    )
    result = imported(path)
    assert ([row.line for row in result.refused_rows], spent(acme)) == ([2, 3], Decimal("10.00"))


def test_a_match_by_id_needs_no_brand_unless_two_brands_have_one(a_file: Write) -> None:
    acme, beta = (a_campaign(brand=a_brand(name=name)) for name in ("Acme", "Beta"))
    path = a_file("external_id,day,total,currency", f"g-1,{MEANS}")
    matched(acme.brand, acme, id="g-1")
    assert imported(path).accepted == 1
    matched(beta.brand, beta, id="g-1")
    result = imported(path)
    assert "2 brands have a campaign “g-1”" in why(result)
    assert result.unmatched.lack_a_brand


def test_a_match_by_name_needs_its_brand(a_file: Write) -> None:
    campaign = a_campaign(name="Spring")
    matched(campaign.brand, campaign, name="Brand search")
    assert imported(a_file(NAMES, f"Brand search,{MEANS}")).refused == 1


def test_a_match_of_a_campaign_that_moved_to_another_brand_is_none(a_file: Write) -> None:
    campaign, other = a_campaign(), a_campaign(brand=a_brand(name="Beta"))
    matched(campaign.brand, campaign, id="g-1")
    Campaign.objects.filter(pk=campaign.pk).update(brand=other.brand)
    assert imported(a_file("external_id,day,total,currency", f"g-1,{MEANS}")).refused == 1


def test_a_match_goes_with_its_campaign_and_leaves_nothing_out(a_file: Write) -> None:
    campaign = a_campaign()
    a_campaign(brand=campaign.brand)
    matched(campaign.brand, campaign, id="g-1")
    campaign.delete()
    path = a_file("external_id,day,total,currency", f"g-1,{MEANS}")
    assert imported(path, campaign.brand).refused == 1


# --- Left out -----------------------------------------------------------------------------------


def test_what_was_chosen_to_be_left_out_is_counted_and_not_refused(a_file: Write) -> None:
    campaign = a_campaign(name="Spring")
    for number in range(2):
        matched(campaign.brand, None, id=f"g-{number}")
    matched(campaign.brand, None, name="Autumn")
    rows = [f"g-{number % 2},,{MEANS}" for number in range(4)]
    path = a_file(BOTH, *rows, f",AUTUMN,{MEANS}", f",Spring,{MEANS}")
    result = imported(path, campaign.brand)
    assert (result.rows, result.accepted, result.refused, result.left_out) == (6, 1, 0, 5)
    assert len(result.left_out_campaigns) == 3


def test_what_one_brand_leaves_out_is_not_left_out_of_another(a_file: Write) -> None:
    acme, beta = (a_campaign(brand=a_brand(name=name)) for name in ("Acme", "Beta"))
    matched(acme.brand, None, id="g-1")
    path = a_file("external_id,day,total,currency", f"g-1,{MEANS}")
    assert imported(path).refused == 1
    assert imported(path, beta.brand).refused == 1
    known(beta, "g-1")
    assert imported(path).accepted == 1


def test_a_campaign_of_ours_is_never_left_out_in_silence(a_file: Write) -> None:
    acme = a_campaign(name="Spring").brand
    matched(acme, None, id="g-1")
    matched(acme, None, name="Autumn")
    known(a_campaign(brand=acme, name="Autumn"), "g-1")
    result = imported(a_file(BOTH, f"g-1,,{MEANS}", f",Autumn,{MEANS}"), acme)
    assert (result.left_out, result.refused) == (0, 2)
    assert "chosen to be left out, and is what we call “Autumn”" in result.refused_rows[0].message


def test_a_part_that_is_left_out_spoils_no_total(a_file: Write) -> None:
    campaign = a_campaign(name="Spring")
    matched(campaign.brand, None, id="g-1")
    result = imported(a_file(BOTH, f"g-1,,{MEANS}", f",Spring,{MEANS}"), campaign.brand)
    assert (result.left_out, result.accepted) == (1, 1)


def test_what_is_left_out_counts_where_a_report_is_compared_with_its_own_total(
    a_file: Write,
) -> None:
    campaign = a_campaign(name="Spring")
    matched(campaign.brand, None, id="g-1")
    path = a_file(BOTH, f"g-1,,{MEANS}", f",Spring,{MEANS}", "Total,,,20,USD")
    result = imported(path, campaign.brand)
    assert (result.left_out, result.accepted, result.off_by) == (1, 1, Decimal(0))


# --- Nobody else's ------------------------------------------------------------------------------


def test_names_and_matches_of_other_brands_are_as_if_they_were_not(a_file: Write) -> None:
    acme, beta = (a_campaign(brand=a_brand(name=name), name="Spring") for name in ("Acme", "Beta"))
    matched(beta.brand, beta, id="g-1")
    matched(beta.brand, None, id="g-2")
    within = Campaign.objects.filter(brand=acme.brand)
    path = a_file(BOTH, f"g-1,,{MEANS}", f"g-2,,{MEANS}", f",Spring,{MEANS}")
    result = imported(path, beta.brand, within=within)
    assert (result.refused, result.left_out, result.accepted) == (3, 0, 0)
    assert not any("Beta" in row.message for row in result.refused_rows)
    assert imported(path, within=within).refused == 3
    assert imported(path, acme.brand, within=within).found_by_name == {acme.pk}


def test_a_match_of_another_brand_does_not_make_ones_own_ambiguous(a_file: Write) -> None:
    acme, beta = (a_campaign(brand=a_brand(name=name)) for name in ("Acme", "Beta"))
    for campaign in (acme, beta):
        matched(campaign.brand, campaign, id="g-1")
    matched(beta.brand, beta, id="g-2")
    within = Campaign.objects.filter(brand=acme.brand)
    path = a_file("external_id,day,total,currency", f"g-1,{MEANS}", f"g-2,{MEANS}")
    result = imported(path, within=within)
    assert result.accepted == 1
    assert "There is no campaign with external_id “g-2”" in why(result)


def test_names_of_campaigns_that_rows_may_not_name_are_unknown(a_file: Write) -> None:
    acme = a_brand()
    spring, _ = a_campaign(brand=acme, name="Spring"), a_campaign(brand=acme, name="Autumn")
    path = a_file(NAMES, f"Spring,{MEANS}", f"Autumn,{MEANS}")
    result = imported(path, acme, within=Campaign.objects.filter(pk=spring.pk))
    assert "has no campaign named “Autumn”" in why(result)


# --- Unknown campaigns in the result ------------------------------------------------------------


def test_the_unknown_campaigns_of_a_file_are_told_with_rows_and_sums(a_file: Write) -> None:
    acme = a_campaign(brand=a_brand(name="Acme"), name="Spring").brand
    path = a_file(
        BOTH,
        "g-1,Autumn,2026-03-10,10,USD",
        ",Spring,2026-03-10,1,USD",
        "g-1,autumn,2026-03-09,2.5,USD",
        "g-1,Autumn,2026-03-09,7,EUR",
        "g-2,,2026-03-09,x,USD",
    )
    first, second = imported(path, acme).unmatched
    assert (first.external_id, first.name, first.brand_id) == ("g-1", "Autumn", acme.pk)
    assert (first.first_line, first.rows) == (2, 3)
    assert first.amounts == {"USD": Decimal("12.5"), "EUR": Decimal(7)}
    assert (second.external_id, second.rows, second.amounts) == ("g-2", 1, {})


def test_unknown_campaigns_beyond_the_most_are_counted_by_their_rows(
    a_file: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unmatched, "CAMPAIGNS_KEPT", 2)
    acme = a_campaign().brand
    names = ["One", "Two", "Three", "One", "Four", "Three"]
    result = imported(a_file(NAMES, *(f"{name},{MEANS}" for name in names)), acme)
    assert [each.rows for each in result.unmatched] == [2, 1]
    assert result.unmatched.other_rows == 3


def test_what_only_the_file_can_put_right_is_not_for_matching(a_file: Write) -> None:
    campaign = a_campaign(name="Spring")
    path = a_file(
        "campaign_id,brand,external_id,campaign,day,total,currency",
        f"999999,,,,{MEANS}",
        f"{campaign.pk},,,Autumn,{MEANS}",
        f",Nobody,g-1,,{MEANS}",
        f",,,,{MEANS}",
    )
    result = imported(path)
    assert (result.refused, len(result.unmatched)) == (4, 0)


# --- An import that is started again ------------------------------------------------------------


def test_rows_of_a_campaign_that_is_matched_between_two_runs_are_read(
    a_file: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "ROWS_A_BATCH", 1)
    campaign = known(a_campaign(name="Spring"), "g-1")
    rows = [f"k{n},g-{n},2026-03-10T11:00Z,1,USD" for n in (1, 2, 1)]
    path = a_file("key,external_id,occurred_at,amount,currency", *rows)
    first = imported(path, campaign.brand)
    assert (first.accepted, first.duplicates, first.refused) == (1, 1, 1)
    matched(campaign.brand, campaign, id="g-2")
    again = import_file(path, clock=lambda: NOON, given=Given(source="google"))
    assert (again.accepted, again.duplicates, again.refused) == (1, 2, 0)


def test_rows_that_are_left_out_no_more_are_not_skipped(a_file: Write) -> None:
    campaign = a_campaign(name="Spring")
    matched(campaign.brand, None, id="g-1")
    path = a_file("key,external_id,occurred_at,amount,currency", "k1,g-1,2026-03-10T11:00Z,1,USD")
    assert imported(path, campaign.brand).left_out == 1
    forget_matches(CampaignMatch.objects.all(), by=None)
    matched(campaign.brand, campaign, id="g-1")
    given = Given(source="google", brand_id=campaign.brand_id)
    assert import_file(path, clock=lambda: NOON, given=given).accepted == 1


def test_a_file_that_is_given_again_for_another_brand_is_not_skipped(a_file: Write) -> None:
    acme, beta = (a_campaign(brand=a_brand(name=name), name="Spring") for name in ("Acme", "Beta"))
    path = a_file("key,campaign,occurred_at,amount,currency", "k1,Spring,2026-03-10T11:00Z,1,USD")
    for campaign in (acme, beta):
        given = Given(source="google", brand_id=campaign.brand_id)
        assert import_file(path, clock=lambda: NOON, given=given).accepted == 1
        assert spent(campaign) == Decimal("1.00")


# --- Any order, bounded work --------------------------------------------------------------------


LINE = re.compile(r"^Line \d+")


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_the_rows_changes_nothing(
    a_file: Write, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(load, "ROWS_A_BATCH", 3)
    random = Random(seed)
    acme, beta = a_brand(name="Acme"), a_brand(name="Beta")
    campaigns = [
        a_campaign(brand=random.choice([acme, beta]), name=random.choice("ABCabc"))
        for _ in range(6)
    ]
    for number, campaign in enumerate(random.sample(campaigns, 3)):
        known(campaign, f"g-{number}")
    of_acme = [campaign for campaign in campaigns if campaign.brand_id == acme.pk]
    for number in (7, 8) if of_acme else ():
        matched(acme, random.choice([None, *of_acme]), id=f"g-{number}")
    rows = [
        f"{random.choice(['', '', 'Acme', 'Beta'])},"
        f"{random.choice(['', 'g-0', 'g-1', 'g-2', 'g-7', 'g-8', 'g-9'])},"
        f"{random.choice(['', 'A', 'b', 'C', 'D'])},{MEANS}"
        for _ in range(25)
    ]
    outcomes = []
    for _ in range(3):
        random.shuffle(rows)
        result = rehearse(
            a_file(f"brand,{BOTH}", *rows),
            now=NOON,
            given=Given(source="google", brand_id=acme.pk),
        )
        outcomes.append(
            (
                result.accepted,
                result.amounts,
                result.left_out_campaigns,
                result.found_by_name,
                sorted(LINE.sub("", row.message) for row in result.refused_rows),
                sorted(each.rows for each in result.unmatched),
            )
        )
    assert outcomes[0] == outcomes[1] == outcomes[2]


def test_a_batch_takes_the_same_queries_however_many_campaigns_it_names(a_file: Write) -> None:
    acme = a_brand(name="Acme")
    Campaign.objects.bulk_create(
        Campaign(
            brand=acme, name=f"Number {number}", external_id=f"g-{number}" if number % 2 else None
        )
        for number in range(200)
    )
    matched(acme, Campaign.objects.get(name="Number 0"), id="x")

    def queries(rows: int) -> int:
        path = a_file(BOTH, *(f"h-{n},Number {n},{MEANS}" for n in range(0, rows, 2)))
        with (
            load.reading(
                path,
                Given(source="google", brand_id=acme.pk),
                as_of=NOON,
                within=None,
                callbacks=load.NO_CALLBACKS,
            ) as file,
            CaptureQueriesContext(connection) as captured,
        ):
            for records in file.file.batches(1_000):
                assert not file.reader.read(records).refused
        return len(captured)

    assert queries(4) == queries(200) == 8


def test_the_names_of_a_brand_are_read_once_a_file(
    a_file: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "ROWS_A_BATCH", 1)
    campaign = a_campaign(name="Spring")
    path = a_file(NAMES, *(f"Spring,2026-03-{day:02d},10,USD" for day in range(1, 9)))
    with CaptureQueriesContext(connection) as captured:
        imported(path, campaign.brand)
    reads_a_brand = 'FROM "budgets_campaign" WHERE "budgets_campaign"."brand_id" = '
    names = [query for query in captured if reads_a_brand in query["sql"]]
    assert len(names) == 2  # the rehearsal and the import
