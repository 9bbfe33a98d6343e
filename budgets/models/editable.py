"""Rows that people edit: validated and written by the one operation that saves edits."""

from collections.abc import Iterable
from typing import Any, ClassVar, Protocol, Self, TypeVar

from django.db import models
from django.utils import timezone

Row = TypeVar("Row", bound=models.Model)


class EditOperation(Protocol):
    """What `operations.edits` does when a row is saved or deleted by itself, as in the shell."""

    def save(self, rows: Any, *, by: None, now: Any, **options: Any) -> Any: ...

    def editing(self, *, by: None, now: Any, clock: Any) -> Any: ...


class SavedAsEdit(models.Model):
    """A row whose `save()` goes through `operations.edits`, as every edit in the admin does.

    `save()` itself is for the shell and for scripts: an edit of this moment that nobody signs.
    """

    operation: ClassVar[EditOperation]
    """Set when Django starts: models do not import operations."""

    class Meta:
        abstract = True

    def save(self, **options: Any) -> None:
        now = timezone.now()
        self.operation.save([self], by=None, now=now, clock=timezone.now, **options)

    def write(self, **options: Any) -> None:
        """Write the row; only the operation calls it, which holds the locks and decides after."""
        super().save(**options)

    def brands_concerned(self) -> set[int]:
        """Return the ids of the brands whose decisions an edit of this row can change."""
        raise NotImplementedError


class KeptQuerySet(models.QuerySet[Row]):
    """Rows of which some are kept for ever."""

    def on_record(self) -> Self:
        """Rows that something points to which stays on record."""
        kept = models.Q(pk__in=[])
        model: Any = self.model
        for name in model.kept_by:
            relation: Any = model._meta.get_field(name)
            rows = relation.related_model._base_manager.filter(
                **{relation.field.name: models.OuterRef("pk")}
            )
            kept |= models.Q(models.Exists(rows))
        return self.filter(kept)

    def delete(self) -> tuple[int, dict[str, int]]:
        kept: Any = self.on_record().first()
        if kept is not None:
            raise models.ProtectedError(kept.kept_because(), {kept})
        return super().delete()


class Editable(SavedAsEdit):
    """A row that people edit and decisions depend on.

    It is validated whenever it is written. What is written is what was changed on this instance
    and nothing else, and never a column that operations own: what was read an hour ago cannot
    bring back an old counter, budget or hold.
    """

    operations_own: ClassVar[frozenset[str]] = frozenset()
    kept_by: ClassVar[tuple[str, ...]] = ()
    """The relations whose rows keep this one from being deleted: the history of money stays."""
    why_kept: ClassVar[Any] = ""

    _as_read: dict[str, Any]

    class Meta:
        abstract = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._as_read = {}
        super().__init__(*args, **kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:  # type: ignore[override]  # it takes no options
        now = timezone.now()
        with self.operation.editing(by=None, now=now, clock=timezone.now) as edit:
            deleted: tuple[int, dict[str, int]] = edit.delete(self)
        return deleted

    def write(self, *, update_fields: Any = None, **options: Any) -> None:
        if self.pk is None or self._state.adding:
            self.forget_operations()
        else:
            # None of them: nothing is written, and no record of it.
            update_fields = self.fields_to_write(update_fields)
        self.full_clean(exclude=self.operations_own)
        super().write(update_fields=update_fields, **options)
        self.remember()

    def fields_to_write(self, update_fields: Iterable[str] | None = None) -> set[str]:
        """Return what a save of a stored row writes: the fields named, or what was changed."""
        if update_fields is None:
            return self.fields_changed()
        return set(update_fields) - self.operations_own

    def erase(self) -> tuple[int, dict[str, int]]:
        """Delete the row; only the operation calls it, which holds the locks and decides after.

        Raises `ProtectedError` where the history of money needs it.
        """
        if self.is_on_record():
            raise models.ProtectedError(self.kept_because(), {self})
        return super().delete()

    def is_on_record(self) -> bool:
        """Return whether anything that stays on record is about this row."""
        rows: KeptQuerySet[Self] = KeptQuerySet(model=type(self))
        return bool(self.kept_by) and rows.filter(pk=self.pk).on_record().exists()

    def kept_because(self) -> str:
        """Say to people why the row is not deleted, and what to do instead."""
        return str(self.why_kept % {"name": self})

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        row = super().from_db(*args, **kwargs)
        row.remember()
        return row

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        self.remember()

    def remember(self) -> None:
        self._as_read = {
            field.attname: self.__dict__[field.attname]
            for field in self._meta.concrete_fields
            if field.attname in self.__dict__
        }

    def as_read(self, attname: str) -> Any:
        """Return the value of a column as it was when the row was read."""
        return self._as_read.get(attname)

    def fields_changed(self) -> set[str]:
        """Return what a person changed since the row was read.

        Writing only that, a row read an hour ago undoes nobody's hold or budget of meanwhile.
        """
        unknown = object()
        return {
            field.name
            for field in self._meta.concrete_fields
            if field.attname in self.__dict__
            and not field.primary_key
            and self.__dict__[field.attname] != self._as_read.get(field.attname, unknown)
        } - self.operations_own

    def forget_operations(self) -> None:
        """Start a new row, or a copy of one, with nothing spent and nothing decided."""
        for field in self._meta.concrete_fields:
            if field.name in self.operations_own:
                setattr(self, field.attname, field.get_default())
