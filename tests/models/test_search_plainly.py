"""Accents, case and width do not matter to a search, and both databases agree."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgets.cells.names import plain
from budgets.models import Brand, Campaign
from budgets.models.lookups.search import MOST_CHARACTERS, MOST_WORDS, words_in
from tests.builders import a_brand, a_campaign

pytestmark = pytest.mark.django_db

# Assigned in every Unicode that the databases know.
ALPHABETS = st.one_of(
    st.characters(min_codepoint=0x20, max_codepoint=0x17F),
    st.characters(min_codepoint=0x391, max_codepoint=0x3C9, exclude_characters="\u03a2"),
    st.characters(min_codepoint=0x410, max_codepoint=0x451),
    st.characters(min_codepoint=0xFF01, max_codepoint=0xFF5E),
    st.characters(min_codepoint=0x1E00, max_codepoint=0x1EFF),
    st.characters(min_codepoint=0x300, max_codepoint=0x36F),
    st.sampled_from("ẞßİıøØłŁđĐæÆœŒþÞðÐςΣσ字한ｶﾞ"),
)


@pytest.mark.parametrize(
    "written, searched",
    [
        ("Lumière", "lumiere"),
        ("Lumie\u0300re", "LUMIÈRE"),
        ("Móveis", "MÓVEIS"),
        ("Straße", "STRASSE"),
        ("İstanbul", "istanbul"),
        ("Diyarbakır", "DIYARBAKIR"),
        ("ＡＣＭＥ", "acme"),
        ("Smørrebrød", "SMORREBROD"),
        ("Łódź", "lodz"),
        ("Москва", "МОСКВА"),
        ("ΟΔΟΣ", "οδος"),
        ("100% Off_Season", "100% off_"),
        ("Œuvre", "oeuvre"),
    ],
)
def test_a_name_is_found_however_it_is_written(written: str, searched: str) -> None:
    brand = a_brand(name=written)
    campaign = a_campaign(brand=brand, name=written)
    a_campaign(brand=a_brand(name="Other"), name="100X OffXSeason")
    assert list(Campaign.objects.called(searched)) == [campaign]
    assert list(Brand.objects.filter(name__plain__contains=plain(searched))) == [brand]


def test_rows_that_came_in_past_every_save_are_found() -> None:
    brand = a_brand()
    Campaign.objects.bulk_create([Campaign(brand=brand, name="Été", external_id="Ü-1")])
    assert Campaign.objects.called("ete").count() == 1
    assert Campaign.objects.called("u-1").count() == 1


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(ALPHABETS, max_size=12), min_size=1, max_size=40))
def test_the_database_writes_a_text_as_we_do(texts: list[str]) -> None:
    Brand.objects.all().delete()
    Brand.objects.bulk_create(Brand(name=text) for text in texts)
    written = Brand.objects.order_by("pk").values_list("name", "name__plain")
    assert dict(written) == {text: plain(text) for text in texts}


def test_words_are_bounded() -> None:
    assert len(words_in("ab " * 2_000 + " ".join(f"w{n}" for n in range(2_000)))) == 1
    assert len(words_in(" ".join(f"{n}" for n in range(2_000)))) == MOST_WORDS
    assert words_in("x" * 5_000) == ["x" * MOST_CHARACTERS]


def test_a_search_of_many_words_is_two_questions(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(2):
        list(Campaign.objects.called(" ".join(f"w{n}" for n in range(1_900))))
