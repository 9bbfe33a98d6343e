"""The documents name modules; each of them exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "CONTRIBUTING.md", ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PATH = re.compile(r"`((?:budgets|core|docs|script|tests|benchmarks)/[\w./-]+)`")
SHORT = re.compile(
    r"`((?:rules|models|operations|reports|admin|api|access|connectors)/[\w/]+\.py)`"
)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_names_only_what_is_there(document: Path) -> None:
    text = document.read_text()
    named = PATH.findall(text) + [f"budgets/{name}" for name in SHORT.findall(text)]
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_architecture_names_the_module_of_each_step() -> None:
    text = (ROOT / "docs/architecture.md").read_text()
    steps = re.findall(r"^\d\. .*?(?=^\d\. |^$)", text, re.MULTILINE | re.DOTALL)
    assert len(steps) >= 12
    assert [step for step in steps if not PATH.search(step) and "as above" not in step] == []
