"""A number that no column can hold is in no row, instead of an error of the database."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import ForeignKey, IntegerField
from django.db.models.fields.related_lookups import RelatedExact, RelatedIn
from django.db.models.lookups import In


def can_hold(column: Any, number: object, connection: Any) -> bool:
    """Say whether a column, or the one that it refers to, can hold the number."""
    column = getattr(column, "target_field", column)
    if not isinstance(column, IntegerField) or not isinstance(number, int):
        return True
    low, high = connection.ops.integer_field_range(column.get_internal_type())
    return bool(low <= number <= high)


class WithinRange(In):
    """Leaves out what the column cannot hold, as Django itself does for numbers and `exact`."""

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        if self.rhs_is_direct_value():
            column = self.lhs.output_field
            self.rhs = [n for n in self.rhs if can_hold(column, n, connection)]
        return super().process_rhs(compiler, connection)


@IntegerField.register_lookup
class IntegerIn(WithinRange):
    """One of some numbers."""


@ForeignKey.register_lookup
class RowIn(RelatedIn, WithinRange):
    """One of some rows, by their ids."""


@ForeignKey.register_lookup
class RowIs(RelatedExact):
    """One row, by its id."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if not can_hold(self.lhs.output_field, self.rhs, connection):
            raise EmptyResultSet
        return super().as_sql(compiler, connection)
