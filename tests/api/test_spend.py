"""Spend through the API: exact, row by row, and answered with what must stop."""

import json
from decimal import Decimal
from typing import Any

import pytest

from budgets.models import Campaign, LedgerEntry, Spend
from tests.api.program import a_program, problem_of
from tests.builders import a_brand, a_campaign, an_instant, the_clock_at

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
NDJSON = "application/x-ndjson"


@pytest.fixture(autouse=True)
def noon() -> Any:
    with the_clock_at(NOON):
        yield


def a_row(campaign: Any, amount: Any = "10.00", key: Any = "k1", **facts: Any) -> Any:
    return {
        "source": "adserver",
        "key": key,
        "campaign_id": campaign.pk,
        "occurred_at": "2026-03-10T11:00:00Z",
        "amount": amount,
        "currency": "USD",
    } | facts


def by_reference(campaign: Any, brand_id: Any, external_id: Any) -> Any:
    row = a_row(campaign, brand_id=brand_id, external_id=external_id)
    return {name: value for name, value in row.items() if name != "campaign_id"}


def report(*rows: Any, program: Any = None) -> Any:
    response = (program or a_program()).post("/spend", {"entries": list(rows)})
    assert response.status_code == 200, response.content
    return response.json()


def test_spend_is_recorded() -> None:
    campaign = a_campaign()
    answer = report(a_row(campaign, "12.34"))
    del answer["campaigns"]
    assert answer == {"accepted": 1, "duplicates": 0, "refused": [], "changes": []}
    assert Spend.objects.get().amount == Decimal("12.34")


def test_rows_sent_again_are_duplicates() -> None:
    campaign = a_campaign()
    report(a_row(campaign))
    assert report(a_row(campaign))["duplicates"] == 1
    assert LedgerEntry.objects.count() == 1


@pytest.mark.parametrize("written", ["0.1", "12345678.123456", "1e3", "-0.000001"])
def test_a_number_of_json_is_read_exactly_as_written(written: Any) -> None:
    campaign = a_campaign()
    body = json.dumps({"entries": [a_row(campaign, "AMOUNT")]}).replace('"AMOUNT"', written)
    assert a_program().send("POST", "/spend", body).json()["accepted"] == 1
    assert Spend.objects.get().amount == Decimal(written)


def test_the_answer_says_which_campaigns_must_stop() -> None:
    campaign = a_campaign(daily="100")
    Campaign.objects.filter(pk=campaign.pk).update(external_id="c-7")
    assert report(a_row(campaign, "100"))["changes"] == [
        {
            "campaign_id": campaign.pk,
            "external_id": "c-7",
            "before": [],
            "after": ["DAILY_BUDGET"],
            "action": "stop",
        }
    ]


def test_the_answer_says_which_campaigns_may_start() -> None:
    campaign = a_campaign(daily="100")
    report(a_row(campaign, "100"))
    (change,) = report(a_row(campaign, "-20", key="credit"))["changes"]
    assert change["before"] == ["DAILY_BUDGET"]
    assert change["after"] == []
    assert change["action"] == "start"


def test_a_further_reason_asks_for_no_action() -> None:
    campaign = a_campaign(daily="100", monthly="150")
    report(a_row(campaign, "100"))
    (change,) = report(a_row(campaign, "50", key="more"))["changes"]
    assert change["after"] == ["DAILY_BUDGET", "MONTHLY_BUDGET"]
    assert change["action"] is None


def test_a_campaign_can_be_named_by_the_callers_own_reference() -> None:
    campaign = a_campaign()
    Campaign.objects.filter(pk=campaign.pk).update(external_id="summer")
    row = by_reference(campaign, campaign.brand_id, "summer")
    assert report(row)["accepted"] == 1
    assert report(row, program=a_program(campaign.brand))["duplicates"] == 1


def test_one_reference_means_another_campaign_in_another_brand() -> None:
    first, second = a_campaign(), a_campaign()
    Campaign.objects.update(external_id="summer")
    report(by_reference(second, second.brand_id, "summer"))
    assert not first.spend_days.exists()
    assert second.spend_days.exists()


