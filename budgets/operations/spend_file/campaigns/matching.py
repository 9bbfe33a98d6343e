"""Match what reports call a campaign to one of ours, or leave it out: said once, kept, undone."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet

from budgets.models import Campaign, CampaignMatch
from budgets.models.ledger.campaign_match import LONGEST_IDENTIFIER
from budgets.models.locks import lock_decisions
from budgets.operations.database import id_rows, text_rows
from budgets.operations.spend_file.campaigns.match import (
    CannotMatch,
    Key,
    Match,
    campaigns_matched,
    refuse_ids_of_others,
    refuse_names_of_others,
    refuse_unstorable,
)
from budgets.operations.spend_file.campaigns.reference import Identifier

User = AbstractBaseUser | AnonymousUser


def match_campaigns(
    matches: Collection[Match],
    *,
    brand_id: int,
    by: User | None,
    now: datetime,
    within: QuerySet[Campaign] | None = None,
    replace: bool = False,
) -> int:
    """Keep what a person said of campaigns of one brand; return how many matches are new.

    All of them are kept or none. `within` are the campaigns that the person may name. What was
    matched otherwise before is replaced only where `replace` says so. Raises `CannotMatch`.
    """
    wanted = {match.key: match for match in matches}
    for match in matches:
        refuse_unstorable(match)
        if wanted[match.key].campaign_id != match.campaign_id:
            raise CannotMatch(f"{match} is matched twice, and not alike; choose one of the two.")
    with transaction.atomic():
        # Whoever moves or deletes a campaign of the brand holds this lock, too.
        lock_decisions([brand_id])
        campaigns = campaigns_matched(matches, brand_id=brand_id, within=within)
        refuse_ids_of_others(matches, brand_id=brand_id)
        refuse_names_of_others(matches, campaigns, brand_id=brand_id)
        before = matches_before(wanted, brand_id=brand_id)
        new = [match for key, match in wanted.items() if key not in before]
        other = [
            match
            for key, match in wanted.items()
            if key in before and before[key].campaign_id != match.campaign_id
        ]
        if other and not replace:
            was = before[other[0].key]
            raise CannotMatch(f"{other[0]} was matched before: {was.meaning}. Replace that?")
        for some, flag in ((new, ADDITION), (other, CHANGE)):
            rows = [row_of(match, campaigns, brand_id=brand_id, by=by, now=now) for match in some]
            log(write(rows), flag, by=by)
    return len(new) + len(other)


def forget_matches(matches: Iterable[CampaignMatch], *, by: User | None) -> None:
    """Undo matches: what the reports call the campaigns is unknown again."""
    rows = list(matches)
    with transaction.atomic():
        log(rows, DELETION, by=by)
        CampaignMatch.objects.filter(pk__in=id_rows(row.pk for row in rows)).delete()


def matches_before(wanted: Collection[Key], *, brand_id: int) -> dict[Key, CampaignMatch]:
    """Return what was said before of the same."""
    texts = text_rows({known_by.text for _, known_by in wanted})
    rows = CampaignMatch.objects.in_force().filter(brand=brand_id, identifier__in=texts)
    found = {
        (row.source, Identifier(row.identifier, row.is_name)): row
        for row in rows.select_related("campaign").order_by()
    }
    return {key: row for key, row in found.items() if key in wanted}


def row_of(
    match: Match,
    campaigns: Mapping[int, Campaign],
    *,
    brand_id: int,
    by: User | None,
    now: datetime,
) -> CampaignMatch:
    source, known_by = match.key
    return CampaignMatch(
        brand_id=brand_id,
        source=source,
        identifier=known_by.text,
        is_name=known_by.is_name,
        name=match.name[:LONGEST_IDENTIFIER],
        campaign=None if match.campaign_id is None else campaigns[match.campaign_id],
        by_id=by.pk if by else None,
        at=now,
    )


def write(rows: Collection[CampaignMatch]) -> list[CampaignMatch]:
    """Write the matches, each in the place of what was said of the same before."""
    return CampaignMatch.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["identifier", "source", "brand", "is_name"],
        update_fields=["name", "campaign", "by", "at"],
    )


def log(rows: Collection[CampaignMatch], flag: int, *, by: Any) -> None:
    """Write down who matched campaigns, or undid it; a match made in the shell has nobody."""
    if by is None:
        return
    content_type = ContentType.objects.get_for_model(CampaignMatch)
    LogEntry.objects.bulk_create(
        LogEntry(
            user_id=by.pk,
            content_type=content_type,
            object_id=str(row.pk),
            object_repr=str(row)[:200],
            action_flag=flag,
            change_message=row.meaning,
        )
        for row in rows
    )
