"""Brands: list, read, create, change, hold and release."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import Q
from django.http import HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import AwareDatetime, Field

from budgets.access.scope import within
from budgets.api.edits import Words, add, created, edit, sent, signature
from budgets.api.fields import ABSENT, DATES, Amount, Budget, Dates, Id, Input, Name, Search
from budgets.api.http.idempotency import Created, IdempotencyKey, once
from budgets.api.http.keys import KeyRequest, may_add, may_change, may_read
from budgets.api.http.pages import Page, Pages, page_of
from budgets.api.http.requests import JSON, SMALL_BYTES, accepts
from budgets.api.scope import brand_of, require_all_brands
from budgets.cells.names import plain
from budgets.models import Brand
from budgets.operations import holds
from budgets.reports.figures import brand_figures_for

router = Router(tags=["brands"])
router.add_decorator(accepts(JSON, most_bytes=SMALL_BYTES), mode="view")


Handed = Literal["none", "unspent", "both"]


class BrandShown(Schema):
    """A brand; spend is that of its own current day and month.

    `carried` is what the month before handed to this one: the month may spend `monthly_budget` and
    that. `rollover` says what this month will hand on, at most `rollover_cap` either way.
    `exceptions` are dates on which all its campaigns have other hours, a date a line.
    """

    id: Id
    name: str
    currency: str
    timezone: str
    daily_budget: Amount | None
    monthly_budget: Amount | None
    rollover: Handed
    rollover_cap: Amount | None
    carried: Amount
    exceptions: str = Field(examples=[DATES])
    is_held: bool
    daily_spend: Amount
    monthly_spend: Amount
    running_campaigns: int
    paused_campaigns: int
    created_at: AwareDatetime


class BrandPage(Page[BrandShown]):
    """One page of brands."""


class BrandFilters(Schema):
    """Which brands."""

    name: Search | None = Field(
        None, description="Part of the name; case and accents do not matter."
    )
    currency: Search | None = None
    is_held: bool | None = None

    @property
    def condition(self) -> Q:
        condition = Q()
        if self.name is not None:
            condition &= Q(name__plain__contains=plain(self.name))
        if self.currency is not None:
            condition &= Q(currency=self.currency)
        if self.is_held is not None:
            condition &= Q(is_held=self.is_held)
        return condition


class NewBrand(Input):
    """A brand to create."""

    name: Name
    currency: Name = "USD"
    timezone: Name = "UTC"
    daily_budget: Budget | None = None
    monthly_budget: Budget | None = None
    rollover: Handed = "none"
    rollover_cap: Budget | None = None
    exceptions: Dates = Field("", examples=[DATES])
    is_held: bool = False


class BrandPatch(Input):
    """What to change of a brand. Null clears a budget; what is left out stays."""

    name: Name = ABSENT
    currency: Name = ABSENT
    timezone: Name = ABSENT
    daily_budget: Budget | None = None
    monthly_budget: Budget | None = None
    rollover: Handed = ABSENT
    rollover_cap: Budget | None = None
    exceptions: Dates = Field(ABSENT, examples=[DATES])


@router.get("", auth=may_read("brand"), response=BrandPage)
def list_brands(request: KeyRequest, paging: Pages, filters: Query[BrandFilters]) -> BrandPage:
    """List brands in the order they were created."""
    page = page_of(within(request.auth, Brand.objects.filter(filters.condition)), paging)
    return BrandPage(
        items=brands_shown(page.items, now=timezone.now()), next_cursor=page.next_cursor
    )


@router.post("", auth=may_add("brand"), response={201: BrandShown})
def create_brand(
    request: KeyRequest, body: NewBrand, idempotency_key: IdempotencyKey
) -> HttpResponse:
    """Create a brand. Only a key for all brands may: no limited key would reach it."""
    require_all_brands(request.auth, "create brands")

    def create() -> Created:
        brand = Brand(**body.model_dump())
        add(brand, key=request.auth)
        return created(brand_shown(brand), f"{request.path}/{brand.pk}")

    return once(request, idempotency_key, create, now=timezone.now())


@router.get("/{brand_id}", auth=may_read("brand"), response=BrandShown)
def read_brand(request: KeyRequest, brand_id: Path[Id]) -> BrandShown:
    """Read one brand."""
    return brand_shown(brand_of(request.auth, brand_id))


@router.patch("/{brand_id}", auth=may_change("brand"), response=BrandShown)
def change_brand(request: KeyRequest, brand_id: Path[Id], body: BrandPatch) -> BrandShown:
    """Change what is sent of a brand. Its campaigns are decided again at once."""
    brand = brand_of(request.auth, brand_id)
    edit(brand, sent(body), key=request.auth)
    return brand_shown(brand)


@router.post("/{brand_id}/hold", auth=may_change("brand"), response=BrandShown)
def hold_brand(request: KeyRequest, brand_id: Path[Id], body: Words | None = None) -> BrandShown:
    """Stop every campaign of a brand until it is released."""
    brand = brand_of(request.auth, brand_id)
    holds.hold(brand, **signature(request.auth, body))
    return brand_shown(brand)


@router.post("/{brand_id}/release", auth=may_change("brand"), response=BrandShown)
def release_brand(request: KeyRequest, brand_id: Path[Id], body: Words | None = None) -> BrandShown:
    """Lift the hold of a brand; campaigns with no other reason to pause run at once."""
    brand = brand_of(request.auth, brand_id)
    holds.release(brand, **signature(request.auth, body))
    return brand_shown(brand)


def brand_shown(brand: Brand) -> BrandShown:
    return brands_shown([brand], now=timezone.now())[0]


def brands_shown(brands: Any, *, now: datetime) -> list[BrandShown]:
    figures = brand_figures_for(brands, now=now)
    return [
        BrandShown(
            id=brand.pk,
            name=brand.name,
            currency=brand.currency,
            timezone=brand.timezone,
            daily_budget=brand.daily_budget,
            monthly_budget=brand.monthly_budget,
            rollover=brand.rollover,
            rollover_cap=brand.rollover_cap,
            carried=figures[brand.pk].month.carried,
            exceptions=brand.exceptions,
            is_held=brand.is_held,
            daily_spend=figures[brand.pk].today.spent,
            monthly_spend=figures[brand.pk].month.spent,
            running_campaigns=figures[brand.pk].running,
            paused_campaigns=figures[brand.pk].paused,
            created_at=brand.created_at,
        )
        for brand in brands
    ]
