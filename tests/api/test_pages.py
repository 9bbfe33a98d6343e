"""Lists come in pages that stay true while rows come and go."""

from typing import Any

import pytest

from budgets.models import Brand
from tests.api.program import Program, a_program, problem_of
from tests.builders import a_brand

pytestmark = pytest.mark.django_db


def walk(program: Program, limit: int) -> list[list[str]]:
    """Read a whole list page by page, adding and removing rows meanwhile."""
    cursor: dict[str, str] = {}
    names: list[list[str]] = []
    while True:
        page = program.get("/brands", limit=limit, **cursor).json()
        names.append([item["name"] for item in page["items"]])
        if page["next_cursor"] is None:
            return names
        cursor = {"cursor": page["next_cursor"]}


def test_a_list_is_read_page_by_page() -> None:
    for name in "abcde":
        a_brand(name=name)
    assert walk(a_program(), 2) == [["a", "b"], ["c", "d"], ["e"]]


def test_a_full_last_page_has_no_next() -> None:
    for name in "abcd":
        a_brand(name=name)
    assert walk(a_program(), 2) == [["a", "b"], ["c", "d"]]


def test_rows_removed_and_renamed_meanwhile_neither_repeat_nor_skip_others() -> None:
    program = a_program()
    for name in "abcd":
        a_brand(name=name)
    first = program.get("/brands", limit=2).json()
    Brand.objects.filter(name="a").delete()
    Brand.objects.filter(name="c").update(name="0")
    second = program.get("/brands", limit=2, cursor=first["next_cursor"]).json()
    assert [item["name"] for item in second["items"]] == ["0", "d"]


@pytest.mark.parametrize("cursor", ["x", "", "é", "LTE", "MS4y", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
def test_a_cursor_of_ones_own_is_refused(cursor: Any) -> None:
    problem = problem_of(a_program().get("/brands", cursor=cursor), 422)
    assert problem["errors"][0]["pointer"] == "query/cursor"


@pytest.mark.parametrize("limit", [0, -1, 201, "many"])
def test_a_page_has_1_to_200_rows(limit: Any) -> None:
    problem_of(a_program().get("/brands", limit=limit), 422)


def test_a_page_costs_the_same_queries_however_many_rows(
    django_assert_max_num_queries: Any,
) -> None:
    program = a_program()
    program.get("/brands")
    for _ in range(20):
        a_brand()
    with django_assert_max_num_queries(3):
        program.get("/brands")
