"""Which row each line of a file names: no row twice, or the last line would win in silence."""

from collections.abc import Hashable, Iterable
from typing import Any

from budgets.admin.import_export.columns import FIRST_LINE, TextColumn

Names = set[tuple[Hashable, ...]]
"""What a line names: a row there is, a row it makes, a reference it gives."""


def named_before(lines: Iterable[Names]) -> dict[int, int]:
    """Return the lines that name what an earlier one did, each with that one."""
    first: dict[tuple[Hashable, ...], int] = {}
    repeated: dict[int, int] = {}
    for line, names in enumerate(lines, start=FIRST_LINE):
        earlier = [first[name] for name in names if name in first]
        if earlier:
            repeated[line] = min(earlier)
        for name in names:
            first.setdefault(name, line)
    return repeated


def names_of(cells: Any, target: Any, *, brand_id: int | None, external_id: str) -> Names:
    """Return what a line names, `target` being the row it edits, if there is one.

    A row that is made is known by its reference, else by its name, within its brand.
    """
    names: Names = set()
    if target is not None:
        names.add(("row", target.pk))
    if external_id:
        names.add(("external ID", brand_id, external_id))
    name = TextColumn().clean(cells.get("name"))
    if not names and name:
        names.add(("name", brand_id, name))
    return names
