"""The one way in which rows that people edit are saved and deleted.

Whoever edits says which rows, who does it, when and why. An edit is one transaction: it takes the
locks of the brands concerned, validates and writes each row with its record in the audit trail, and
decides the brands once at the end. A bare `row.save()` comes here too, with nobody's name.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction

from budgets.models import Campaign, Change, Spend, Trigger
from budgets.models.change import Cause
from budgets.models.editable import Editable, SavedAsEdit
from budgets.models.locks import lock_brands
from budgets.operations.database import id_rows
from budgets.operations.edits.dating import begin_due_of, check_deletable, dated
from budgets.operations.edits.history import CHANGED, record, record_what_was
from budgets.operations.ingest.manual_totals import book_saved_day
from budgets.operations.reconcile import settle
from budgets.rules.clock import Clock
from budgets.rules.reasons import NO_REASON

User = AbstractBaseUser | AnonymousUser


@dataclass(slots=True)
class Edit:
    """An edit under way. `change_ids` are the transitions it led to, once it has ended."""

    cause: Cause
    now: datetime
    """When it is made: with a clock, when its last lock was taken."""
    clock: Clock | None
    brand_ids: set[int]
    """Whose locks are held, and who is decided at the end."""
    saved: list[SavedAsEdit] = field(default_factory=list)
    change_ids: list[int] = field(default_factory=list)
    new_ids: list[int] = field(default_factory=list)
    """Of the campaigns that it makes."""
    has_turned: bool = False
    """Whether dated budgets of its brands were due, which may concern any campaign."""

    def save(self, row: SavedAsEdit, *, update_fields: Any = None, **options: Any) -> None:
        """Validate and write a new row, the fields named, or what was changed on the instance.

        Where nothing was changed nothing is written, and recorded only if there is a note to keep.
        Raises `ValidationError`.
        """
        self.lock(row.brands_concerned())
        is_new = row._state.adding
        stored = row if isinstance(row, Editable) and row.pk and not is_new else None
        fields = stored.fields_to_write(update_fields) if stored else set()
        with self.signed(row), dated(row, fields, now=self.now):
            if stored:
                self.record_before_writing(stored, fields)
            row.write(update_fields=update_fields, **options)
        if is_new and isinstance(row, Campaign):
            self.new_ids.append(row.pk)
        if isinstance(row, Spend) and (update_fields is None or "amount" in update_fields):
            book_saved_day(row, now=self.now)
        self.brand_ids |= row.brands_concerned()
        self.saved.append(row)

    def record_before_writing(self, row: Editable, fields: set[str]) -> None:
        """Record what the row was, and a note that comes with no change to record it with."""
        if fields or self.cause.note:
            record_what_was(row, now=self.now, cause=self.cause)
        if not fields and self.cause.note:
            stored = type(row)._base_manager.get(pk=row.pk)
            record(stored, CHANGED, at=self.now, cause=self.cause)

    def delete(self, row: Editable) -> tuple[int, dict[str, int]]:
        """Delete a row; return what went with it. Raises `ProtectedError` where others need it."""
        self.lock(row.brands_concerned())
        check_deletable(row, now=self.now)
        with self.signed(row):
            return row.erase()

    def lock(self, brand_ids: Collection[int]) -> None:
        """Hold these brands too, until the transaction ends."""
        new = set(brand_ids) - self.brand_ids
        if new:
            lock_brands(new)
            self.brand_ids |= new
            self.now = self.clock() if self.clock else self.now
            self.has_turned |= begin_due_of(new, now=self.now)

    @contextmanager
    def signed(self, row: Any) -> Iterator[None]:
        """Let the record that is written with the row say who edits it, when and why."""
        row._cause, row._history_date = self.cause, self.now
        try:
            yield
        finally:
            del row._cause, row._history_date

    def decide(self) -> None:
        """Decide what the edit concerns: the campaign alone, if it is of one campaign."""
        (only,) = self.saved if len(self.saved) == 1 and not self.has_turned else (None,)
        campaign = only if isinstance(only, Campaign) else None
        self.change_ids = settle(
            now=self.now,
            clock=self.clock,
            cause=self.cause,
            brand_ids=self.brand_ids,
            campaign=campaign,
        )
        if self.new_ids:
            # They did not run before, though no reason kept them: nobody reads that they stopped.
            written = Change.objects.filter(pk__in=id_rows(self.change_ids), before=int(NO_REASON))
            written.filter(campaign__in=id_rows(self.new_ids)).update(trigger=Trigger.NEW)
        if campaign:
            campaign.refresh_from_db(fields=["reasons"])


def concerned(rows: Collection[SavedAsEdit]) -> set[int]:
    """Return the brands of the rows, whose locks are taken together and before any write."""
    return {brand_id for row in rows for brand_id in row.brands_concerned()}


def decide_due(rows: Collection[SavedAsEdit], *, now: datetime, clock: Clock | None = None) -> None:
    """Decide what is due anyway for the brands, or the one campaign, of an edit about to be made.

    A campaign whose hours have just ended is not stopped by the edit. Must be called inside a
    transaction and before any of its writes.
    """
    brand_ids = concerned(rows)
    lock_brands(brand_ids)
    (only,) = rows if len(rows) == 1 else (None,)
    # As stored: the edit may move the campaign to another brand.
    campaign = Campaign.objects.get(pk=only.pk) if isinstance(only, Campaign) else None
    cause = Cause(trigger=Trigger.TICK)
    settle(now=now, clock=clock, cause=cause, brand_ids=brand_ids, campaign=campaign)


@contextmanager
def editing(
    *,
    by: User | None,
    now: datetime,
    note: str = "",
    brand_ids: Iterable[int] = (),
    clock: Clock | None = None,
) -> Iterator[Edit]:
    """Save and delete rows as one edit: one transaction, decided once, one change a campaign.

    Whoever edits rows of several brands names all `brand_ids` beforehand, so that two such edits
    cannot wait for each other, and saves campaigns in the order of their ids. Given a clock, the
    edit is made and decided for what it shows once the locks are held.
    """
    cause = Cause(trigger=Trigger.EDIT, by_id=by.pk if by else None, note=note)
    with transaction.atomic():
        edit = Edit(cause, now, clock, set())
        edit.lock(set(brand_ids))
        yield edit
        edit.decide()


def save(
    rows: Collection[SavedAsEdit],
    *,
    by: User | None,
    now: datetime,
    note: str = "",
    update_fields: Any = None,
    clock: Clock | None = None,
    **options: Any,
) -> list[int]:
    """Save these rows as one edit; return the ids of the changes that followed.

    `by` is the person, `now` an aware instant, `note` why, for the history. `update_fields` are the
    fields to write; without them what was changed on each instance. `clock` is as for `editing`.
    Raises `ValidationError` and writes nothing when a row is refused.
    """
    with editing(by=by, now=now, clock=clock, note=note, brand_ids=concerned(rows)) as edit:
        for row in rows:
            edit.save(row, update_fields=update_fields, **options)
    return edit.change_ids


def delete(
    rows: Collection[Editable],
    *,
    by: User | None,
    now: datetime,
    note: str = "",
    clock: Clock | None = None,
) -> list[int]:
    """Delete these rows as one edit; return the ids of the changes that followed."""
    with editing(by=by, now=now, clock=clock, note=note, brand_ids=concerned(rows)) as edit:
        for row in rows:
            edit.delete(row)
    return edit.change_ids
