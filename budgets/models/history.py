"""History: what people's rows looked like after each edit, who made it and why."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Act(models.Model):
    """What a record says beside the row: the value of a `Trigger`, an edit, a hold, a release."""

    trigger = models.CharField(_("trigger"), max_length=10, default="edit", db_default="edit")

    class Meta:
        abstract = True


def history_without(columns: Iterable[str]) -> HistoricalRecords:
    """Keep the history of a model's rows, but for the columns that no person edits."""
    return HistoricalRecords(
        bases=(Act,),
        excluded_fields=sorted(columns),
        history_id_field=models.BigAutoField(primary_key=True),
        # A note is as long as people's notes are.
        history_change_reason_field=models.TextField(_("note"), default="", db_default=""),
    )
