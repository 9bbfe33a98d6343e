"""The lines of a file as edits: each read, found, refused or saved as if a person typed it."""

from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.results import Result

from budgets.admin.import_export.batch import ImportBatch, changed_columns, tidy
from budgets.admin.import_export.columns import (
    FIRST_LINE,
    AmountColumn,
    IdColumn,
    RowColumn,
    TextColumn,
    learn,
)
from budgets.admin.import_export.lines import Names, named_before, names_of
from budgets.cells.identifiers import number_in
from budgets.cells.refusal import UnreadableCell


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

    shown_only: tuple[str, ...] = ()
    """Columns of an export that an import leaves alone."""

    def __init__(
        self, *, batch: ImportBatch | None = None, now: datetime | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.batch: Any = batch
        self.now = now
        for field in self.fields.values():
            if batch and isinstance(field.widget, RowColumn):
                field.widget.rows = batch.rows_of[field.attribute]

    def import_data_inner(
        self, dataset: Any, dry_run: bool, raise_errors: bool, *args: Any, **kwargs: Any
    ) -> Any:
        try:
            tidy(dataset, [field.column_name for field in self.fields.values()])
            learn(dataset, self.fields.values())
        except (ValidationError, UnreadableCell) as error:
            result = self.get_result_class()()
            result.append_base_error(self.get_error_result_class()(error))
            return result
        save_rows = partial(
            super().import_data_inner, dataset, dry_run, raise_errors, *args, **kwargs
        )
        self.lines = len(dataset)
        targets = [self.target_of(row) for row in dataset.dict]
        self.repeated = named_before(map(self.names_of, dataset.dict, targets))
        result = self.batch.run(
            save_rows,
            targets=[row for row in targets if row],
            brands=[brand for brand in map(self.brand_named, dataset.dict) if brand],
        )
        result.batch = self.batch
        return result

    def columns_read(self) -> list[str]:
        """Return the columns that an import reads."""
        names = [field.column_name for field in self.get_user_visible_fields()]
        return [name for name in names if name not in self.shown_only]

    def get_result_class(self) -> type[ImportResult]:
        return ImportResult

    def target_of(self, row: Any) -> Any:
        """Return the row that a line edits, `None` where it is new or cannot be told."""
        try:
            return self.find(row)
        except ValidationError:
            return None

    def names_of(self, row: Any, target: Any) -> Names:
        """Return what a line names, as far as it can be told."""
        return names_of(row, target, brand_id=None, external_id="")

    def before_import_row(self, row: Any, *, row_number: int, **kwargs: Any) -> None:
        """Refuse a line that names what an earlier one did."""
        self.batch.progress(row_number / self.lines, f"{row_number:,} / {self.lines:,}")
        earlier = self.repeated.get(row_number - 1 + FIRST_LINE)
        if earlier:
            told = {"what": self._meta.model._meta.verbose_name, "line": earlier}
            text = _("Line %(line)s names this %(what)s already; keep one of the two lines.")
            raise ValidationError(text % told)

    def brand_named(self, row: Any) -> Any:
        if "brand" not in self.fields:
            return None
        try:
            return self.fields["brand"].widget.clean(row.get("brand"))
        except ValueError:
            return None

    def find(self, row: Any) -> Any:
        """Return the row that a line edits, `None` for a new one; refuse an unknown id."""
        try:
            text = IdColumn().clean(row.get("id"))
        except UnreadableCell as error:
            raise ValidationError({"id": str(error)}) from None
        if not text:
            return None
        found = self.batch.rows.filter(pk=number_in(text)).first()
        if found is None:
            what = self._meta.model._meta.verbose_name
            told = {"what": what, "id": text}
            raise ValidationError({"id": _("There is no %(what)s %(id)s.") % told})
        return found

    def get_or_init_instance(self, instance_loader: Any, row: Any) -> tuple[Any, bool]:
        found = self.find(row)
        self.batch.check_may_save(found)
        return (found or self._meta.model(), found is None)

    def import_field(
        self, field: Field, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any
    ) -> None:
        """Read a cell, knowing what its row holds now."""
        if isinstance(field.widget, (AmountColumn, IdColumn)) and not field.readonly:
            kwargs["known"] = getattr(instance, field.attribute)
        if isinstance(field.widget, AmountColumn):
            kwargs["currency"] = self.currency_of(instance)
        super().import_field(field, instance, row, is_m2m, **kwargs)

    def currency_of(self, instance: Any) -> str:
        """Return the currency of a row's budgets, empty where it is not known."""
        return ""

    def refuse_other_currency(self, instance: Any, row: Any) -> None:
        """Refuse a line whose currency is not the one that its amounts were read in."""
        own, given = self.currency_of(instance), TextColumn().clean(row.get("currency")).upper()
        if own and given and given != own:
            text = _("The brand's budgets are in %(own)s, not in %(given)s.")
            raise ValidationError({"currency": text % {"own": own, "given": given}})

    def skip_row(self, instance: Any, original: Any, row: Any, errors: Any = None) -> bool:
        return not errors and bool(instance.pk) and not changed_columns(instance)

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        self.batch.save(instance)

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Leave the numbering of rows alone: the ids are the database's own."""
