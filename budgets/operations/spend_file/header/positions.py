"""Where in a header our columns stand: as somebody chose, or as their names say."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from budgets.cells.refusal import quoted
from budgets.operations.spend_file.header.names import OURS, heading_of, role_of
from budgets.sheets.records import BadFile


def positions(header: Sequence[str], chosen: Mapping[str, str]) -> dict[str, list[int]]:
    """Return where each of our columns may stand: as chosen, else as exactly named, else so named.

    Raises `BadFile` for a choice that is not in the header, or there twice.
    """
    found: defaultdict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(header):
        if role := role_of(text):
            found[role].append(at)
    for role, places in found.items():
        exact = [at for at in places if header[at] == role]
        found[role] = exact or places
    taken = {role: place_of(text, header, role) for role, text in chosen.items()}
    free = {
        role: [at for at in places if at not in taken.values()] for role, places in found.items()
    }
    fixed = {role: [at] for role, at in taken.items()}
    return {role: places for role, places in (free | fixed).items() if places}


def place_of(chosen: str, header: Sequence[str], role: str) -> int:
    """Return where the column stands that was chosen for one of ours. Raises `BadFile`."""
    if role not in OURS:
        raise BadFile(f"There is no column {role} to be chosen; ours are {', '.join(OURS)}.")
    places = [at for at, text in enumerate(header) if text == chosen]
    places = places or [at for at, text in enumerate(header) if same(text, chosen)]
    if len(places) != 1:
        count = "twice" if places else "not"
        raise BadFile(f"The column {quoted(chosen)} is {count} in the header.")
    return places[0]


def same(one: str, other: str) -> bool:
    """Say whether two headers read alike."""
    return one == other or heading_of(one) == heading_of(other)
