"""Browsers that ask for /favicon.ico are shown where it is."""

from django.test import Client


def test_the_icon_is_found_where_browsers_look_for_it(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response.status_code == 302
    assert response.headers["Location"].endswith("budgets/favicon.svg")
