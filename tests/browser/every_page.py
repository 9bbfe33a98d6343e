"""Every page of the admin as a browser meets it: by its address, or by sending a form.

A page added later is met by itself, as the addresses come from the URL resolver. Tests walk over a
site of their own; `script/screenshots --all` walks over the demo.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from django.contrib import admin
from django.db.models import Model
from django.utils import timezone
from playwright.sync_api import FilePayload, Page

from budgets.models import Campaign
from tests.admin.walk import addresses

OUR_FRAME = 'id="page"'  # what has none is a fragment, a download or an answer to a script
NOTHING = "about:blank"


class Sight(NamedTuple):
    """A page: its name, and what brings a window to it."""

    name: str
    show: Callable[[Page], None]

    def is_met(self, page: Page) -> bool:
        """Go there, and say whether there is a page; one is met under its own address only."""
        page.goto(NOTHING)  # no page that reloads itself comes in between
        self.show(page)
        return page.url != NOTHING


def every_page(ids: Mapping[str, int]) -> Iterator[Sight]:
    """Yield every page; `ids` has a row of each model, by the model's name."""
    yield from opened_pages(ids)
    yield from reached_pages(ids)


def opened_pages(ids: Mapping[str, int]) -> Iterator[Sight]:
    """Yield what has an address."""
    for address in addresses(dict(ids)):
        yield Sight(name_of(address), partial(open_address, address))


def reached_pages(ids: Mapping[str, int]) -> Iterator[Sight]:
    """Yield what is seen after something was done on a page."""
    for name, show in STATES.items():
        yield Sight(name, partial(show, ids=ids))


def ids_of_rows() -> dict[str, int]:
    """Return the first row of each model that has pages."""
    models: Iterator[type[Model]] = iter(admin.site._registry)
    rows = {str(m._meta.model_name): m._default_manager.order_by("pk").first() for m in models}
    return {name: row.pk for name, row in rows.items() if row is not None}


def name_of(address: str) -> str:
    """Return the address as the name of a file."""
    return address.strip("/").removeprefix("admin/").replace("/", ".") or "root"


def open_address(address: str, page: Page) -> None:
    """Open an address; what is downloaded, sends on or answers a script shows nothing."""
    answer = page.request.get(address, max_redirects=0)
    is_page = "html" in answer.headers.get("content-type", "") and OUR_FRAME in answer.text()
    page.goto(address if is_page else NOTHING)


def follow(page: Page, link: str) -> None:
    """Click a link or a button, and wait for the page behind it: a click alone does not."""
    with page.expect_navigation():
        page.locator(link).first.click()


def send(page: Page, *, form: str, **values: str) -> None:
    """Set boxes by their names, whatever they look like, and send the form."""
    with page.expect_navigation():
        page.locator(form).evaluate(
            """(form, values) => {
                for (const [name, value] of Object.entries(values)) {
                    const box = form.elements[name];
                    if (box.tagName === "SELECT") box.add(new Option(value, value));
                    box.value = value;
                }
                form.noValidate = true;
                form.requestSubmit(form.querySelector("[type=submit]") ?? undefined);
            }""",
            values,
        )


def upload(page: Page, content: str, **values: str) -> None:
    """Choose a file of these lines on the page that takes one, and send it."""
    file = FilePayload(name="march.csv", mimeType="text/csv", buffer=content.encode())
    page.locator("#content input[type=file]").set_input_files(file)
    send(page, form="#content form", **values)


def empty_form(page: Page, *, model: str, ids: Mapping[str, int]) -> None:
    """Send the form of a new row with nothing in it: every error is shown."""
    page.goto(f"/admin/{model}/add/")
    send(page, form="#content-main form[id$=_form]", **dict.fromkeys(REQUIRED.get(model, ()), ""))


REQUIRED = {"budgets/apikey": ("requests_per_minute",)}


def preview(page: Page, *, ids: Mapping[str, int]) -> None:
    """Lower a brand's budget below what it has spent."""
    page.goto(f"/admin/budgets/brand/{ids['brand']}/change/")
    send(page, form="#brand_form", daily_budget="0.01")


def undo(page: Page, *, ids: Mapping[str, int]) -> None:
    """Save an edit, and ask to undo it."""
    preview(page, ids=ids)
    for meant in page.locator(".abm-notice input[type=checkbox]").all():
        meant.check()
    follow(page, "#content form button[type=submit]")
    page.goto(f"/admin/budgets/brand/{ids['brand']}/history/")
    follow(page, "a[href*='/undo/']")


def zone_preview(page: Page, *, ids: Mapping[str, int]) -> None:
    """Ask to move a brand to another time zone."""
    page.goto(f"/admin/budgets/brand/{ids['brand']}/move-zone/")
    send(page, form="#content form", timezone="Asia/Tokyo")


def selected(page: Page, *, model: str, action: str, ids: Mapping[str, int]) -> None:
    """Choose the first row of a list, and an action."""
    page.goto(f"/admin/{model}/")
    page.locator("[name=_selected_action]").first.check()
    with page.expect_navigation():
        page.locator("#changelist-form").evaluate(
            "(form, action) => { form.elements.action.value = action; form.submit(); }", action
        )


def import_preview(page: Page, *, ids: Mapping[str, int]) -> None:
    """Send a file of brands."""
    page.goto("/admin/budgets/brand/import/")
    upload(page, "name,currency,timezone,daily_budget\nNewcomer,EUR,Europe/Berlin,5\n")
    page.locator(CONFIRM).wait_for()


