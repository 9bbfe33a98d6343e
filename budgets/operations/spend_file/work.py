"""An uploaded file of spend as jobs: its preview, and its import."""

from typing import Any

from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from budgets.access.scope import scope_of_user, within
from budgets.models import Campaign, Job, Spend, Trigger
from budgets.models.change import NOTE_LENGTH, Cause
from budgets.operations.jobs.files import REFUSED, uploaded
from budgets.operations.jobs.kinds import JobRefused, does
from budgets.operations.jobs.progress import Progress
from budgets.operations.spend_file.campaigns.suggestions import Suggestion, suggestions
from budgets.operations.spend_file.facts import printable, result_facts
from budgets.operations.spend_file.given import Given, Unanswered
from budgets.operations.spend_file.header.inspection import Inspection, inspect
from budgets.operations.spend_file.load import Callbacks, import_file
from budgets.operations.spend_file.refused_file import refused_file
from budgets.operations.spend_file.rehearsal import rehearse
from budgets.operations.spend_file.result import Result
from budgets.sheets.records import BadFile

PREVIEW, IMPORT = "spend_preview", "spend_import"


@does(PREVIEW, is_preview=True)
def preview(job: Job, progress: Progress) -> dict[str, Any]:
    """Return what importing the file would do, or what must be answered before.

    The refused rows become a file.
    """
    try:
        result = gone_through(job, progress, dry_run=True)
    except Unanswered as unanswered:
        asked = {"questions": sorted(unanswered.questions), "message": printable(str(unanswered))}
        return asked | first_rows(job)
    facts = result_facts(result, dry_run=True) | seen_facts(result.origin.seen)
    return facts | {"suggestions": suggested(job, result)}


def suggested(job: Job, result: Result) -> list[list[dict[str, Any]]]:
    """Return, for each campaign that a person can match, those of ours that it may be."""
    unmatched, within = list(result.unmatched), campaigns_of(job)
    found: dict[int, list[Suggestion]] = {}
    for brand_id in {each.brand_id for each in unmatched if each.brand_id is not None}:
        of_brand = [at for at, each in enumerate(unmatched) if each.brand_id == brand_id]
        some = suggestions([unmatched[at] for at in of_brand], brand_id=brand_id, within=within)
        found |= dict(zip(of_brand, some, strict=True))
    return [[each._asdict() for each in found.get(at, [])] for at in range(len(unmatched))]


def first_rows(job: Job) -> dict[str, Any]:
    """Look once more at a file that could not be read on."""
    try:
        return seen_facts(inspect(uploaded(job), Given.read(job.arguments["given"])))
    except BadFile:
        return {}


def seen_facts(seen: Inspection | None) -> dict[str, Any]:
    """Return what a person needs to see to say what the columns are."""
    if seen is None:
        return {}
    return {
        "seen": {
            "header": [printable(cell) for cell in seen.header.cells],
            "header_line": seen.header.number,
            "samples": [[printable(cell) for cell in line.cells] for line in seen.samples],
            "columns": {role: printable(text) for role, text in seen.columns.items()},
        }
    }


@does(IMPORT)
def import_upload(job: Job, progress: Progress) -> dict[str, Any]:
    """Import the file; its refused rows become a file. Again, it changes nothing."""
    try:
        result = gone_through(job, progress, dry_run=False)
    except Unanswered as question:  # what was remembered at the preview was forgotten since
        raise JobRefused(str(question)) from None
    log_import(job, result)
    return result_facts(result, dry_run=False)


def gone_through(job: Job, progress: Progress, *, dry_run: bool) -> Result:
    """Read the file as the person who uploaded it may. Raises `JobRefused`."""
    campaigns, path = campaigns_of(job), uploaded(job)
    given = Given.read(job.arguments["given"])
    try:
        with refused_file(job.folder / REFUSED) as write:
            callbacks = Callbacks(write, lambda rows, share: progress(share, f"{rows:,}"))
            if dry_run:
                return rehearse(
                    path, now=progress.clock(), given=given, within=campaigns, callbacks=callbacks
                )
            return import_file(
                path,
                clock=progress.clock,
                given=given,
                within=campaigns,
                cause=cause_of(job),
                callbacks=callbacks,
            )
    except Unanswered:
        raise
    except BadFile as error:
        raise JobRefused(str(error)) from None


def campaigns_of(job: Job) -> QuerySet[Campaign]:
    """Return the campaigns that the person may record spend of, now. Raises `JobRefused`."""
    return within(scope_of_user(person_of(job)), Campaign.objects.all())


def person_of(job: Job) -> User:
    """Return who uploaded the file, if they may still record spend. Raises `JobRefused`."""
    person = job.asked_by
    if person is None or not person.has_perm("budgets.add_spend"):
        raise JobRefused("Who asked for this may not record spend any more.")
    return person


def cause_of(job: Job) -> Cause:
    note = f"{_('Import of')} {job.title}"[:NOTE_LENGTH]
    return Cause(trigger=Trigger.SPEND, by_id=job.asked_by_id, note=note)


def log_import(job: Job, result: Result) -> None:
    """Write down in the history of the admin who imported what."""
    LogEntry.objects.create(
        user=person_of(job),
        content_type=ContentType.objects.get_for_model(Spend),
        object_repr=job.title,
        action_flag=ADDITION,
        change_message=_("Imported %(file)s: %(new)s new, %(known)s known, %(refused)s refused.")
        % {
            "file": job.title,
            "new": f"{result.accepted:,}",
            "known": f"{result.duplicates:,}",
            "refused": f"{result.refused:,}",
        },
    )
