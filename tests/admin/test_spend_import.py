"""A file of spend is uploaded, previewed, and imported as it was previewed, by the same person."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from budgets.models import Brand, BrandAccess, Campaign, CampaignMatch, Job, LedgerEntry, Spend
from budgets.operations.jobs.files import REFUSED, UPLOAD
from budgets.operations.jobs.keep import discard_old
from tests.admin.pages import address, text_of
from tests.builders import a_brand, a_campaign, an_instant, the_clock_at

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
HEADER = "campaign_id,occurred_at,amount,currency"


@pytest.fixture
def campaign() -> Campaign:
    return a_campaign(brand=a_brand(name="Acme"), name="Spring sale", daily="5")


def rows_of(campaign: Campaign, *amounts: str) -> str:
    rows = (f"{campaign.pk},2026-03-10T11:00:00Z,{amount},USD" for amount in amounts)
    return "\n".join([HEADER, *rows, ""])


def upload(browser: Client, content: str, **data: Any) -> Any:
    file = SimpleUploadedFile("march.csv", content.encode())
    with the_clock_at(NOON):
        return browser.post(
            address("spend_import_spend"), {"file": file, "source": "agency", **data}, follow=True
        )


def confirm(browser: Client, pk: int | None = None) -> Any:
    pk = pk or Job.objects.latest("pk").pk
    with the_clock_at(NOON):
        return browser.post(address("spend_confirm_import", pk), follow=True)


def answer(browser: Client, **data: Any) -> Any:
    pk = Job.objects.latest("pk").pk
    with the_clock_at(NOON):
        return browser.post(address("spend_answer", pk), data, follow=True)


def refused_rows(browser: Client) -> Any:
    return browser.get(address("spend_refused", Job.objects.latest("pk").pk))


def test_the_list_of_spend_offers_the_import(signed_in: Client) -> None:
    assert address("spend_import_spend") in signed_in.get(address("spend_changelist")).text
    assert "Which file?" in text_of(signed_in.get(address("spend_import_spend")))


def test_what_is_picked_is_sent_back_and_so_is_nothing(
    signed_in: Client, campaign: Campaign
) -> None:
    assert (
        '<option value="" selected></option>' in signed_in.get(address("spend_import_spend")).text
    )
    upload(signed_in, rows_of(campaign, "3"), brand=campaign.brand_id)
    page = signed_in.get(address("spend_answer", Job.objects.get().pk)).text
    assert f'<option value="{campaign.brand_id}" selected>Acme</option>' in page


def test_the_preview_shows_what_the_file_would_do_and_writes_nothing(
    signed_in: Client, campaign: Campaign
) -> None:
    text = text_of(upload(signed_in, rows_of(campaign, "3", "4", "1,5")))
    assert "march.csv" in text
    assert "New 2 $7.00" in text
    assert "Refused 1" in text
    assert "Would stop 1" in text
    assert "Spring sale Acme : Daily budget reached" in text
    assert not LedgerEntry.objects.exists()


def test_the_confirmed_file_is_imported_and_its_result_is_kept(
    signed_in: Client, owner: User, campaign: Campaign
) -> None:
    upload(signed_in, rows_of(campaign, "3", "4"))
    text = text_of(confirm(signed_in))
    assert "Imported by owner, Tue 10 Mar 2026, 12:00 UTC." in text
    assert "New 2 $7.00" in text
    assert "Stopped 1" in text
    assert "Spring sale Acme : Daily budget reached" in text
    assert set(LedgerEntry.objects.values_list("source", flat=True)) == {"agency"}
    change = campaign.changes.get()
    assert (change.by, change.note) == (owner, "Import of march.csv")
    assert LogEntry.objects.get().change_message.startswith("Imported march.csv: 2 new")
    job = Job.objects.get()
    assert (job.asked_by, job.state, job.title) == (owner, "done", "march.csv")
    assert "Import of spend" in text_of(signed_in.get(address("job_changelist")))


def test_confirming_twice_counts_once(signed_in: Client, campaign: Campaign) -> None:
    upload(signed_in, rows_of(campaign, "3"))
    confirm(signed_in)
    assert "New 1 $3.00" in text_of(confirm(signed_in))
    assert LedgerEntry.objects.count() == 1


def test_what_is_not_the_previewed_file_is_not_imported(
    signed_in: Client, campaign: Campaign
) -> None:
    upload(signed_in, rows_of(campaign, "3"))
    (Job.objects.get().folder / UPLOAD).write_text(rows_of(campaign, "9999"))
    assert "The uploaded file is not here any more" in text_of(confirm(signed_in))
    assert not LedgerEntry.objects.exists()


def test_another_person_cannot_confirm_or_take_the_refused_rows(
    signed_in: Client, campaign: Campaign
) -> None:
    upload(signed_in, rows_of(campaign, "3", "x"))
    other = Client()
    other.force_login(User.objects.create_superuser("eve"))
    assert confirm(other).status_code == 404
    assert refused_rows(other).status_code == 404
    assert not LedgerEntry.objects.exists()


def test_who_lost_the_right_meanwhile_imports_nothing(campaign: Campaign) -> None:
    person, browser = a_manager_of(campaign.brand)
    upload(browser, rows_of(campaign, "3"))
    BrandAccess.objects.get(user=person).brands.clear()
    assert "Refused 1" in text_of(confirm(browser))
    assert not LedgerEntry.objects.exists()


def test_an_upload_nobody_confirms_is_deleted_after_a_day(
    signed_in: Client, campaign: Campaign
) -> None:
    upload(signed_in, rows_of(campaign, "3"))
    job = Job.objects.get()
    discard_old(now=NOON + timedelta(hours=23))
    assert job.folder.exists()
    discard_old(now=NOON + timedelta(hours=25))
    assert not job.folder.exists()
    assert not Job.objects.exists()


def test_an_import_that_failed_is_tried_again(signed_in: Client, campaign: Campaign) -> None:
    upload(signed_in, rows_of(campaign, "3"))
    file = Job.objects.get().folder / UPLOAD
    file.rename(file.with_suffix(".away"))
    failed = confirm(signed_in)
    assert "Try again" in text_of(failed)
    file.with_suffix(".away").rename(file)
    assert "New 1 $3.00" in text_of(confirm(signed_in))


def test_an_imported_upload_goes_and_its_refused_rows_stay_for_a_while(
    signed_in: Client, campaign: Campaign
) -> None:
    upload(signed_in, rows_of(campaign, "3", "x"))
    confirm(signed_in)
    discard_old(now=NOON + timedelta(minutes=1))
    assert [path.name for path in Job.objects.get().folder.iterdir()] == [REFUSED]
    discard_old(now=NOON + timedelta(days=91))
    assert refused_rows(signed_in).status_code == 404
    assert "Refused 1" in text_of(signed_in.get(address("job_change", Job.objects.get().pk)))


def test_a_file_that_cannot_be_read_says_why(signed_in: Client) -> None:
    assert "is a header we know" in text_of(upload(signed_in, "name,cost\nx,1\n"))


def test_a_file_beyond_the_limit_is_refused(
    signed_in: Client, campaign: Campaign, settings: Any
) -> None:
    settings.SPEND_UPLOAD_MAX_BYTES = 10
    assert "10 bytes at most" in text_of(upload(signed_in, rows_of(campaign, "3")))


def test_a_body_beyond_the_limit_is_not_even_read(signed_in: Client, settings: Any) -> None:
    settings.SPEND_UPLOAD_MAX_BYTES = 10
    response = upload(signed_in, HEADER + "\n" * 100_000)
    assert response.status_code == 413


def test_an_upload_needs_the_token_of_the_form(owner: User, campaign: Campaign) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)
    assert upload(strict, rows_of(campaign, "3")).status_code == 403


def test_who_may_not_record_spend_may_not_import(viewer: Client, campaign: Campaign) -> None:
    assert address("spend_import_spend") not in viewer.get(address("spend_changelist")).text
    assert viewer.get(address("spend_import_spend")).status_code == 403
    assert upload(viewer, rows_of(campaign, "3")).status_code == 403
    assert confirm(viewer, 1).status_code == 403
    assert viewer.get(address("spend_refused", 1)).status_code == 403


def a_manager_of(brand: Brand) -> tuple[User, Client]:
    person = User.objects.create_user("grace", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(content_type__app_label="budgets"))
    BrandAccess.objects.create(user=person).brands.add(brand)
    browser = Client()
    browser.force_login(person)
    return person, browser


def test_rows_of_brands_out_of_reach_are_refused(campaign: Campaign) -> None:
    _, browser = a_manager_of(campaign.brand)
    beyond = a_campaign(name="Secret sale")
    content = rows_of(campaign, "3") + rows_of(beyond, "4").partition("\n")[2]
    preview = upload(browser, content)
    assert f"There is no campaign '{beyond.pk}'." in text_of(preview)
    confirm(browser)
    assert list(LedgerEntry.objects.values_list("campaign", flat=True)) == [campaign.pk]


def test_refused_rows_are_downloaded_with_their_reasons(
    signed_in: Client, campaign: Campaign
) -> None:
    upload(signed_in, rows_of(campaign, "3", "x"))
    response = refused_rows(signed_in)
    lines = response.getvalue().decode().splitlines()
    assert lines[0] == f"{HEADER},source,line,reason"
    assert "is not an amount" in lines[1]
    assert "refused rows of march.csv" in response["Content-Disposition"]


def test_cells_are_shown_as_text(signed_in: Client) -> None:
    evil = "<script>alert(1)</script>"
    response = upload(signed_in, f"{HEADER}\n{evil},2026-03-10T11:00Z,1,USD\n")
    assert evil not in response.content.decode()


def test_nothing_new_offers_nothing_to_import(signed_in: Client, campaign: Campaign) -> None:
    content = rows_of(campaign, "3")
    upload(signed_in, content)
    confirm(signed_in)
    again = upload(signed_in, content)
    assert "There is nothing new in this file." in text_of(again)


def totals_of(campaign: Campaign, *amounts: str) -> str:
    rows = (f"{campaign.pk},2026-03-10,{amount},USD" for amount in amounts)
    return "\n".join(["campaign_id,day,total,currency", *rows, ""])


def test_day_totals_need_the_name_of_their_source(signed_in: Client, campaign: Campaign) -> None:
    page = upload(signed_in, totals_of(campaign, "5"), source="")
    assert "they need its name" in text_of(page)
    answered = answer(signed_in, source="google")
    assert "New 1 $5.00" in text_of(answered)
    confirm(signed_in)
    assert LedgerEntry.objects.get().source == "google"


def test_only_who_uploaded_a_file_answers_for_it(signed_in: Client, campaign: Campaign) -> None:
    upload(signed_in, totals_of(campaign, "5"), source="")
    other = Client()
    other.force_login(User.objects.create_superuser("eve"))
    assert answer(other, source="google").status_code == 404
    shown = text_of(other.get(address("job_change", Job.objects.get().pk)))
    assert "they need its name" in shown
    assert "Show what it would do" not in shown


def test_what_was_said_of_a_file_can_be_said_anew_before_it_is_imported(
    signed_in: Client, campaign: Campaign
) -> None:
    upload(signed_in, totals_of(campaign, "5"), source="gogle")
    page = signed_in.get(address("spend_answer", Job.objects.get().pk))
    assert 'value="gogle"' in page.text
    answer(signed_in, source="google")
    confirm(signed_in)
    assert LedgerEntry.objects.get().source == "google"
    assert answer(signed_in, source="meta").redirect_chain
    assert LedgerEntry.objects.get().source == "google"


def test_the_preview_says_what_is_added_up_and_what_would_be_replaced(
    signed_in: Client, campaign: Campaign
) -> None:
    page = upload(signed_in, totals_of(campaign, "3", "1"))
    assert "are added up: 1 total" in text_of(page)
    confirm(signed_in)
    with the_clock_at(NOON + timedelta(minutes=1)):
        file = SimpleUploadedFile("march.csv", totals_of(campaign, "2.50").encode())
        data = {"file": file, "source": "agency"}
        again = signed_in.post(address("spend_import_spend"), data, follow=True)
    shown = text_of(again)
    assert "Totals that would be replaced" in shown
    assert "$4.00 $2.50" in " ".join(shown.split())


def a_platforms(campaign: Campaign, external_id: str) -> Campaign:
    campaign.external_id = external_id
    campaign.save()
    return campaign


GOOGLE = """Campaign report
"March 10, 2026 - March 10, 2026"
Day,Campaign,Campaign ID,Currency code,Cost
2026-03-10,Spring sale,88001,USD,"1,234.50"
Total: Campaigns, --, --,USD,"1,234.50"
"""


def test_the_report_of_a_platform_is_taken_as_it_was_downloaded(
    signed_in: Client, campaign: Campaign
) -> None:
    a_platforms(campaign, "88001")
    text = text_of(upload(signed_in, GOOGLE, source=""))
    assert "A report of Google Ads, recognised by" in text
    assert "of the source google" in text
    assert "The rows add up to the file's own total." in text
    assert "New 1 $1,234.50" in text


def test_rows_beside_the_files_own_total_are_taken_when_the_person_says_so(
    signed_in: Client, campaign: Campaign
) -> None:
    a_platforms(campaign, "88001")
    cut_off = GOOGLE.replace('USD,"1,234.50"\nTotal', 'USD,"1,000.00"\nTotal')
    assert "the rows are 234.50 less" in text_of(upload(signed_in, cut_off, source=""))
    text = text_of(answer(signed_in, despite_totals="on"))
    assert "The rows differ from the file's own total by -234.50" in text
    assert "New 1 $1,000.00" in text


UNKNOWN = "When,Ref,Burned,Clicks\n2026-03-10,88001,5.00,7\n"


def test_columns_we_do_not_know_are_chosen_once_and_remembered_for_the_next_file(
    signed_in: Client, campaign: Campaign
) -> None:
    a_platforms(campaign, "88001")
    page = upload(signed_in, UNKNOWN, source="radio")
    assert "Burned (5.00)" in text_of(page)
    columns = {"column_day": "When", "column_external_id": "Ref", "column_total": "Burned"}
    answered = answer(signed_in, source="radio", currency="USD", remember="on", **columns)
    assert "New 1 $5.00" in text_of(answered)
    confirm(signed_in)
    next_file = UNKNOWN.replace("5.00", "6.00").replace("-10", "-09")
    assert "read as owner chose on 2026-03-10" in text_of(upload(signed_in, next_file, source=""))
    assert "New 1 $6.00" in text_of(
        signed_in.get(address("job_change", Job.objects.latest("pk").pk))
    )


def test_columns_are_kept_for_one_file_only_when_the_person_wants_that(
    signed_in: Client, campaign: Campaign
) -> None:
    a_platforms(campaign, "88001")
    upload(signed_in, UNKNOWN, source="radio")
    columns = {"column_day": "When", "column_external_id": "Ref", "column_total": "Burned"}
    answer(signed_in, source="radio", currency="USD", **columns)
    assert "Show what it would do" in text_of(upload(signed_in, UNKNOWN, source="radio"))


@pytest.mark.parametrize("kind", ["day-totals", "entries"])
def test_a_template_is_downloaded_filled_in_and_taken(
    signed_in: Client, campaign: Campaign, kind: str
) -> None:
    a_platforms(campaign, "88001")
    with the_clock_at(NOON):
        template = signed_in.get(address("spend_template", kind)).content.decode("utf-8-sig")
    filled = template.replace("id-of-a-campaign", "88001").replace("id-of-another", "88001")
    assert "Refused 0" in text_of(upload(signed_in, filled))


NAMES_ONLY = """day,campaign,total,currency
2026-03-10,Spring SALE,3.00,USD
2026-03-10,Spring sales,4.00,USD
2026-03-09,Spring sales,1.00,USD
2026-03-10,Somebody else's,9.00,USD
"""


def match(browser: Client, **data: Any) -> Any:
    pk = Job.objects.latest("pk").pk
    with the_clock_at(NOON):
        return browser.post(address("spend_match", pk), data, follow=True)


def test_campaigns_are_found_by_their_names_within_the_chosen_brand(
    signed_in: Client, campaign: Campaign
) -> None:
    page = upload(signed_in, NAMES_ONLY)
    assert "Choose the brand whose campaigns it means" in text_of(page)
    text = text_of(answer(signed_in, source="agency", brand=campaign.brand_id))
    assert "1 campaign is found by its name." in text
    assert "New 1 $3.00" in text
    assert "2 campaigns of this file are not known. Say which of ours they are" in text


def test_unknown_campaigns_are_matched_once_and_for_all(
    signed_in: Client, campaign: Campaign
) -> None:
    upload(signed_in, NAMES_ONLY, brand=campaign.brand_id)
    page = signed_in.get(address("spend_match", Job.objects.get().pk))
    text = text_of(page)
    assert "Spring sales line 3 2 $5.00" in text
    assert f'<option value="{campaign.pk}">Spring sale</option>' in " ".join(page.text.split())
    text = text_of(match(signed_in, choice_0=campaign.pk, choice_1="left out"))
    assert "New 3 $8.00" in text
    assert "Left out 1 of 1 campaign, as somebody chose" in text
    later = NAMES_ONLY.replace("2026-03-10", "2026-03-08").replace("2026-03-09", "2026-03-07")
    assert "New 3 $8.00" in text_of(upload(signed_in, later, brand=campaign.brand_id))


def test_a_campaign_that_is_not_suggested_is_picked(signed_in: Client, campaign: Campaign) -> None:
    other = a_campaign(brand=campaign.brand, name="Zebra")
    upload(signed_in, NAMES_ONLY, brand=campaign.brand_id)
    match(signed_in, campaign_1=other.pk)
    confirm(signed_in)
    assert set(Spend.objects.values_list("campaign__name", "amount")) == {
        ("Spring sale", Decimal(3)),
        ("Zebra", Decimal(9)),
    }


@pytest.mark.parametrize("choice", [{"choice_0": "77"}, {"campaign_0": "77"}])
def test_a_campaign_of_another_brand_is_no_match(
    signed_in: Client, campaign: Campaign, choice: dict[str, str]
) -> None:
    other = a_campaign(name="Another brand's")
    upload(signed_in, NAMES_ONLY, brand=campaign.brand_id)
    page = match(signed_in, **dict.fromkeys(choice, other.pk))
    assert not CampaignMatch.objects.exists()
    assert "that we do not know" in text_of(page)


def test_a_person_names_only_campaigns_in_reach(campaign: Campaign) -> None:
    _, browser = a_manager_of(campaign.brand)
    beyond = a_campaign(name="Secret sale")
    upload(browser, NAMES_ONLY, brand=campaign.brand_id)
    assert "Secret" not in match(browser, campaign_0=beyond.pk).text
    assert upload(browser, NAMES_ONLY, brand=beyond.brand_id).context["form"].errors["brand"]
    assert not CampaignMatch.objects.exists()


def test_one_is_chosen_or_another_one(signed_in: Client, campaign: Campaign) -> None:
    upload(signed_in, NAMES_ONLY, brand=campaign.brand_id)
    page = match(signed_in, choice_0=campaign.pk, campaign_0=campaign.pk)
    assert "Choose one of the two." in text_of(page)


def test_an_earlier_match_is_replaced_only_when_the_person_says_so(
    signed_in: Client, campaign: Campaign
) -> None:
    other = a_campaign(brand=campaign.brand, name="Zebra")
    upload(signed_in, NAMES_ONLY, brand=campaign.brand_id)
    stale = Job.objects.get().result
    match(signed_in, choice_0=campaign.pk)
    Job.objects.update(result=stale)
    assert "was matched before" in text_of(match(signed_in, campaign_0=other.pk))
    match(signed_in, campaign_0=other.pk, replace="on")
    assert CampaignMatch.objects.get().campaign == other


def test_a_file_of_which_nothing_can_be_taken_says_so(
    signed_in: Client, campaign: Campaign
) -> None:
    page = upload(signed_in, totals_of(campaign, "four"))
    assert "No row of this file can be taken" in text_of(page)
