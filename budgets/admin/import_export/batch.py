"""An import: the rows of a file as edits of one person, decided together and seen before."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from budgets.admin.confirm.confirmation import (
    BUDGETS,
    Edit,
    Plan,
    Unconfirmed,
    campaigns_of,
    in_words,
    jump_in_words,
)
from budgets.models import Brand, Campaign, Schedule
from budgets.models.locks import lock_brands
from budgets.operations.edits.after_save import decided_together
from budgets.operations.edits.preview import Watch

MOST_ROWS = 1_000
"""Rows of one import: they are saved under the locks of all their brands."""

Row = Brand | Campaign | Schedule


@dataclass(kw_only=True)
class Import:
    """What one import may touch, and what it has touched so far."""

    rows: QuerySet[Any]
    """The rows in the person's scope."""
    rows_of: Mapping[str, QuerySet[Any]]
    """The brands and schedules in the person's scope."""
    may_add: bool
    may_change: Callable[[Row], bool]
    after_create: Callable[[Row], None]
    """Does what else a new row needs."""
    sent: QueryDict
    """What the person has confirmed."""
    now: datetime
    made: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)
    plan: Plan | None = None

    def run(
        self,
        save_rows: Callable[[], Any],
        *,
        targets: list[Row],
        brands: Iterable[Brand],
        is_dry_run: bool,
    ) -> Any:
        """Save the rows under all their locks, decide once, and note what stopped and started.

        Raises `Unconfirmed`, which takes it all back, where the person has not seen this.
        """
        concerned = {brand_id for row in targets for brand_id in row.brands_concerned()}
        # All at once and before any write, so that two imports cannot wait for each other.
        lock_brands(concerned | {brand.pk for brand in brands})
        watch = Watch.over(targets, now=self.now)
        with decided_together(now=self.now):
            result = save_rows()
        self.plan = Plan(
            edits=self.edits,
            effect=watch.effect(leaving_out={row.pk for row in self.made}),
            campaigns=campaigns_of(self.changed),
        )
        has_failed = result.has_errors() or result.has_validation_errors()
        if not is_dry_run and not has_failed and not self.plan.is_confirmed_by(self.sent):
            raise Unconfirmed(self.plan)
        return result

    def check_may_save(self, row: Row | None) -> None:
        """Refuse a line that the person may not save."""
        if row is None and not self.may_add:
            raise ValidationError(_("You may not add any; give the id of a row that there is."))
        if row is not None and not self.may_change(row):
            raise ValidationError(_("You may not change this one."))

    def remember(self, row: Row) -> None:
        """Note how a row was, before the line is read into it."""
        names = [column.attname for column in row._meta.concrete_fields]
        self.before = {name: getattr(row, name) for name in names}

    def changed_fields(self, row: Row) -> set[str]:
        """Return the fields that the line has changed."""
        columns = row._meta.concrete_fields
        return {c.name for c in columns if getattr(row, c.attname) != self.before[c.attname]}

    def save(self, row: Row) -> None:
        """Save a new row, or what the line has changed of one."""
        if row._state.adding:
            row.save()
            self.after_create(row)
            self.made.append(row)
            self.edits.append(addition(row))
            return
        fields = self.changed_fields(row)
        row.save(update_fields=fields)
        self.changed.append(row)
        self.edits.extend(self.edit(row, name) for name in sorted(fields))

    def edit(self, row: Row, name: str) -> Edit:
        """Return one changed value as people read it."""
        column = row._meta.get_field(name)
        before, after = self.before[column.attname], getattr(row, name)  # type: ignore[union-attr]  # a column
        if column.is_relation and before is not None:
            before = self.rows_of[name].filter(pk=before).first() or f"#{before}"
        return Edit(
            of=name_of(row),
            label=str(column.verbose_name),  # type: ignore[union-attr]  # a column
            before=in_words(name, before, row),
            after=in_words(name, after, row),
            jump=jump_in_words(before, after) if name in BUDGETS else "",
            row_id=row.pk,
        )


def addition(row: Row) -> Edit:
    """Return a new row as an edit: the budgets it starts with, if it has any."""
    budgets = [
        f"{row._meta.get_field(name).verbose_name} {in_words(name, amount, row)}"  # type: ignore[union-attr]  # a column
        for name in BUDGETS
        if (amount := getattr(row, name, None)) is not None
    ]
    return Edit(
        of=name_of(row),
        label=_("New %(what)s") % {"what": row._meta.verbose_name},
        before="",
        after=capfirst(", ".join(budgets)),
    )


def name_of(row: Row) -> str:
    """Name a row so that it cannot be mistaken for another brand's."""
    return f"{row.name} · {row.brand.name}" if isinstance(row, Campaign) else row.name


def tidy(dataset: Any, known: list[str]) -> None:
    """Read headers leniently, drop empty lines at the end; refuse what would be ignored."""
    while len(dataset) and not any(cell not in {None, ""} for cell in dataset[-1]):
        dataset.pop()
    if len(dataset) > MOST_ROWS:
        text = _("The file has %(rows)s rows; import %(most)s at most at once.")
        raise ValidationError(text % {"rows": len(dataset), "most": MOST_ROWS})
    names = [str(name or "").strip().lower().replace(" ", "_") for name in dataset.headers or ()]
    for name in names:
        if name not in known:
            text = _("There is no column “%(name)s” here; the columns are: %(known)s.")
            raise ValidationError(text % {"name": name, "known": ", ".join(known)})
        if names.count(name) > 1:
            raise ValidationError(_("There are two columns “%(name)s”.") % {"name": name})
    dataset.headers = names