@pytest.mark.parametrize(
    "fault, code",
    [
        ({"campaign_id": 10**30}, "unknown_campaign"),
        ({"campaign_id": -1}, "unknown_campaign"),
        ({"campaign_id": 10**9}, "unknown_campaign"),
        ({"campaign_id": "7"}, "unknown_campaign"),
        ({"campaign_id": True}, "unknown_campaign"),
        ({"campaign_id": None}, "bad_row"),
        ({"external_id": "x"}, "bad_row"),
        ({"campaign_id": None, "brand_id": 1}, "bad_row"),
        ({"campaign_id": None, "brand_id": 1, "external_id": "x\0"}, "unknown_campaign"),
        ({"campaign_id": None, "brand_id": 10**30, "external_id": "x"}, "unknown_campaign"),
        ({"amount": "much"}, "bad_amount"),
        ({"amount": "NaN"}, "bad_amount"),
        ({"amount": None}, "bad_amount"),
        ({"amount": True}, "bad_amount"),
        ({"amount": "1.0000001"}, "too_many_decimals"),
        ({"amount": "1" + "0" * 30}, "overflow"),
        ({"occurred_at": "yesterday"}, "bad_time"),
        ({"occurred_at": "2026-03-10T11:00:00"}, "bad_time"),
        ({"occurred_at": "0001-01-01T00:00:00Z"}, "bad_time"),
        ({"occurred_at": 1}, "bad_time"),
        ({"occurred_at": "2026-03-10T12:05:01Z"}, "future"),
        ({"currency": "EUR"}, "wrong_currency"),
        ({"currency": 1}, "wrong_currency"),
        ({"source": ""}, "bad_source"),
        ({"source": 1}, "bad_source"),
        ({"key": "x" * 201}, "bad_key"),
        ({"key": "x\0"}, "bad_key"),
        ({"ammount": "1"}, "bad_row"),
    ],
)
def test_a_bad_row_is_refused_with_its_index_and_the_others_are_kept(
    fault: dict[str, Any], code: str
) -> None:
    campaign = a_campaign()
    rows = [a_row(campaign), a_row(campaign, key="k2") | fault, a_row(campaign, key="k3")]
    answer = report(*rows)
    assert answer["accepted"] == 2
    ((index, given),) = [(each["index"], each["code"]) for each in answer["refused"]]
    assert (index, given) == (1, code)


@pytest.mark.parametrize("row", [1, "x", None, [], {}])
def test_a_row_that_is_no_row_is_refused(row: Any) -> None:
    ((refusal),) = report(row, a_row(a_campaign()))["refused"]
    assert refusal["index"] == 0
    assert refusal["code"] == "bad_row"
    assert refusal["message"]


def test_refusals_come_in_the_order_of_the_rows() -> None:
    campaign = a_campaign()
    rows = [
        a_row(campaign, currency="EUR"),
        1,
        a_row(campaign, campaign_id=0),
        a_row(campaign, "x"),
    ]
    assert [each["index"] for each in report(*rows)["refused"]] == [0, 1, 2, 3]


def test_a_campaign_beyond_the_keys_brands_is_refused_like_one_that_does_not_exist() -> None:
    mine, other = a_campaign(), a_campaign()
    Campaign.objects.filter(pk=other.pk).update(external_id="x")
    missing = 10**9
    rows = [
        a_row(other),
        a_row(mine, campaign_id=missing),
        by_reference(other, other.brand_id, "x"),
        by_reference(other, mine.brand_id, "x"),
    ]
    refused = report(*rows, program=a_program(mine.brand))["refused"]
    assert not Spend.objects.exists()
    numbers = [(other.pk, missing), (other.brand_id, mine.brand_id)]
    for (beyond, unknown), (here, there) in zip([refused[:2], refused[2:]], numbers, strict=True):
        assert beyond["code"] == unknown["code"] == "unknown_campaign"
        assert beyond["message"].replace(str(here), "?") == unknown["message"].replace(
            str(there), "?"
        )


def test_an_unlimited_key_gets_the_same_refusal_as_a_limited_one() -> None:
    row = a_row(a_campaign(), campaign_id=10**9)
    limited = report(row, program=a_program(a_brand()))
    assert limited["refused"] == report(row)["refused"]


def send_lines(lines: Any, program: Any = None) -> Any:
    body = "\n".join(lines)
    return (program or a_program()).send("POST", "/spend", body, media_type=NDJSON)


def test_rows_can_come_one_a_line() -> None:
    campaign = a_campaign()
    lines = [json.dumps(a_row(campaign, key=key)) for key in "ab"]
    assert send_lines([*lines, ""]).json()["accepted"] == 2


def test_a_line_that_is_no_json_is_one_bad_row() -> None:
    campaign = a_campaign()
    answer = send_lines([json.dumps(a_row(campaign)), "{oops", "", "[" * 10_000]).json()
    assert answer["accepted"] == 1
    assert [each["index"] for each in answer["refused"]] == [1, 3]


NO_JSON = [b"", b"{", b"\xff", b'{"entries":' + b"[" * 100_000, b'{"entries": [1,}']


