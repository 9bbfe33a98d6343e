"""An edit of a row is undone from its history, while what it changed still stands."""

from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from budgets.access.roles import MANAGER
from budgets.models import Brand, BrandAccess, Campaign, Change, Schedule
from budgets.operations import edits
from budgets.operations.holds import hold, release
from tests.admin.pages import address, confirm, text_of, told
from tests.builders import a_brand, a_campaign, a_person, a_schedule, spend


def edit(row: Any, **values: Any) -> None:
    """Edit a row as Ada would."""
    for name, value in values.items():
        setattr(row, name, value)
    ada = User.objects.filter(username="ada").first() or a_person("ada")
    edits.save([row], by=ada, now=timezone.now(), update_fields=set(values))


def undo_address(row: Any) -> str:
    """Return where the newest edit of the row is undone."""
    newest = type(row).history.filter(id=row.pk).order_by("-history_id").first()
    return address(f"{row._meta.model_name}_undo", row.pk, newest.pk)


def undo(signed_in: Client, row: Any) -> Any:
    """Undo the newest edit of the row, and say that it is meant."""
    page = signed_in.get(undo_address(row))
    assert "Nothing is saved yet." in text_of(page), text_of(page)
    return confirm(signed_in, page)


def test_the_newest_edit_offers_to_be_undone(signed_in: Client) -> None:
    brand = a_brand(daily="100")
    edit(brand, daily_budget=Decimal(50))
    page = signed_in.get(address("brand_history", brand.pk))
    assert page.content.decode().count("Undo this edit") == 1
    assert undo_address(brand) in page.content.decode()


def test_an_edit_is_offered_though_a_hold_came_and_went_after_it(signed_in: Client) -> None:
    campaign = a_campaign(daily="100")
    edit(campaign, daily_budget=Decimal(50))
    budgets = undo_address(campaign)
    hold(campaign, by=None, now=timezone.now())
    release(campaign, by=None, now=timezone.now())
    page = signed_in.get(address("campaign_history", campaign.pk))
    assert page.content.decode().count("Undo this edit") == 1
    assert budgets in page.content.decode()
    confirm(signed_in, signed_in.get(budgets))
    assert Campaign.objects.get().daily_budget == Decimal(100)


def test_an_edit_is_undone_during_a_hold_which_stays(signed_in: Client) -> None:
    brand = a_brand(daily="100")
    edit(brand, daily_budget=Decimal(50))
    budgets = undo_address(brand)
    hold(brand, by=None, now=timezone.now())
    confirm(signed_in, signed_in.get(budgets))
    brand.refresh_from_db()
    assert (brand.daily_budget, brand.is_held) == (Decimal(100), True)


def test_an_edit_whose_values_were_changed_again_is_not_offered(signed_in: Client) -> None:
    brand = a_brand(daily="100")
    edit(brand, daily_budget=Decimal(50), name="Acme Ltd")
    first = undo_address(brand)
    edit(brand, daily_budget=Decimal(70))
    page = signed_in.get(address("brand_history", brand.pk)).content.decode()
    assert page.count("Undo this edit") == 1
    assert first not in page


def test_a_row_that_was_only_added_offers_nothing(signed_in: Client) -> None:
    page = signed_in.get(address("brand_history", a_brand().pk))
    assert "Undo this edit" not in text_of(page)


def test_a_hold_is_released_and_not_undone(signed_in: Client) -> None:
    campaign = a_campaign()
    hold(campaign, by=None, now=timezone.now())
    assert "Undo this edit" not in text_of(signed_in.get(address("campaign_history", campaign.pk)))
    assert signed_in.get(undo_address(campaign)).status_code == 404


def test_what_comes_back_is_shown_first(signed_in: Client) -> None:
    brand = a_brand(daily="100")
    edit(brand, daily_budget=Decimal(50))
    assert "Daily budget $50.00 $100.00" in text_of(signed_in.get(undo_address(brand)))
    assert Brand.objects.get().daily_budget == Decimal(50)


