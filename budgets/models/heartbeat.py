"""Heartbeat: when each recurring task last did its work, and the brands it could not do it for."""

import re
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from budgets.models.brand import Brand

PART = re.compile(r"(\w+) (\d+)/(\d+)")


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """Which part of how many of a task; a task that is not divided is part 1 of 1."""

    task: str
    of: int = 1
    number: int = 1

    def __str__(self) -> str:
        return self.task if self.of == 1 else f"{self.task} {self.number}/{self.of}"

    @classmethod
    def named(cls, name: str) -> "Part":
        """Return the part whose heartbeat has the name."""
        found = PART.fullmatch(name)
        return cls(found[1], int(found[3]), int(found[2])) if found else cls(name)


class Heartbeat(models.Model):
    """The last run that a task, or a part of one, finished; health is judged by its age."""

    name = models.CharField(_("task"), max_length=100, primary_key=True)
    at = models.DateTimeField(_("last run"), help_text=_("When it had finished."))
    began_at = models.DateTimeField(_("began"), null=True)
    """The instant it worked for; a pull of spend goes on from here."""

    result = models.BigIntegerField(_("result"), default=0)

    class Meta:
        ordering = ["name"]
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name


class UndecidedBrand(models.Model):
    """A brand whose campaigns stay as they are, because deciding it fails: since when and why."""

    brand = models.OneToOneField(
        Brand, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    since = models.DateTimeField()
    error = models.TextField()

    class Meta:
        ordering = ["brand"]

    def __str__(self) -> str:
        return f"{self.brand_id}: {self.error}"
