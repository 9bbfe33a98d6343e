"""Column mapping: what somebody said the columns of files with a set of columns are."""

from django.conf import settings
from django.db import models


class ColumnMapping(models.Model):
    """A choice of columns for every file that has the same set of them."""

    digest = models.CharField(max_length=32, primary_key=True)
    """Of the set of columns, in whatever order they stand."""
    columns = models.JSONField()
    """The header over each of our columns."""
    source = models.CharField(max_length=50, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    chosen_at = models.DateTimeField()

    def __str__(self) -> str:
        return ", ".join(f"{ours} = {theirs}" for ours, theirs in self.columns.items())
