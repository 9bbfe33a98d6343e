"""What a file of dated budgets holds: a brand, or a campaign, a period, an amount and its days."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field

from budgets.access.setters import check_may_set
from budgets.admin.import_export.columns import (
    AmountColumn,
    DayColumn,
    IdColumn,
    RowColumn,
    TextColumn,
)
from budgets.admin.import_export.edit_resource import EditResource
from budgets.admin.import_export.resources import column
from budgets.admin.import_export.tables import shown
from budgets.models import DatedBudget, Period
from budgets.operations.edits.dating import refuse_past_start
from budgets.reports.dated_budgets import lines


class PeriodColumn(TextColumn):
    """“day” or “month”."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = super().clean(value).lower()
        if text not in Period.values:
            raise ValueError(_("Write “day” or “month”, not “%(text)s”.") % {"text": text})
        return text


class DatedBudgetResource(EditResource):
    """Budgets over time: those planned, and with them what was and is in force."""

    id = column("id", IdColumn(), readonly=True)
    brand = column("brand", RowColumn(gettext_lazy("brand")))
    campaign = column("campaign", RowColumn(gettext_lazy("campaign")))
    period = column("period", PeriodColumn())
    amount = column("amount", AmountColumn())
    currency = Field(attribute="brand__currency", column_name="currency", readonly=True)
    starts_on = column("starts_on", DayColumn())
    ends_on = column("ends_on", DayColumn())
    state = shown("state_now", "state_in_words", TextColumn())

    shown_only = ("state_now",)

    class Meta(EditResource.Meta):
        model = DatedBudget
        fields = (
            "id",
            "brand",
            "campaign",
            "period",
            "amount",
            "currency",
            "starts_on",
            "ends_on",
            "state",
        )
        name = gettext_lazy("Budgets over time")

    def iter_queryset(self, queryset: Any) -> Iterator[DatedBudget]:
        """Tell where the rows stand, many at once."""
        rows = super().iter_queryset(queryset)
        while some := list(islice(rows, self.get_chunk_size())):
            for line in lines(some, now=self.now) if self.now else ():
                line.row.state_in_words = str(line.state.label)  # type: ignore[attr-defined]  # for the column
            yield from some

    def currency_of(self, instance: DatedBudget) -> str:
        return instance.brand.currency if instance.brand_id else ""

    def import_field(
        self, field: Field, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any
    ) -> None:
        """Know the brand, and so the currency, before the amount is read."""
        super().import_field(field, instance, row, is_m2m, **kwargs)
        if field.attribute == "campaign":
            instance.fill_in_brand()

    def import_instance(self, instance: DatedBudget, row: Any, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        if not instance.brand_id:
            text = _("Name a campaign, or a brand for all of its campaigns together.")
            raise ValidationError({"brand": text})
        self.refuse_other_currency(instance, row)
        if not instance.pk or instance.fields_changed():
            check_may_set(self.batch.by, instance.of)
        if instance.starts_on is not None:
            refuse_past_start(instance, now=self.batch.now)