@pytest.mark.parametrize("body", NO_JSON, ids=range(len(NO_JSON)))
def test_a_body_that_is_no_json_is_a_problem(body: Any) -> None:
    problem_of(a_program().send("POST", "/spend", body), 400)


@pytest.mark.parametrize("body", [[], {}, {"entries": []}, {"entries": 1}, {"rows": []}])
def test_a_body_without_rows_is_a_problem(body: Any) -> None:
    problem_of(a_program().post("/spend", body), 422)


def test_more_rows_than_10000_are_a_problem() -> None:
    problem_of(a_program().post("/spend", {"entries": [1] * 10_001}), 422)
    problem_of(send_lines(["1"] * 10_001), 422)
    problem_of(send_lines(["", ""]), 422)


def test_10000_bad_rows_are_10000_refusals() -> None:
    assert len(report(*[1] * 10_000)["refused"]) == 10_000


def test_a_larger_body_is_refused_before_it_is_read() -> None:
    assert problem_of(a_program().send("POST", "/spend", b" " * (10 * 2**20 + 1)), 413)


@pytest.mark.parametrize("media_type", ["text/csv", "application/x-www-form-urlencoded", ""])
def test_another_media_type_is_refused(media_type: Any) -> None:
    problem_of(a_program().send("POST", "/spend", b"x", media_type=media_type), 415)


def test_an_answer_that_was_lost_is_made_up_for_by_the_next() -> None:
    """The retry changes nothing; it says all the same which campaigns must not run."""
    stopped, other = a_campaign(daily="10"), a_campaign()
    rows = [a_row(stopped, amount="10"), a_row(other, key="k2")]
    report(*rows)
    answer = report(*rows)
    assert (answer["changes"], answer["duplicates"]) == ([], 2)
    assert answer["campaigns"] == [
        {
            "campaign_id": stopped.pk,
            "external_id": None,
            "status": "paused",
            "reasons": ["DAILY_BUDGET"],
            "since": "2026-03-10T12:00:00Z",
        },
        {
            "campaign_id": other.pk,
            "external_id": None,
            "status": "running",
            "reasons": [],
            "since": None,
        },
    ]


def test_a_campaign_is_said_to_run_since_it_was_started() -> None:
    campaign = a_campaign(daily="10")
    report(a_row(campaign, amount="10"))
    answer = report(a_row(campaign, key="k2", amount="-1"))
    assert [(c["status"], c["since"]) for c in answer["campaigns"]] == [
        ("running", "2026-03-10T12:00:00Z")
    ]


NO_PLAIN_NUMBERS = ["1_000", "١٢", " 5 ", "5\n", "+5", ".5", "5.", "1e3", "NaN", "", True, []]


@pytest.mark.parametrize("amount", NO_PLAIN_NUMBERS)
def test_an_amount_that_is_no_plain_number_is_refused_with_its_index(amount: Any) -> None:
    row = {"source": "adserver", "campaign_id": a_campaign().pk, "currency": "USD"}
    rows = [row | {"key": str(each), "amount": each} for each in ("1", amount)]
    assert_second_refused("/spend", rows, "occurred_at")


@pytest.mark.parametrize("total", NO_PLAIN_NUMBERS)
def test_a_total_that_is_no_plain_number_is_refused_with_its_index(total: Any) -> None:
    row = {"source": "adserver", "campaign_id": a_campaign().pk, "currency": "USD"}
    rows = [row | {"day": "2026-03-10", "total": each} for each in ("1", total)]
    assert_second_refused("/spend/totals", rows, "as_of")


def assert_second_refused(path: str, rows: list[dict[str, Any]], instant: str) -> None:
    with the_clock_at(NOON):
        entries = [row | {instant: NOON.isoformat()} for row in rows]
        answer = a_program().post(path, {"entries": entries}).json()
    assert answer["accepted"] == 1
    assert [(each["index"], each["code"]) for each in answer["refused"]] == [(1, "bad_amount")]


@pytest.mark.parametrize("amount", ["1e-06", "12.345678", "-0.5", "1E2", "7"])
def test_a_number_of_json_is_read_digit_by_digit(amount: str) -> None:
    campaign = a_campaign()
    body = (
        '{"entries": [{"source": "adserver", "key": "1", "campaign_id": %s, "amount": %s, '
        '"occurred_at": "2026-03-10T12:00:00Z", "currency": "USD"}]}'
    )
    with the_clock_at(NOON):
        answer = a_program().post("/spend", body % (campaign.pk, amount)).json()
    assert answer["refused"] == []
    assert LedgerEntry.objects.get().amount == Decimal(amount)
