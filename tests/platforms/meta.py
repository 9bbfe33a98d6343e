"""Meta's Graph API, as much of it as ads are managed with.

By hand: `python -m tests.platforms.meta` says what to set for the product to use it, and what to
enter as the connection of an account.
"""

import argparse
import hmac
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from budgets.connectors.base import Order
from budgets.connectors.mock.facts import MockCampaign
from budgets.rules.money import to_units
from budgets.rules.status import RunStatus
from tests.platforms.behind import Behind
from tests.platforms.http import served, tell_and_wait

VERSION = "v26.0"
TOKEN = "system-user-token"
APP_SECRET = "app-secret"
STATUSES = {
    RunStatus.RUNNING: "ACTIVE",
    RunStatus.PAUSED: "PAUSED",
    RunStatus.REMOVED: "ARCHIVED",
}
USUAL = ["ACTIVE", "PAUSED"]
"""What lists have without being asked for more."""

Parameters = dict[str, str]


class Refusal(Exception):
    """An error of the API: its code, subcode and text."""

    def __init__(self, code: int, text: str, *, subcode: int | None = None) -> None:
        super().__init__(text)
        self.said = {"message": text, "type": "OAuthException", "code": code}
        if subcode is not None:
            self.said["error_subcode"] = subcode


class MetaPlatform(Behind):
    """The ad account 42, and who may ask for it."""

    def __init__(self) -> None:
        super().__init__("42")
        self.headers: dict[str, str] = {}
        """Sent with every answer, such as how much of the quota is used up."""
        self.fails: list[Refusal] = []
        """Each fails one request."""
        self.fails_in_batch: dict[str, Refusal | None] = {}
        """By campaign: fails its part of a batch, or leaves it without an answer."""
        self.without_daily: set[str] = set()
        self.elsewhere = {"900"}
        """Campaigns of another account that the token opens as well."""
        self.paths: list[str] = []

    @property
    def credentials(self) -> dict[str, str]:
        return {"access_token": TOKEN, "app_secret": APP_SECRET}

    def answer(self, request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes]:
        address = urlsplit(request.path)
        told = dict(parse_qsl(address.query)) | dict(parse_qsl(body.decode()))
        version, *path = address.path.strip("/").split("/")
        self.paths.append("/".join(path))
        try:
            if version != VERSION:
                raise Refusal(2635, "You are calling a deprecated version.")
            self.admit(told)
            said = self.said(request.command, path, told)
        except Refusal as refusal:
            return 400, json.dumps({"error": refusal.said}).encode()
        return 200, json.dumps(said).encode()

    def admit(self, told: Parameters) -> None:
        proof = hmac.new(APP_SECRET.encode(), TOKEN.encode(), "sha256").hexdigest()
        if told.get("access_token") != TOKEN:
            raise Refusal(190, "Invalid OAuth access token.")
        if told.get("appsecret_proof") != proof:
            raise Refusal(100, "Invalid appsecret_proof provided in the API argument")
        if self.fails:
            raise self.fails.pop(0)

    def said(self, method: str, path: list[str], told: Parameters) -> Any:
        if method == "POST" and not path:
            return [self.part(each) for each in json.loads(told["batch"])]
        if method != "GET" or path[0] != f"act_{self.account.id}":
            raise Refusal(100, "Unsupported request. Object does not exist.", subcode=33)
        edge = path[1] if len(path) > 1 else ""
        fields = told["fields"].split(",")
        if edge == "insights":
            return page(list(self.insights(fields, told)), told)
        if edge == "campaigns":
            return page([self.shown(each, fields) for each in self.listed(told)], told)
        facts = {
            "name": self.account.name,
            "timezone_name": self.account.timezone,
            "currency": self.account.currency,
        }
        return {"id": path[0], **{name: facts[name] for name in fields}}

    def listed(self, told: Parameters) -> list[MockCampaign]:
        """Return the campaigns that filters let through; archived ones only when asked for."""
        among = filters(told)
        statuses = among.get("effective_status", USUAL)
        return [
            each
            for each in self.campaigns()
            if STATUSES[each.status] in statuses and each.id in among.get("id", [each.id])
        ]

    def shown(self, campaign: MockCampaign, fields: Sequence[str]) -> dict[str, str]:
        values = {
            "id": campaign.id,
            "name": campaign.name,
            "status": STATUSES[campaign.status],
            "account_id": self.account.id,
        }
        if campaign.id not in self.without_daily:
            values["daily_budget"] = str((campaign.budget_micros or 100_000_000) // 10_000)
        return {name: values[name] for name in ("id", *fields) if name in values}

    def insights(self, fields: Sequence[str], told: Parameters) -> Iterator[dict[str, str]]:
        if told.get("level") != "campaign" or told.get("time_increment") != "1":
            raise Refusal(100, "The stand-in answers by campaign and day only.")
        span = json.loads(told["time_range"])
        first, last = (date.fromisoformat(span[name]) for name in ("since", "until"))
        statuses = filters(told).get("campaign.effective_status", USUAL)
        shown = {each.id for each in self.campaigns() if STATUSES[each.status] in statuses}
        for campaign, day, micros in self.billed(first, last):
            values = {
                "campaign_id": campaign,
                "spend": f"{to_units(micros):.2f}",
                "account_currency": self.account.currency,
                "impressions": "10",
            }
            if campaign in shown:
                chosen = {name: values[name] for name in fields if name in values}
                yield chosen | {"date_start": day.isoformat(), "date_stop": day.isoformat()}

    def part(self, call: dict[str, str]) -> Any:
        """Carry out one call of a batch."""
        campaign = call["relative_url"].split("?")[0]
        edit = dict(parse_qsl(call.get("body", "")))
        try:
            if campaign in self.fails_in_batch:
                refusal = self.fails_in_batch[campaign]
                if refusal is None:
                    return None
                raise refusal
            self.edit(campaign, edit)
        except Refusal as refusal:
            return {"code": 400, "headers": [], "body": json.dumps({"error": refusal.said})}
        return {"code": 200, "headers": [], "body": json.dumps({"success": True})}

    def edit(self, campaign: str, edit: Parameters) -> None:
        known = {each.id for each in self.campaigns()} | self.elsewhere
        if campaign not in known:
            raise Refusal(100, "Unsupported post request. Object does not exist.", subcode=33)
        for name, value in edit.items():
            if name == "status":
                wanted = {said: status for status, said in STATUSES.items()}
                order = Order(campaign, wanted[value])
                self.platform.set_status(self.account.id, [order], now=self.clock())
                self.elsewhere.discard(campaign)  # so that a test sees that it was reached
            elif name == "daily_budget":
                self.platform.set_budgets(self.account.id, {campaign: int(value) * 10_000})
            else:
                raise Refusal(100, f"The stand-in does not know {name}.")

    @contextmanager
    def served(self, port: int = 0) -> Iterator[str]:
        """Serve it on this machine; give its address."""
        with served(self.answer, port, self.headers) as address:
            yield address


def filters(told: Parameters) -> dict[str, list[str]]:
    return {each["field"]: each["value"] for each in json.loads(told.get("filtering", "[]"))}


def page(rows: list[Any], told: Parameters) -> dict[str, Any]:
    """Return one page of rows: as few as two, so that every answer has more than one."""
    start, size = int(told.get("after", 0)), min(int(told.get("limit", 25)), 2)
    after = str(start + size)
    paging: dict[str, Any] = {"cursors": {"before": str(start), "after": after}}
    if int(after) < len(rows):
        paging["next"] = f"https://graph.facebook.com/?after={after}"
    return {"data": rows[start : start + size], "paging": paging}


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=8920)
    platform = MetaPlatform()
    platform.open_all()
    with platform.served(options.parse_args().port) as address:
        tell_and_wait(
            f"export META_GRAPH_URL={address}",
            "",
            "Account 42, INR, Asia/Kolkata, campaigns 1, 2 and 3. Connection:",
            *(f"  {name}: {value}" for name, value in platform.credentials.items()),
        )
