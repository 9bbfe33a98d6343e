"""The house keeps its measure: no crowded package, no long module."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST_MODULES, MOST_LINES = 20, 200
MODULES = [
    path
    for root in ("budgets", "core")
    for path in (ROOT / root).rglob("*.py")
    if "migrations" not in path.parts
]


def test_no_package_holds_more_modules_than_one_can_overlook() -> None:
    folders = {path.parent for path in MODULES}
    crowded = {str(f.relative_to(ROOT)): len(list(f.glob("*.py"))) for f in folders}
    assert {name: count for name, count in crowded.items() if count > MOST_MODULES} == {}


def test_no_module_is_longer_than_one_sitting() -> None:
    long = {str(p.relative_to(ROOT)): len(p.read_text().splitlines()) for p in MODULES}
    assert {name: lines for name, lines in long.items() if lines > MOST_LINES} == {}
