"""Seal the credentials of platform accounts anew, with the newest key."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError

from budgets.management.reporting import Answer, ReportingCommand
from budgets.operations.platforms.connect import seal_all_anew


class Command(ReportingCommand):
    """Seal with the first key of CREDENTIAL_KEYS whatever any of them opens."""

    help = (
        "Seal the credentials of platform accounts with the first key of CREDENTIAL_KEYS. Put a "
        "new key in front, restart, run this, and take the old key away."
    )
    writes = True

    def run(self, *, dry_run: bool, **_: Any) -> Answer:
        found = seal_all_anew(dry_run=dry_run)
        if found.lost:
            raise CommandError(
                "No key of CREDENTIAL_KEYS opens the credentials of "
                f"{', '.join(found.lost)}: add the key that sealed them, or enter them again. "
                + ("" if dry_run else f"The others ({found.accounts}) are sealed anew.")
            )
        done = "Would seal" if dry_run else "Sealed"
        words = f"{done} the credentials of {found.accounts:,} accounts with the first key."
        return {"dry_run": dry_run, **asdict(found)}, words
