"""Job: long work that somebody asked for in the admin, done by a worker; its result is kept."""

import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def dead_after() -> timedelta:
    """Return after how long a silence a process is dead; its job is resumed."""
    return timedelta(seconds=settings.JOB_DEAD_AFTER_SECONDS)


def new_folder_name() -> str:
    """Return a name that nobody can guess."""
    return secrets.token_hex(16)


class JobState(models.TextChoices):
    """How far a job has come."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs by what is to be done about them."""

    def due(self, *, now: datetime) -> Self:
        """Return those that nobody works on: they wait, or their process died."""
        is_dead = Q(state=JobState.RUNNING, beat_at__lt=now - dead_after())
        return self.filter(Q(state=JobState.WAITING) | is_dead)


class Job(models.Model):
    """Work of one kind with its arguments, the process that does it, and what came of it."""

    kind = models.CharField(_("kind"), max_length=50)
    title = models.CharField(_("title"), max_length=200)
    arguments = models.JSONField(default=dict, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("asked for by"),
    )
    asked_at = models.DateTimeField(_("asked for at"))
    folder_name = models.CharField(max_length=32, default=new_folder_name, editable=False)

    state = models.CharField(
        _("state"), max_length=10, choices=JobState.choices, default=JobState.WAITING
    )
    runner = models.CharField(max_length=32, default="", editable=False)
    """A name of the process that works on it; only that one may write what came of it."""
    slot = models.PositiveSmallIntegerField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    began_at = models.DateTimeField(_("began at"), null=True)
    beat_at = models.DateTimeField(null=True, editable=False)
    """When its process last said that it works."""
    ended_at = models.DateTimeField(_("ended at"), null=True)

    share = models.FloatField(default=0, editable=False)
    """How much is done, about: 0 to 1."""
    progress = models.CharField(max_length=200, default="", editable=False)
    result = models.JSONField(null=True, editable=False)
    error = models.TextField(_("error"), default="")

    objects: ClassVar[JobQuerySet] = JobQuerySet.as_manager()  # type: ignore[assignment]  # typed by class

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(fields=["slot"], name="a_slot_has_one_job"),
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, slot__isnull=False)
                | (~Q(state=JobState.RUNNING) & Q(slot__isnull=True)),
                name="running_jobs_have_a_slot",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(state__in=[JobState.WAITING, JobState.RUNNING]),
                name="jobs_not_ended",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in {JobState.DONE, JobState.FAILED}

    @property
    def folder(self) -> Path:
        """Where its files are, on the machine of web and workers; readable by them alone."""
        return Path(settings.VAR_DIR) / "jobs" / self.folder_name
