"""Ctrl-K: brands, campaigns and pages, found from anywhere by a word or an id."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from unfold.dataclasses import SearchResult

from budgets.admin.base.scope import scope_of
from budgets.cells.names import plain
from budgets.models.lookups.search import MOST_CHARACTERS
from budgets.reports.found import brands_found, campaigns_found


def quick_search(request: HttpRequest) -> HttpResponse:
    """Answer what Unfold's palette asks while somebody types; fresh, unlike Unfold's own answer."""
    text = request.GET.get("s", "").replace("\0", "").strip()[:MOST_CHARACTERS]
    results = [*brands(request, text), *campaigns(request, text), *pages(request, text)]
    context = {"results": results, "text": text}
    return TemplateResponse(request, "budgets/quick_search.html", context)


def brands(request: HttpRequest, text: str) -> Iterator[SearchResult]:
    if not (text and request.user.has_perm("budgets.view_brand")):
        return
    for brand in brands_found(scope_of(request), text):
        yield SearchResult(
            title=brand.name,
            description=_("brand %(id)s · %(currency)s")
            % {"id": brand.pk, "currency": brand.currency},
            link=reverse("admin:budgets_brand_change", args=[brand.pk]),
            icon="storefront",
        )


def campaigns(request: HttpRequest, text: str) -> Iterator[SearchResult]:
    if not (text and request.user.has_perm("budgets.view_campaign")):
        return
    for campaign in campaigns_found(scope_of(request), text):
        words = _("campaign %(id)s of %(brand)s") % {"id": campaign.pk, "brand": campaign.brand}
        yield SearchResult(
            title=campaign.name,
            description=" · ".join(filter(None, (words, campaign.external_id))),
            link=reverse("admin:budgets_campaign_change", args=[campaign.pk]),
            icon="campaign",
        )


def pages(request: HttpRequest, text: str) -> Iterator[SearchResult]:
    """Yield the pages of the sidebar that the person may open, by their titles."""
    site: Any = admin.site
    for group in site.get_sidebar_list(request):
        for item in group["items"]:
            is_meant = text and plain(text) in plain(str(item["title"]))
            if is_meant and item.get("has_permission"):
                yield SearchResult(
                    title=str(item["title"]),
                    description=_("page"),
                    link=str(item["link"]),
                    icon=item.get("icon"),
                )
