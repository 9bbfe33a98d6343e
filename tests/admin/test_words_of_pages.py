"""Every page in words: nothing of Python, no bare number and no raw instant is shown to people."""

import re
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from budgets.models import Campaign, Change, Schedule, Spend, Statement
from tests.admin.pages import address, text_of, told
from tests.admin.rows import a_row_of_each
from tests.admin.walk import addresses
from tests.admin.words import BARE_NUMBER, OF_PYTHON, unfit

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
ANOTHER_VERB = re.compile(r"\blog(?:ged|ging|s)?[ -](?:in|on|out)s?\b", re.IGNORECASE)
HEADS = re.compile(r"<(title|h1|h2|h3)\b[^>]*>(.*?)</\1>", re.DOTALL)
PARTS_OF_DRAWINGS = re.compile(r"<(svg|script|style)\b.*?</\1>", re.DOTALL)


def words_in(html: str) -> str:
    return " ".join(unescape(strip_tags(html)).split())


def walk(signed_in: Client, owner: User) -> dict[str, str]:
    """Return every page that opens, by its address, for rows of every model."""
    a_row_of_each(owner)
    ids = {
        model._meta.model_name: model._default_manager.order_by("pk").last().pk  # type: ignore[union-attr]  # there is one
        for model in admin.site._registry
    }
    for model, row_id in ids.items():
        edited = ContentType.objects.get(model=model)
        LogEntry.objects.create(
            user=owner, content_type=edited, object_id=row_id, action_flag=CHANGE
        )
    pages = {}
    for page in addresses({str(name): pk for name, pk in ids.items()}):
        response: Any = signed_in.get(page)
        if response.status_code == 200 and "text/html" in response["Content-Type"]:
            pages[page] = PARTS_OF_DRAWINGS.sub(" ", response.content.decode())
    return pages


def test_no_page_shows_what_only_python_understands(signed_in: Client, owner: User) -> None:
    """Opens some 120 pages, which takes seconds."""
    pages = walk(signed_in, owner)
    assert len(pages) > 90
    shown = {page: OF_PYTHON.search(words_in(html)) for page, html in pages.items()}
    assert {page: found[0] for page, found in shown.items() if found} == {}
    of_strangers = [Client().get(f"/admin/{name}/").content.decode() for name in ("login", "x")]
    of_strangers.append(signed_in.post("/admin/logout/").content.decode())
    texts = [words_in(html) for html in (*pages.values(), *of_strangers)]
    assert [found[0] for text in texts if (found := ANOTHER_VERB.search(text))] == []
    heads = [
        (page, words_in(head)) for page, html in pages.items() for _tag, head in HEADS.findall(html)
    ]
    assert [(page, head) for page, head in heads if unfit(head)] == []
    assert [(page, head) for page, head in heads if head.startswith("Select ")] == []


def test_one_signs_in_wherever_we_write() -> None:
    ours = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    for kind in ("py", "html", "txt", "js"):
        ours += [file for room in ("budgets", "core") for file in ROOT.glob(f"{room}/**/*.{kind}")]
    found = {str(file): ANOTHER_VERB.search(file.read_text()) for file in ours}
    assert [file for file, verb in found.items() if verb] == []


def test_every_registered_row_is_called_in_words(owner: User) -> None:
    a_row_of_each(owner)
    names = {
        model.__name__: str(row)
        for model in admin.site._registry
        for row in model._default_manager.all()
    }
    assert {kind: n for kind, n in names.items() if OF_PYTHON.search(n)} == {}
    assert {kind: n for kind, n in names.items() if BARE_NUMBER.search(n)} == {}
    assert str(Change.objects.earliest("id")) == "Spring sale: paused on 10 Mar 2026, 12:00"
    assert str(Spend.objects.get()) == "Spring sale on 10 Mar 2026"
    of_brand = Statement.objects.filter(campaign=None, period="day").latest("starts_on")
    assert str(of_brand) == "Casa Verde on 10 Mar 2026"


@pytest.mark.parametrize("model", [Change, Spend, Statement])
def test_a_row_that_nobody_edited_here_offers_no_empty_history(
    signed_in: Client, owner: User, model: Any
) -> None:
    a_row_of_each(owner)
    row, name = model.objects.first(), model._meta.model_name
    history = address(f"{name}_history", row.pk)
    assert history not in signed_in.get(address(f"{name}_change", row.pk)).content.decode()
    response = signed_in.get(history)
    assert response.headers["Location"] == address(f"{name}_change", row.pk)
    assert told(response) == ["Nobody edited it here. This page shows all that is known of it."]


def test_spend_that_somebody_typed_in_links_to_who_did(signed_in: Client, owner: User) -> None:
    a_row_of_each(owner)
    campaign, day = Campaign.objects.get(), "2026-03-10"
    typed = {"campaign": campaign.pk, "amount": "5", "day": day, "time": "11:00"}
    signed_in.post(address("spend_add"), typed | {"note": "by phone", "key": str(UUID(int=1))})
    assert LogEntry.objects.count() == 1
    spend = Spend.objects.get(campaign=campaign, day=day)
    history = address("spend_history", spend.pk)
    assert history in signed_in.get(address("spend_change", spend.pk)).content.decode()
    assert "by phone" in text_of(signed_in.get(history))


def test_an_edited_row_always_links_to_its_history(signed_in: Client, owner: User) -> None:
    a_row_of_each(owner)
    schedule = Schedule.objects.get()
    page = signed_in.get(address("schedule_change", schedule.pk)).content.decode()
    assert reverse("admin:budgets_schedule_history", args=[schedule.pk]) in page