def import_errors(page: Page, *, ids: Mapping[str, int]) -> None:
    """Send a file of brands with a line that cannot be taken."""
    page.goto("/admin/budgets/brand/import/")
    upload(page, "name,currency,timezone,daily_budget\nNewcomer,EURO,Mars,much\n")


def spend_file(page: Page, *, ids: Mapping[str, int], content: str, waits_for: str) -> None:
    """Send a file of spend, and wait for what the worker makes of it."""
    page.goto("/admin/budgets/spend/import/")
    campaign = Campaign.objects.select_related("brand").get(pk=ids["campaign"])
    facts = {"campaign": campaign.pk, "currency": campaign.brand.currency}
    now = timezone.now()  # to the microsecond, or the rows would be known from the last walk
    content = content.format(day=now.date(), now=now.isoformat(), **facts)
    upload(page, content, brand=str(campaign.brand_id), source="radio")
    page.locator(waits_for).first.wait_for()


def spend_match(page: Page, *, ids: Mapping[str, int]) -> None:
    """Go on to say which campaigns a file means."""
    STATES["spend-names"](page, ids=ids)
    follow(page, "a[href$='/match/']")


def spend_result(page: Page, *, ids: Mapping[str, int]) -> None:
    """Import a file of spend with a row that is refused."""
    STATES["spend-entries"](page, ids=ids)
    follow(page, CONFIRM)
    page.locator("#abm-result").wait_for()


def new_key(page: Page, *, ids: Mapping[str, int]) -> None:
    """Make an API key, which is shown once."""
    page.goto("/admin/budgets/apikey/add/")
    page.locator("[name=all_brands][value=True]").check(force=True)
    send(page, form="#apikey_form", name="Nightly report")


def nothing_found(page: Page, *, ids: Mapping[str, int]) -> None:
    """Search for what is not there."""
    page.goto("/admin/budgets/campaign/?q=zzzzzz")


def filters(page: Page, *, ids: Mapping[str, int]) -> None:
    """Open the filters of a list."""
    page.goto("/admin/budgets/campaign/")
    page.get_by_role("button", name="Filters").press("Enter")


def command(page: Page, *, ids: Mapping[str, int]) -> None:
    """Open the search over everything."""
    page.goto("/admin/")
    page.keyboard.press("Control+k")


def popup(page: Page, *, ids: Mapping[str, int]) -> None:
    """Open a form in a window of its own."""
    page.goto("/admin/budgets/schedule/add/?_popup=1")


def signed_out(page: Page, *, ids: Mapping[str, int]) -> None:
    """Sign out."""
    page.goto("/admin/")
    page.locator("form[action='/admin/logout/']").evaluate("form => form.submit()")
    page.wait_for_url("**/logout/")


def sign_in_page(page: Page, *, ids: Mapping[str, int]) -> None:
    """Open the page to sign in."""
    page.goto("/admin/login/")


def wrong_password(page: Page, *, ids: Mapping[str, int]) -> None:
    """Sign in with a wrong password."""
    page.goto("/admin/login/")
    send(page, form="#login-form", username="nobody", password="wrong")


CONFIRM = "form[action$='/confirm/'] button[type=submit]"
# Files of spend, filled in with a day and the id of a campaign.
COLUMNS = "When,Ref,Burned,Clicks\n{day},88001,5.00,7\n"
NAMES = (
    "day,campaign,total,currency\n{day},Spring sales,3,{currency}\n{day},Nobody's,4,{currency}\n"
)
ENTRIES = "campaign_id,occurred_at,amount,currency\n{campaign},{now},1,{currency}\n"
ENTRIES += "{campaign},{now},much,{currency}\n"
FORMS = (
    "budgets/brand",
    "budgets/campaign",
    "budgets/schedule",
    "budgets/spend",
    "budgets/apikey",
    "auth/user",
    "auth/group",
    "django_celery_beat/periodictask",
)
ACTIONS = {
    "budgets/brand": ("change_budgets", "hold_selected", "release_selected", "delete_selected"),
    "budgets/campaign": ("change_budgets", "hold_selected", "release_selected", "delete_selected"),
    "budgets/schedule": ("delete_selected",),
}

# What a page looks like after something was done on it. The last ones sign out.
STATES: dict[str, Callable[..., None]] = {
    "brand-preview": preview,
    "brand-undo": undo,
    "brand-zone-preview": zone_preview,
    **{f"{name_of(m)}-errors": partial(empty_form, model=m) for m in FORMS},
    **{
        f"{name_of(model)}-{action}": partial(selected, model=model, action=action)
        for model, actions in ACTIONS.items()
        for action in actions
    },
    "brand-import-preview": import_preview,
    "brand-import-errors": import_errors,
    "spend-columns": partial(spend_file, content=COLUMNS, waits_for="[name=column_day]"),
    "spend-names": partial(spend_file, content=NAMES, waits_for="#abm-preview"),
    "spend-match": spend_match,
    "spend-entries": partial(spend_file, content=ENTRIES, waits_for="#abm-preview"),
    "spend-result": spend_result,
    "new-key": new_key,
    "nothing-found": nothing_found,
    "filters": filters,
    "command": command,
    "popup": popup,
    "signed-out": signed_out,
    "sign-in": sign_in_page,
    "wrong-password": wrong_password,
}
