"""How often tasks run, edited in the admin."""

from django.test import Client
from django.urls import reverse
from django_celery_beat.models import IntervalSchedule, PeriodicTask, PeriodicTasks

from tests.admin.pages import text_of


def test_an_edited_interval_reaches_beat(signed_in: Client) -> None:
    interval = IntervalSchedule.objects.get(every=600)
    before = PeriodicTasks.last_change()
    page = reverse("admin:django_celery_beat_intervalschedule_change", args=[interval.pk])
    none = {f"periodictask_set-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL")}
    assert signed_in.post(page, {"every": "60", "period": "seconds", **none}).status_code == 302
    assert PeriodicTask.objects.get(name="check_spend").interval.every == 60
    assert PeriodicTasks.last_change() != before


def test_an_interval_that_would_end_beat_is_refused(signed_in: Client) -> None:
    page = reverse("admin:django_celery_beat_intervalschedule_add")
    none = {f"periodictask_set-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL")}
    answer = signed_in.post(page, {"every": "2000000000", "period": "days", **none})
    assert "This is longer than beat can count. Take less." in text_of(answer)
    assert not IntervalSchedule.objects.filter(every=2_000_000_000).exists()


def test_a_task_that_is_not_there_is_not_there(signed_in: Client) -> None:
    page = reverse("admin:django_celery_beat_periodictask_change", args=[987_654])
    answer = signed_in.get(page)
    assert answer.status_code == 404
    assert "There is no periodic task 987654." in text_of(answer)


def test_the_inputs_of_a_task_can_be_seen(signed_in: Client) -> None:
    task = PeriodicTask.objects.get(name="check_spend")
    page = signed_in.get(reverse("admin:django_celery_beat_periodictask_change", args=[task.pk]))
    form = page.context["adminform"].form
    for name in ("name", "task", "regtask", "interval", "crontab", "args", "expire_seconds"):
        assert "border-base-200" in str(form[name]), name
