"""A number that no column can hold is in no row, instead of an error of the database."""

from typing import Any

from django.db.models import ForeignKey, IntegerField
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In


class WithinRange(In):
    """Leaves out what the column cannot hold, as Django itself does for `exact`."""

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        column = getattr(self.lhs.output_field, "target_field", self.lhs.output_field)
        if self.rhs_is_direct_value() and isinstance(column, IntegerField):
            low, high = connection.ops.integer_field_range(column.get_internal_type())
            self.rhs = [n for n in self.rhs if not isinstance(n, int) or low <= n <= high]
        return super().process_rhs(compiler, connection)


@IntegerField.register_lookup
class IntegerIn(WithinRange):
    """One of some numbers."""


@ForeignKey.register_lookup
class RowIn(RelatedIn, WithinRange):
    """One of some rows, by their ids."""
