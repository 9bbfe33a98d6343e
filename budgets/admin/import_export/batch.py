"""An import: the rows of a file as edits of one person, decided together and seen before."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from budgets.admin.confirm.confirmation import (
    BUDGETS,
    Confirmation,
    Edited,
    PlannedEdit,
    count_campaigns,
    name_of,
    planned_edit,
    value_in_words,
)
from budgets.admin.import_export.columns import LINE, WHY
from budgets.models import Brand
from budgets.operations.edits import Edit, concerned, decide_due, editing
from budgets.operations.edits.preview import effect_of

MOST_ROWS = 1_000
"""Rows of one import: they are saved under the locks of all their brands."""


@dataclass(kw_only=True)
class ImportBatch:
    """What one import may touch, and what it has touched so far."""

    by: Any
    rows: QuerySet[Any]
    """The rows the person may see."""
    rows_of: Mapping[str, QuerySet[Any]]
    """The brands, campaigns and schedules the person may see."""
    may_add: bool
    may_change: Callable[[Edited], bool]
    after_create: Callable[[Edited], None]
    """Does what else a new row needs."""
    remarks_on: Callable[[list[Edited]], tuple[str, ...]]
    """Returns what else there is to say of the rows saved."""
    sent: QueryDict
    """What the person has confirmed."""
    now: datetime
    progress: Callable[[float, str], None]
    """Is told how much is done."""
    made: list[Edited] = field(default_factory=list)
    changed: list[Edited] = field(default_factory=list)
    edits: list[PlannedEdit] = field(default_factory=list)
    confirmation: Confirmation | None = None
    brand_ids: set[int] = field(default_factory=set)
    """Whose decisions it can change."""
    edit: Edit | None = None
    """The edit under way, and its changes once the rows are saved."""

    def run(
        self,
        save_rows: Callable[[], Any],
        *,
        targets: list[Edited],
        brands: Iterable[Brand],
    ) -> Any:
        """Save the rows under all their locks, decide once, and note what stopped and started.

        Raises `Unconfirmed`, which takes it all back, where the person has not seen this.
        """
        # All at once and before any write, so that two imports cannot wait for each other.
        self.brand_ids = concerned([*targets, *brands])
        clock = timezone.now
        with editing(by=self.by, now=self.now, clock=clock, brand_ids=self.brand_ids) as self.edit:
            decide_due(targets, now=self.now, clock=clock)
            result = save_rows()
        self.confirmation = Confirmation(
            edits=self.edits,
            effect=effect_of(self.edit.change_ids),
            campaigns=count_campaigns(self.changed),
            brand_ids=self.brand_ids,
            remarks=self.remarks_on([*self.made, *self.changed]),
        )
        if not result.has_errors() and not result.has_validation_errors():
            self.confirmation.require(self.sent)
        return result

    def check_may_save(self, row: Edited | None) -> None:
        if row is None and not self.may_add:
            raise ValidationError(_("You may not add any; give the id of a row that there is."))
        if row is not None and not self.may_change(row):
            raise ValidationError(_("You may not change this one."))

    def save(self, row: Edited) -> None:
        assert self.edit  # noqa: S101  # rows are saved within `run`
        if row._state.adding:
            self.edit.save(row)
            self.after_create(row)
            self.made.append(row)
            self.edits.append(addition(row))
            return
        self.edits.extend(self.planned(row, column) for column in changed_columns(row))
        self.edit.save(row)
        self.changed.append(row)

    def planned(self, row: Edited, column: Any) -> PlannedEdit:
        """Return one changed value as people read it."""
        name = column.name
        before, after = row.as_read(column.attname), getattr(row, name)
        if column.is_relation and before is not None:
            before = self.rows_of[name].filter(pk=before).first() or f"#{before}"
        label = str(column.verbose_name)
        return planned_edit(row, name, before, after, label=label, of=name_of(row))


def changed_columns(row: Edited) -> list[Any]:
    """Return the columns that a line has changed, but for those that follow from others."""
    columns = [row._meta.get_field(name) for name in sorted(row.fields_changed())]
    return [column for column in columns if column.editable]


def addition(row: Edited) -> PlannedEdit:
    """Return a new row as an edit: the budgets it starts with, if it has any."""
    budgets = [
        f"{row._meta.get_field(name).verbose_name} {value_in_words(name, amount, row)}"  # type: ignore[union-attr]  # a column
        for name in BUDGETS
        if (amount := getattr(row, name, None)) is not None
    ]
    return PlannedEdit(
        of=name_of(row),
        label=_("New %(what)s") % {"what": row._meta.verbose_name},
        before="",
        after=capfirst(", ".join(budgets)),
    )


def tidy(dataset: Any, known: list[str]) -> None:
    """Read headers leniently, drop empty lines at the end; refuse what would be ignored."""
    while len(dataset) and not any(cell not in {None, ""} for cell in dataset[-1]):
        dataset.pop()
    if len(dataset) > MOST_ROWS:
        text = _("The file has %(rows)s rows; import %(most)s at most at once.")
        raise ValidationError(text % {"rows": len(dataset), "most": MOST_ROWS})
    for added in (LINE, WHY):
        if added in dataset.headers:
            del dataset[added]
    names = [str(name or "").strip().lower().replace(" ", "_") for name in dataset.headers or ()]
    for name in names:
        if name not in known:
            text = _("There is no column “%(name)s” here; the columns are: %(known)s.")
            raise ValidationError(text % {"name": name, "known": ", ".join(known)})
        if names.count(name) > 1:
            raise ValidationError(_("There are two columns “%(name)s”.") % {"name": name})
    dataset.headers = names
