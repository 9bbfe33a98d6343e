"""What a file of brands, schedules or campaigns holds, and how its rows become edits.

A row with an id edits that row, one without makes a new one; a campaign may also be named by its
brand and external ID. Columns that are not in the file are left alone, columns that only
operations write are not in it at all.
"""

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.results import Result

from budgets.admin.import_export.batch import ImportBatch, changed_columns, tidy
from budgets.admin.import_export.columns import AmountColumn, DayColumn, RowColumn, TextColumn
from budgets.models import Brand, Campaign, Schedule


def column(name: str, widget: Any, **options: Any) -> Field:
    """Return a column that is named like what it holds."""
    return Field(attribute=name, column_name=name, widget=widget, **options)


class ImportResult(Result):
    """What became of the lines of a file, with the edits behind them."""

    batch: ImportBatch | None = None


class EditResource(ModelResource):
    """Rows that are saved one by one, as if a person typed them, all or none."""

    class Meta:
        use_transactions = True
        skip_diff = True
        report_skipped = False
        import_id_fields = ()

    def __init__(self, *, batch: ImportBatch | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.batch: Any = batch
        for field in self.fields.values():
            if batch and isinstance(field.widget, RowColumn):
                field.widget.rows = batch.rows_of[field.attribute]

    def import_data_inner(
        self, dataset: Any, dry_run: bool, raise_errors: bool, *args: Any, **kwargs: Any
    ) -> Any:
        try:
            tidy(dataset, [field.column_name for field in self.fields.values()])
        except ValidationError as error:
            result = self.get_result_class()()
            result.append_base_error(self.get_error_result_class()(error))
            return result
        save_rows = partial(
            super().import_data_inner, dataset, dry_run, raise_errors, *args, **kwargs
        )
        result = self.batch.run(
            save_rows,
            targets=[row for row in map(self.target_of, dataset.dict) if row],
            brands=[brand for brand in map(self.brand_named, dataset.dict) if brand],
            is_dry_run=dry_run,
        )
        result.batch = self.batch
        return result

    def get_result_class(self) -> type[ImportResult]:
        return ImportResult

    def target_of(self, row: Any) -> Any:
        """Return the row that a line edits, `None` where it is new or cannot be told."""
        try:
            return self.find(row)
        except ValidationError:
            return None

    def brand_named(self, row: Any) -> Any:
        if "brand" not in self.fields:
            return None
        try:
            return self.fields["brand"].widget.clean(row.get("brand"))
        except ValueError:
            return None

    def find(self, row: Any) -> Any:
        """Return the row that a line edits, `None` for a new one; refuse an unknown id."""
        text = TextColumn().clean(row.get("id"))
        if not text:
            return None
        found = self.batch.rows.filter(pk=text).first() if text.isdecimal() else None
        if found is None:
            what = self._meta.model._meta.verbose_name
            told = {"what": what, "id": text}
            raise ValidationError({"id": _("There is no %(what)s %(id)s.") % told})
        return found

    def get_or_init_instance(self, instance_loader: Any, row: Any) -> tuple[Any, bool]:
        found = self.find(row)
        self.batch.check_may_save(found)
        return (found or self._meta.model(), found is None)

    def skip_row(self, instance: Any, original: Any, row: Any, errors: Any = None) -> bool:
        return not errors and bool(instance.pk) and not changed_columns(instance)

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        self.batch.save(instance)

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Leave the numbering of rows alone: the ids are the database's own."""


class BrandResource(EditResource):
    """Brands with their budgets."""

    id = column("id", TextColumn(), readonly=True)
    name = column("name", TextColumn())
    currency = column("currency", TextColumn())
    timezone = column("timezone", TextColumn())
    daily_budget = column("daily_budget", AmountColumn())
    monthly_budget = column("monthly_budget", AmountColumn())

    class Meta(EditResource.Meta):
        model = Brand
        fields = ("id", "name", "currency", "timezone", "daily_budget", "monthly_budget")
        name = gettext_lazy("Brands and their budgets")


class ScheduleResource(EditResource):
    """Schedules with their hours as text."""

    id = column("id", TextColumn(), readonly=True)
    name = column("name", TextColumn())
    hours = column("hours", TextColumn())

    class Meta(EditResource.Meta):
        model = Schedule
        fields = ("id", "name", "hours")
        name = gettext_lazy("Schedules")


class CampaignResource(EditResource):
    """Campaigns with their budgets, schedule and flight."""

    id = column("id", TextColumn(), readonly=True)
    brand = column("brand", RowColumn(gettext_lazy("brand")))
    external_id = column("external_id", TextColumn())
    name = column("name", TextColumn())
    currency = Field(attribute="brand__currency", column_name="currency", readonly=True)
    daily_budget = column("daily_budget", AmountColumn())
    monthly_budget = column("monthly_budget", AmountColumn())
    schedule = column("schedule", RowColumn(gettext_lazy("schedule")))
    starts_on = column("starts_on", DayColumn())
    ends_on = column("ends_on", DayColumn())

    class Meta(EditResource.Meta):
        model = Campaign
        fields = (
            "id",
            "brand",
            "external_id",
            "name",
            "currency",
            "daily_budget",
            "monthly_budget",
            "schedule",
            "starts_on",
            "ends_on",
        )
        name = gettext_lazy("Campaigns and their budgets")

    def find(self, row: Any) -> Any:
        """Return the campaign by its id, else by its brand and external ID."""
        found = super().find(row)
        external_id = TextColumn().clean(row.get("external_id"))
        brand = None if found else self.brand_named(row)
        if brand is None or not external_id:
            return found
        return self.batch.rows.filter(brand=brand, external_id=external_id).first()

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        instance.external_id = instance.external_id or None
        currency = TextColumn().clean(row.get("currency")).upper()
        if instance.brand_id and currency and currency != instance.brand.currency:
            text = _("The brand's budgets are in %(own)s, not in %(given)s.")
            told = {"own": instance.brand.currency, "given": currency}
            raise ValidationError({"currency": text % told})
