"""Who or what made us decide: carried into the `Change` that follows."""

from dataclasses import dataclass

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
