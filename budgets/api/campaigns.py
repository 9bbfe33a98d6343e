"""Campaigns: list, read, create, change, explain, hold and release."""

from django.http import HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router

from budgets.access.scope import within
from budgets.api.campaign_shapes import (
    CampaignFilters,
    CampaignPage,
    CampaignPatch,
    CampaignShown,
    ExplanationShown,
    NewCampaign,
    campaigns_shown,
    explanation_shown,
)
from budgets.api.edits import Words, add, created, edit, sent, signature
from budgets.api.fields import Id
from budgets.api.http.idempotency import Created, IdempotencyKey, once
from budgets.api.http.keys import KeyRequest, may_add, may_change, may_read
from budgets.api.http.pages import Pages, page_of
from budgets.api.http.problems import conflict, invalid
from budgets.api.http.requests import JSON, SMALL_BYTES, accepts
from budgets.api.scope import campaign_of, campaigns_of
from budgets.models import ApiKey, Brand, Campaign, Schedule
from budgets.operations import holds
from budgets.reports.explain import explain

router = Router(tags=["campaigns"])
router.add_decorator(accepts(JSON, most_bytes=SMALL_BYTES), mode="view")


@router.get("", auth=may_read("campaign"), response=CampaignPage)
def list_campaigns(
    request: KeyRequest, paging: Pages, filters: Query[CampaignFilters]
) -> CampaignPage:
    """List campaigns in the order they were created."""
    page = page_of(filters.among(campaigns_of(request.auth)), paging)
    return CampaignPage(
        items=campaigns_shown(page.items, now=timezone.now()), next_cursor=page.next_cursor
    )


@router.post("", auth=may_add("campaign"), response={201: CampaignShown})
def create_campaign(
    request: KeyRequest, body: NewCampaign, idempotency_key: IdempotencyKey
) -> HttpResponse:
    """Create a campaign. It runs at once unless there is a reason to pause it."""
    key = request.auth

    # Before a kept answer is given: the key may have been narrowed since.
    if not within(key, Brand.objects.filter(pk=body.brand_id)).exists():
        raise invalid("/brand_id", f"There is no brand {body.brand_id}.")

    def create() -> Created:
        require_schedule(key, body.schedule_id)
        require_free(body.brand_id, body.external_id)
        campaign = Campaign(**body.model_dump())
        add(campaign, key=key)
        return created(campaign_shown(campaign), f"{request.path}/{campaign.pk}")

    return once(request, idempotency_key, create, now=timezone.now())


@router.get("/{campaign_id}", auth=may_read("campaign"), response=CampaignShown)
def read_campaign(request: KeyRequest, campaign_id: Path[Id]) -> CampaignShown:
    """Read one campaign."""
    return campaign_shown(campaign_of(request.auth, campaign_id))


@router.patch("/{campaign_id}", auth=may_change("campaign"), response=CampaignShown)
def change_campaign(
    request: KeyRequest, campaign_id: Path[Id], body: CampaignPatch
) -> CampaignShown:
    """Change what is sent of a campaign. It is decided again at once."""
    campaign, changes = campaign_of(request.auth, campaign_id), sent(body)
    if changes.get("schedule_id") != campaign.schedule_id:
        require_schedule(request.auth, changes.get("schedule_id"))
    require_free(campaign.brand_id, changes.get("external_id"), except_for=campaign)
    edit(campaign, changes, key=request.auth)
    return campaign_shown(campaign)


@router.get("/{campaign_id}/explain", auth=may_read("campaign"), response=ExplanationShown)
def explain_campaign(request: KeyRequest, campaign_id: Path[Id]) -> ExplanationShown:
    """Say why a campaign is paused, since when, and when it runs again."""
    campaign = campaign_of(request.auth, campaign_id)
    return explanation_shown(campaign, explain(campaign, now=timezone.now()))


@router.post("/{campaign_id}/hold", auth=may_change("campaign"), response=CampaignShown)
def hold_campaign(
    request: KeyRequest, campaign_id: Path[Id], body: Words | None = None
) -> CampaignShown:
    """Stop a campaign until it is released."""
    campaign = campaign_of(request.auth, campaign_id)
    holds.hold(campaign, **signature(request.auth, body))
    return campaign_shown(campaign)


@router.post("/{campaign_id}/release", auth=may_change("campaign"), response=CampaignShown)
def release_campaign(
    request: KeyRequest, campaign_id: Path[Id], body: Words | None = None
) -> CampaignShown:
    """Lift the hold of a campaign; it runs at once if no other reason is left."""
    campaign = campaign_of(request.auth, campaign_id)
    holds.release(campaign, **signature(request.auth, body))
    return campaign_shown(campaign)


def require_schedule(key: ApiKey, schedule_id: int | None) -> None:
    """Refuse a schedule that the key does not know. Raises `Problem`."""
    if (
        schedule_id is not None
        and not within(key, Schedule.objects.filter(pk=schedule_id)).exists()
    ):
        raise invalid("/schedule_id", f"There is no schedule {schedule_id}.")


def require_free(
    brand_id: int, external_id: str | None, *, except_for: Campaign | None = None
) -> None:
    """Refuse a reference that another campaign of the brand has. Raises `Problem`."""
    taken = Campaign.objects.filter(brand=brand_id, external_id=external_id)
    if except_for is not None:
        taken = taken.exclude(pk=except_for.pk)
    if external_id and taken.exists():
        raise conflict(
            "external_id_taken",
            f"Another campaign of brand {brand_id} has the external_id {external_id!r}.",
        )


def campaign_shown(campaign: Campaign) -> CampaignShown:
    return campaigns_shown([campaign], now=timezone.now())[0]
