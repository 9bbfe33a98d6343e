"""What a campaign looks like in requests and answers."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal

from django.db.models import Q
from ninja import Schema
from pydantic import AwareDatetime, Field, WithJsonSchema

from budgets.api.fields import (
    ABSENT,
    Amount,
    Budget,
    Day,
    Id,
    Input,
    Name,
    Reason,
    Search,
    names_of,
)
from budgets.api.http.pages import Page
from budgets.cells.names import plain
from budgets.models import Campaign
from budgets.models.campaign import CampaignQuerySet
from budgets.reports.explain import Explanation
from budgets.reports.figures import figures_for
from budgets.rules.reasons import PauseReason

Status = Annotated[str, WithJsonSchema({"enum": ["running", "paused"]})]
Wanted = Literal["running", "paused"]


class CampaignShown(Schema):
    """A campaign; spend is that of its brand's current day and month."""

    id: Id
    brand_id: Id
    name: str
    external_id: str | None
    schedule_id: Id | None
    daily_budget: Amount | None
    monthly_budget: Amount | None
    starts_on: date | None
    ends_on: date | None
    is_held: bool
    status: Status
    reasons: list[Reason]
    daily_spend: Amount
    monthly_spend: Amount
    created_at: AwareDatetime


class CampaignPage(Page[CampaignShown]):
    """One page of campaigns."""


class CampaignFilters(Schema):
    """Which campaigns."""

    brand_id: Id | None = None
    external_id: Search | None = None
    schedule_id: Id | None = None
    status: Wanted | None = None
    reason: Reason | None = Field(None, description="Paused by this reason, alone or with others.")
    name: Search | None = Field(
        None, description="Part of the name; case and accents do not matter."
    )

    def among(self, campaigns: CampaignQuerySet) -> CampaignQuerySet:
        if self.status is not None:
            campaigns = campaigns.running() if self.status == "running" else campaigns.paused()
        if self.reason is not None:
            campaigns = campaigns.paused_by(PauseReason[self.reason])
        if self.name is not None:
            campaigns = campaigns.filter(name__plain__contains=plain(self.name))
        exact = self.model_dump(
            include={"brand_id", "external_id", "schedule_id"}, exclude_none=True
        )
        return campaigns.filter(Q(**exact))


class NewCampaign(Input):
    """A campaign to create."""

    brand_id: Id
    name: Name
    external_id: Name | None = Field(None, description="Your own reference, unique in the brand.")
    schedule_id: Id | None = Field(None, description="Null: it may run at any hour.")
    daily_budget: Budget | None = None
    monthly_budget: Budget | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    is_held: bool = False


class CampaignPatch(Input):
    """What to change of a campaign. Null clears a field; what is left out stays."""

    name: Name = ABSENT
    external_id: Name | None = None
    schedule_id: Id | None = None
    daily_budget: Budget | None = None
    monthly_budget: Budget | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None


class ReasonShown(Schema):
    """One reason to pause. `clears_at` is null when only a person can lift it."""

    reason: Reason
    since: AwareDatetime
    detail: str
    clears_at: AwareDatetime | None


class ExplanationShown(Schema):
    """Why a campaign is paused and when it runs again if nothing is spent or edited.

    `resumes_at` is null when only a person can bring it back.
    """

    campaign_id: Id
    status: Status
    sentence: str
    reasons: list[ReasonShown]
    resumes_at: AwareDatetime | None


def campaigns_shown(campaigns: Sequence[Campaign], *, now: datetime) -> list[CampaignShown]:
    """Return campaigns as the API shows them; their brands must be loaded."""
    figures = figures_for(campaigns, now=now)
    return [
        CampaignShown(
            id=campaign.pk,
            brand_id=campaign.brand_id,
            name=campaign.name,
            external_id=campaign.external_id,
            schedule_id=campaign.schedule_id,
            daily_budget=campaign.daily_budget,
            monthly_budget=campaign.monthly_budget,
            starts_on=campaign.starts_on,
            ends_on=campaign.ends_on,
            is_held=campaign.is_held,
            status=campaign.status,
            reasons=names_of(campaign.pause_reasons),
            daily_spend=figures[campaign.pk].today.spent,
            monthly_spend=figures[campaign.pk].month.spent,
            created_at=campaign.created_at,
        )
        for campaign in campaigns
    ]


def explanation_shown(campaign: Campaign, explanation: Explanation) -> ExplanationShown:
    return ExplanationShown(
        campaign_id=campaign.pk,
        status=explanation.status,
        sentence=explanation.sentence,
        reasons=[
            ReasonShown(
                reason=str(each.reason.name),
                since=each.since,
                detail=each.detail,
                clears_at=each.clears_at,
            )
            for each in explanation.reasons
        ],
        resumes_at=explanation.resumes_at,
    )
