"""Who or what made us decide: carried into the `Change` that follows."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError

from budgets.models import Trigger
from budgets.models.change import NOTE_LENGTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """The trigger of a decision, the person behind it if any, and the person's words.

    Raises `ValidationError` for more words than the history keeps.
    """

    trigger: Trigger
    by_id: int | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if len(self.note) > NOTE_LENGTH:
            raise ValidationError(
                {"note": f"The note has {len(self.note)} characters; write {NOTE_LENGTH} at most."}
            )


_current: ContextVar[Cause | None] = ContextVar("cause of the edits being saved", default=None)


@contextmanager
def caused_by(
    by: AbstractBaseUser | None, *, trigger: Trigger = Trigger.EDIT, note: str = ""
) -> Iterator[None]:
    """Attribute every save within to a person. Doors wrap their edits in this."""
    token = _current.set(Cause(trigger=trigger, by_id=by.pk if by else None, note=note))
    try:
        yield
    finally:
        _current.reset(token)


def cause_of_edit() -> Cause:
    """Return the cause set by the door around this save, or a plain edit."""
    return _current.get() or Cause(trigger=Trigger.EDIT)
