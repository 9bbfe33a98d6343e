"""Campaigns are found by words of their name, their reference or their brand's name."""

import pytest

from budgets.models import Campaign
from tests.builders import a_brand, a_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def campaigns() -> None:
    acme, nord = a_brand(name="Acme"), a_brand(name="Nordlicht")
    a_campaign(brand=acme, name="Spring sale")
    a_campaign(brand=acme, name="Summer sale")
    a_campaign(brand=nord, name="Spring glasses")
    Campaign.objects.filter(name="Summer sale").update(external_id="G-77")


@pytest.mark.parametrize(
    "text, names",
    [
        ("SPRING", ["Spring glasses", "Spring sale"]),
        ("acme sale", ["Spring sale", "Summer sale"]),
        ("g-77", ["Summer sale"]),
        ("nord spring", ["Spring glasses"]),
        ("acme glasses", []),
        ("100 %", []),
        ("", ["Spring glasses", "Spring sale", "Summer sale"]),
    ],
)
def test_every_word_has_to_occur(text: str, names: list[str]) -> None:
    found = Campaign.objects.called(text).values_list("name", flat=True)
    assert sorted(found) == names
