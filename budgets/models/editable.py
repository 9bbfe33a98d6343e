"""How people's rows are saved: validated, in one transaction with what follows from the edit."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.db import models, transaction

from budgets.models.locks import lock_brands


class Editable(models.Model):
    """A row that people edit and decisions depend on.

    A save validates the row, takes the locks of the brands it concerns and sends `post_save`
    inside the same transaction, where operations reconcile. A save writes what was changed on this
    instance and nothing else, and never a column that operations own: what was read an hour ago
    cannot bring back an old counter, budget or hold.
    """

    operations_own: ClassVar[frozenset[str]] = frozenset()
    _as_read: dict[str, Any]

    class Meta:
        abstract = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._as_read = {}
        super().__init__(*args, **kwargs)

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        with transaction.atomic():
            lock_brands(self.brands_concerned())
            if self.pk is None or self._state.adding:
                self.forget_operations()
            elif update_fields is None:
                # A save without a change is decided like any other, so it has to write something.
                update_fields = self.fields_changed() or {"name"}
            else:
                update_fields = set(update_fields) - self.operations_own
            self.full_clean(exclude=self.operations_own)
            super().save(*args, update_fields=update_fields, **kwargs)
            self.remember()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            lock_brands(self.brands_concerned())
            return super().delete(*args, **kwargs)

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        row = super().from_db(*args, **kwargs)
        row.remember()
        return row

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        self.remember()

    def brands_concerned(self) -> set[int]:
        """Return the ids of the brands whose decisions an edit of this row can change."""
        raise NotImplementedError

    def remember(self) -> None:
        """Note the values as they are in the database."""
        self._as_read = {
            field.attname: self.__dict__[field.attname]
            for field in self._meta.concrete_fields
            if field.attname in self.__dict__
        }

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