def test_undoing_puts_back_what_the_edit_changed_and_nothing_else(signed_in: Client) -> None:
    brand = a_brand(daily="100", monthly="1000")
    edit(brand, monthly_budget=Decimal(2000))
    edit(brand, daily_budget=Decimal(50))
    undo(signed_in, brand)
    brand.refresh_from_db()
    assert (brand.daily_budget, brand.monthly_budget) == (Decimal(100), Decimal(2000))


def test_undoing_is_an_edit_with_a_note(signed_in: Client, owner: User) -> None:
    brand = a_brand(daily="100")
    edit(brand, daily_budget=Decimal(50))
    assert "The edit was undone." in told(undo(signed_in, brand))
    newest = Brand.history.order_by("-history_id").first()
    assert newest.history_user == owner
    assert newest.history_change_reason.startswith("Undo of the edit of")
    assert newest.history_change_reason.endswith("by ada")


def test_it_shows_what_would_start_and_starts_it(signed_in: Client, owner: User) -> None:
    campaign = a_campaign(daily="100")
    spend(campaign, "60", at=timezone.now())
    edit(campaign, daily_budget=Decimal(50))
    page = signed_in.get(undo_address(campaign))
    assert "1 campaign starts" in text_of(page)
    assert Campaign.objects.get().status == "paused"
    confirm(signed_in, page)
    assert Campaign.objects.get().status == "running"
    assert Change.objects.order_by("id").last().by == owner  # type: ignore[union-attr]  # there is one


def test_undoing_can_be_undone(signed_in: Client) -> None:
    brand = a_brand(daily="100")
    edit(brand, daily_budget=Decimal(10))
    undo(signed_in, brand)
    undo(signed_in, brand)
    assert Brand.objects.get().daily_budget == Decimal(10)


def test_what_somebody_changed_since_is_left_alone(signed_in: Client) -> None:
    brand = a_brand(daily="100")
    edit(brand, daily_budget=Decimal(50))
    page = signed_in.get(undo_address(brand))
    edit(brand, daily_budget=Decimal(70))
    answer = confirm(signed_in, page)
    (said,) = told(answer)
    assert said.startswith("Nothing was undone. Since that edit: ada set Daily budget from $50.00")
    assert "$70.00 on " in said
    assert Brand.objects.get().daily_budget == Decimal(70)


def test_an_edit_of_something_else_since_does_not_matter(signed_in: Client) -> None:
    brand = a_brand(daily="100")
    edit(brand, daily_budget=Decimal(50))
    page = signed_in.get(undo_address(brand))
    edit(brand, name="Acme Ltd")
    confirm(signed_in, page)
    brand.refresh_from_db()
    assert (brand.name, brand.daily_budget) == ("Acme Ltd", Decimal(100))


def test_the_hours_of_a_schedule_come_back(signed_in: Client) -> None:
    schedule = a_schedule("Mon-Sun 00:00-24:00")
    edit(schedule, hours="Mon 09:00-10:00")
    undo(signed_in, schedule)
    assert Schedule.objects.get().week_hours.open_quarters == 7 * 24 * 4


def test_what_cannot_come_back_is_said(signed_in: Client) -> None:
    schedule = a_schedule()
    campaign = a_campaign(schedule=schedule)
    edit(campaign, schedule=None)
    schedule.delete()
    answer = signed_in.get(undo_address(campaign))
    assert "It cannot be undone:" in told(answer)[0]


def test_a_viewer_undoes_nothing(viewer: Client) -> None:
    brand = a_brand(daily="100")
    edit(brand, daily_budget=Decimal(50))
    assert "Undo this edit" not in text_of(viewer.get(address("brand_history", brand.pk)))
    assert viewer.get(undo_address(brand)).status_code == 403


def test_a_campaign_does_not_go_back_to_a_brand_beyond_reach(db: None) -> None:
    mine, other = a_brand(name="Mine"), a_brand(name="Other")
    campaign = a_campaign(brand=other)
    edit(campaign, brand=mine)
    user = User.objects.create_user("manager", is_staff=True)
    user.groups.add(Group.objects.get(name=MANAGER))
    BrandAccess.objects.create(user=user, all_brands=False).brands.set([mine])
    client = Client()
    client.force_login(user)
    assert client.get(undo_address(campaign)).status_code == 404
