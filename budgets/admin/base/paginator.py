"""A paginator that never counts a whole big table."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # the admin passes any query
    """Counts up to a bound: past it a page number helps nobody, a filter does."""

    template_name = "budgets/pagination.html"
    bound = 10_000

    @cached_property
    def count(self) -> int:
        """The number of rows, at most one more than the bound."""
        return int(self.object_list.order_by()[: self.bound + 1].count())  # type: ignore[attr-defined]  # always a query here

    @property
    def is_bounded(self) -> bool:
        """Whether there are more rows than were counted."""
        return self.count > self.bound
