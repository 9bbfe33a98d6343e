"""Google Ads: its gRPC services with the official client's own messages, and Google's sign-in.

By hand, after `script/bootstrap --google`: `python -m tests.platforms.google_ads` says what to set
for the product to use it, and what to enter as the connection of an account.
"""

import argparse
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from typing import Any

import grpc
from google.ads.googleads.v26.enums.types.budget_period import BudgetPeriodEnum
from google.ads.googleads.v26.enums.types.campaign_status import CampaignStatusEnum
from google.ads.googleads.v26.errors.types.errors import GoogleAdsFailure
from google.ads.googleads.v26.services.types import (
    campaign_budget_service,
    campaign_service,
    google_ads_service,
)

from budgets.connectors.base import Order
from budgets.rules.status import RunStatus
from tests.platforms.behind import Behind
from tests.platforms.certificate import certificate
from tests.platforms.gaql import BadQuery, Query, parse, put
from tests.platforms.google_sign_in import GoogleSignIn
from tests.platforms.http import tell_and_wait

PACKAGE = "google.ads.googleads.v26"
FAILURE_KEY = f"{PACKAGE}.errors.googleadsfailure-bin"
DEVELOPER_TOKEN = "developer-token-secret"
Status = CampaignStatusEnum.CampaignStatus
STATUSES = {
    RunStatus.RUNNING: Status.ENABLED,
    RunStatus.PAUSED: Status.PAUSED,
    RunStatus.REMOVED: Status.REMOVED,
}
DAILY = BudgetPeriodEnum.BudgetPeriod.DAILY
CUSTOM = BudgetPeriodEnum.BudgetPeriod.CUSTOM_PERIOD
Row = google_ads_service.GoogleAdsRow.pb()
Failure = GoogleAdsFailure.pb()
NO_ERROR = ("", "")


def failure(kind: str, code: str, message: str = "As the stand-in was told.") -> Any:
    """Return a `GoogleAdsFailure` with one error, such as a `quota_error`."""
    found = Failure()
    add_error(found, kind, code, message)
    return found


def add_error(found: Any, kind: str, code: str, message: str = "") -> Any:
    error = found.errors.add()
    enum = error.error_code.DESCRIPTOR.fields_by_name[kind].enum_type
    setattr(error.error_code, kind, enum.values_by_name[code].number)
    error.message = message or code
    return error


