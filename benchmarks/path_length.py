"""Through how many files and functions of the product a request goes.

script/bench path_length --list
"""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from benchmarks.world.measure import print_table
from benchmarks.world.scratch import in_a_process, scratch_database
from benchmarks.world.web import SPEND, new_token
from budgets.models import Brand, Campaign

ROOT = Path(__file__).parents[1]
OURS = tuple(str(ROOT / folder) + "/" for folder in ("budgets", "core"))

Way = tuple[list[str], int]
"""The files gone through, and how many functions."""


def main() -> None:
    """Trace one request of each kind, the second of its kind, and print a table."""
    parser = ArgumentParser(prog="script/bench path_length", description=__doc__)
    parser.add_argument("--list", action="store_true", help="name the files")
    asked = parser.parse_args()
    with scratch_database("sqlite"):
        ways = in_a_process(trace_all)
    rows = [(name, len(files), functions) for name, (files, functions) in ways.items()]
    print_table("Ways through the product", ("", "files", "functions"), rows)
    for name, (files, _) in ways.items() if asked.list else ():
        print(f"\n{name}\n  " + "\n  ".join(files))


def trace_all() -> dict[str, Way]:
    """Return the way of a batch that pauses a campaign, and of the preview of a brand's edit."""
    call_command("migrate", verbosity=0)
    client, report = Client(SERVER_NAME="localhost"), Reporter(new_token())
    brands = [Brand.objects.create(name=f"Brand {number}", daily_budget=100) for number in "12"]
    for brand in brands:
        Campaign.objects.create(brand=brand, name="Search", daily_budget=50)
        Campaign.objects.create(brand=brand, name="Display")
    first, second = (brand.campaigns.get(name="Search").pk for brand in brands)
    report(first)
    batch = traced(lambda: report(second))
    client.force_login(get_user_model()._default_manager.create_superuser("root"))
    # What the first brand has spent is above the new budget, so its other campaign would stop.
    edit = {"name": "Brand 1", "currency": "USD", "timezone": "UTC", "daily_budget": "20"}
    edit |= {"campaigns-TOTAL_FORMS": "0", "campaigns-INITIAL_FORMS": "0"}

    def preview() -> None:
        page = client.post(f"/admin/budgets/brand/{brands[0].pk}/change/", edit)
        assert "Nothing is saved yet" in page.content.decode()

    preview()
    return {"API batch that pauses a campaign": batch, "preview of a brand's edit": traced(preview)}


class Reporter:
    """A program that reports spend of a campaign at its daily budget."""

    def __init__(self, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self.client = Client(headers=headers, SERVER_NAME="localhost")

    def __call__(self, campaign_id: int) -> None:
        entry = {"source": "bench", "key": str(campaign_id), "campaign_id": campaign_id}
        entry |= {"occurred_at": timezone.now().isoformat(), "amount": "50", "currency": "USD"}
        body: Any = {"entries": [entry]}
        answer = self.client.post(SPEND, body, content_type="application/json").json()
        assert [change["action"] for change in answer["changes"]] == ["stop"], answer


def traced(request: Callable[[], None]) -> Way:
    """Do it and return its way."""
    functions: set[tuple[str, str]] = set()

    def note_call(frame: Any, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(OURS):
            functions.add((code.co_filename, code.co_qualname))

    sys.setprofile(note_call)
    try:
        request()
    finally:
        sys.setprofile(None)
    files = sorted({str(Path(name).relative_to(ROOT)) for name, _ in functions})
    return files, len(functions)


if __name__ == "__main__":
    main()
