"""Explain a campaign: why is it paused, and when does it run again?"""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from budgets.management.reporting import Answer, ReportingCommand
from budgets.models import Campaign
from budgets.models.campaign import CampaignQuerySet
from budgets.reports.explain import Explanation, ReasonExplained, explain
from budgets.reports.words import local_time
from budgets.rules.clock import LocalClock

CAMPAIGNS_LISTED = 10
MAX_ID = 2**63 - 1


class Command(ReportingCommand):
    """Tell why a campaign runs or does not, as the rules decide it now."""

    help = "Tell why a campaign is paused, since when, and when it runs again."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("campaign", help="its ID or its exact name")

    def run(self, *, campaign: str, **_: Any) -> Answer:
        found = the_campaign(campaign)
        explanation = explain(found, now=timezone.now())
        return explanation_facts(found, explanation), explanation_in_words(found, explanation)


def the_campaign(text: str) -> Campaign:
    """Return the one campaign with this ID or, failing that, this name."""
    campaigns = Campaign.objects.select_related("brand", "schedule")
    found = list(by_id(campaigns, text) or campaigns.filter(name=text)[: CAMPAIGNS_LISTED + 1])
    if not found:
        raise CommandError(f"There is no campaign with the ID or exact name {text!r}.")
    if len(found) > 1:
        several = "; ".join(f"{one.pk} ({one.brand})" for one in found[:CAMPAIGNS_LISTED])
        raise CommandError(f"Several campaigns are named {text!r}; give an ID: {several}.")
    return found[0]


def by_id(campaigns: CampaignQuerySet, text: str) -> CampaignQuerySet:
    is_id = text.isascii() and text.isdigit() and int(text) <= MAX_ID
    return campaigns.filter(pk=int(text)) if is_id else campaigns.none()


def explanation_facts(campaign: Campaign, explanation: Explanation) -> dict[str, Any]:
    """Return the explanation for programs; instants in UTC."""
    return {
        "campaign": campaign.pk,
        "name": campaign.name,
        "brand": campaign.brand.name,
        "status": explanation.status,
        "sentence": explanation.sentence,
        "resumes_at": explanation.resumes_at and explanation.resumes_at.isoformat(),
        "reasons": [
            {
                "reason": reason.reason.name,
                "since": reason.since.isoformat(),
                "detail": reason.detail,
                "clears_at": reason.clears_at and reason.clears_at.isoformat(),
            }
            for reason in explanation.reasons
        ],
    }


def explanation_in_words(campaign: Campaign, explanation: Explanation) -> str:
    """Return the explanation for people, in the brand's local time."""
    clock = campaign.brand.clock
    return "\n".join(
        [
            f"{campaign.brand} / {campaign} ({campaign.pk}): {explanation.sentence}",
            *(line(reason, clock) for reason in explanation.reasons),
        ]
    )


def line(reason: ReasonExplained, clock: LocalClock) -> str:
    end = local_time(reason.clears_at, clock) if reason.clears_at else "a person lifts it"
    return f"  {reason.detail} Since {local_time(reason.since, clock)}, until {end}."