class GoogleAdsPlatform(Behind):
    """The customer 123-456-7890, and who may ask for it."""

    def __init__(self, *, manager: str = "") -> None:
        super().__init__("1234567890")
        self.manager = manager
        self.sign_in = GoogleSignIn()
        self.fails: Callable[[grpc.ServicerContext], None] = lambda _context: None
        """Fails a call in a way of its own, by aborting it."""
        self.shared: set[str] = set()
        """Campaigns whose budget is not theirs alone."""
        self.without_daily: set[str] = set()
        self.corrected: dict[tuple[str, date], int] = {}
        """What a campaign costs on a day after all, in micros."""
        self.mutated: list[Any] = []

    @property
    def credentials(self) -> dict[str, str]:
        return {"developer_token": DEVELOPER_TOKEN, **self.sign_in.credentials}

    def admit(self, customer_id: str, context: grpc.ServicerContext) -> None:
        """Let a call in, or abort it as Google does."""
        told = {key: str(value) for key, value in context.invocation_metadata()}
        if told.get("authorization") not in self.sign_in.bearers:
            self.abort(context, failure("authentication_error", "OAUTH_TOKEN_INVALID"))
        if told.get("developer-token") != DEVELOPER_TOKEN:
            self.abort(context, failure("authentication_error", "DEVELOPER_TOKEN_INVALID"))
        is_other = customer_id != self.account.id
        if is_other or (self.manager and told.get("login-customer-id") != self.manager):
            self.abort(context, failure("authorization_error", "USER_PERMISSION_DENIED"))
        self.fails(context)

    def abort(
        self,
        context: grpc.ServicerContext,
        found: Any,
        code: grpc.StatusCode = grpc.StatusCode.INVALID_ARGUMENT,
    ) -> None:
        context.set_trailing_metadata(((FAILURE_KEY, found.SerializeToString()),))
        context.abort(code, found.errors[0].message)

    def search_stream(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        self.admit(request.customer_id, context)
        try:
            query = parse(request.query, Row.DESCRIPTOR)
        except BadQuery as error:
            self.abort(context, failure("query_error", str(error)))
            return
        rows = list(self.rows(query))
        for start in range(0, len(rows), 2):  # so small that every answer is a stream
            part = google_ads_service.SearchGoogleAdsStreamResponse.pb()()
            part.results.extend(rows[start : start + 2])
            yield part

    def rows(self, query: Query) -> Iterator[Any]:
        """Yield the rows of a query, with the fields that it selects and no others."""
        for values in self.values(query):
            row = Row()
            for field in query.fields:
                if field in values:
                    put(row, field, values[field])
            yield row

    def values(self, query: Query) -> Iterator[dict[str, object]]:
        of_account: dict[str, object] = {
            "customer.descriptive_name": self.account.name,
            "customer.time_zone": self.account.timezone,
            "customer.currency_code": self.account.currency,
        }
        if query.resource == "customer":
            yield of_account
            return
        for campaign in self.campaigns():
            if query.campaigns is not None and campaign.id not in query.campaigns:
                continue
            values = of_account | {
                "campaign.id": int(campaign.id),
                "campaign.name": campaign.name,
                "campaign.status": STATUSES[campaign.status],
                "campaign.campaign_budget": self.budget_name(campaign.id),
                "campaign_budget.amount_micros": campaign.budget_micros or 0,
                "campaign_budget.explicitly_shared": campaign.id in self.shared,
                "campaign_budget.period": CUSTOM if campaign.id in self.without_daily else DAILY,
            }
            if query.first is None or query.last is None:
                yield values
                continue
            for _, day, micros in self.billed(query.first, query.last, campaign.id):
                metrics = {
                    "metrics.cost_micros": self.corrected.get((campaign.id, day), micros),
                    "metrics.impressions": 10,
                }
                # As Google has it: no row where every metric that was asked for is 0.
                if any(metrics[name] for name in metrics.keys() & set(query.fields)):
                    yield values | metrics | {"segments.date": day.isoformat()}

    def budget_name(self, campaign: str) -> str:
        return f"customers/{self.account.id}/campaignBudgets/9{campaign}"

    def mutate_campaigns(self, request: Any, context: grpc.ServicerContext) -> Any:
        self.admit(request.customer_id, context)
        self.mutated.append(request)
        response = campaign_service.MutateCampaignsResponse.pb()()
        stands = self.platform.statuses(
            self.account.id,
            [each.update.resource_name.split("/")[-1] for each in request.operations],
        )
        failed = Failure()
        for at, operation in enumerate(request.operations):
            name = operation.update.resource_name
            campaign = name.split("/")[-1]
            result = response.results.add()
            if list(operation.update_mask.paths) != ["status"]:
                error = ("mutate_error", "INCONSISTENT_FIELD_VALUES")
            elif name.split("/")[1] != self.account.id or campaign not in stands:
                error = ("mutate_error", "RESOURCE_NOT_FOUND")
            elif stands[campaign] is RunStatus.REMOVED:
                error = ("context_error", "OPERATION_NOT_PERMITTED_FOR_REMOVED_RESOURCE")
            else:
                error = NO_ERROR
                wanted = {number: status for status, number in STATUSES.items()}
                order = Order(campaign, wanted[operation.update.status])
                self.platform.set_status(self.account.id, [order], now=self.clock())
                result.resource_name = name
            self.note(failed, at, error)
        self.answer(response, failed, request, context)
        return response

    def mutate_budgets(self, request: Any, context: grpc.ServicerContext) -> Any:
        self.admit(request.customer_id, context)
        self.mutated.append(request)
        response = campaign_budget_service.MutateCampaignBudgetsResponse.pb()()
        campaigns = {self.budget_name(each.id): each.id for each in self.campaigns()}
        failed = Failure()
        for at, operation in enumerate(request.operations):
            campaign = campaigns.get(operation.update.resource_name)
            micros = operation.update.amount_micros
            result = response.results.add()
            if list(operation.update_mask.paths) != ["amount_micros"] or campaign is None:
                error = ("mutate_error", "RESOURCE_NOT_FOUND")
            elif micros % 10_000:
                error = ("campaign_budget_error", "NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT")
            else:
                error = NO_ERROR
                self.platform.set_budgets(self.account.id, {campaign: micros})
                result.resource_name = operation.update.resource_name
            self.note(failed, at, error)
        self.answer(response, failed, request, context)
        return response

    def note(self, failed: Any, at: int, error: tuple[str, str]) -> None:
        if error != NO_ERROR:
            where = add_error(failed, *error).location.field_path_elements.add()
            where.field_name, where.index = "operations", at

    def answer(
        self, response: Any, failed: Any, request: Any, context: grpc.ServicerContext
    ) -> None:
        """Say what failed; without partial failure that is all of it."""
        if failed.errors and not request.partial_failure:
            self.abort(context, failed)
        if failed.errors:
            response.partial_failure_error.code = grpc.StatusCode.INVALID_ARGUMENT.value[0]
            response.partial_failure_error.details.add().Pack(failed)

    @contextmanager
    def served(self, port: int = 0) -> Iterator[dict[str, str]]:
        """Serve it on this machine; give the settings with which the product uses it."""
        key, signed, path = certificate()
        # Where gRPC looks for whom to trust, the first time that it needs to know.
        os.environ["GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"] = str(path)
        os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
        server = grpc.server(ThreadPoolExecutor(4))
        server.add_generic_rpc_handlers(services(self))
        secure = grpc.ssl_server_credentials([(key, signed)])
        bound = server.add_secure_port(f"localhost:{port}", secure)
        server.start()
        with self.sign_in.served(port and port + 1) as token_url:
            yield {"GOOGLE_ADS_ENDPOINT": f"localhost:{bound}", "GOOGLE_TOKEN_URL": token_url}
        server.stop(None)


def services(platform: GoogleAdsPlatform) -> tuple[grpc.GenericRpcHandler, ...]:
    """Return what answers for a platform, speaking the client's own messages."""
    unary, stream = grpc.unary_unary_rpc_method_handler, grpc.unary_stream_rpc_method_handler
    asked = {
        "GoogleAdsService": (
            "SearchStream",
            stream,
            platform.search_stream,
            google_ads_service.SearchGoogleAdsStreamRequest,
        ),
        "CampaignService": (
            "MutateCampaigns",
            unary,
            platform.mutate_campaigns,
            campaign_service.MutateCampaignsRequest,
        ),
        "CampaignBudgetService": (
            "MutateCampaignBudgets",
            unary,
            platform.mutate_budgets,
            campaign_budget_service.MutateCampaignBudgetsRequest,
        ),
    }
    return tuple(
        grpc.method_handlers_generic_handler(
            f"{PACKAGE}.services.{service}",
            {
                name: handler(
                    method,
                    request_deserializer=request.pb().FromString,
                    response_serializer=lambda message: message.SerializeToString(),
                )
            },
        )
        for service, (name, handler, method, request) in asked.items()
    )


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=8910)
    platform = GoogleAdsPlatform()
    platform.open_all()
    with platform.served(options.parse_args().port) as addresses:
        environment = {
            "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": os.environ["GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"],
            **addresses,
        }
        lines = [f"export {name}={value}" for name, value in environment.items()]
        lines += ["", "Account 123-456-7890, INR, Asia/Kolkata, campaigns 1, 2 and 3. Connection:"]
        lines += [f"  {name}: {value}" for name, value in platform.credentials.items()]
        tell_and_wait(*lines)
