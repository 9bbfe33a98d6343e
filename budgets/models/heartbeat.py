"""Heartbeat: when each recurring task last did its work."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """The last run of one task; dashboard and `/healthz` look at its age."""

    name = models.CharField(_("task"), max_length=100, primary_key=True)
    at = models.DateTimeField(_("last run"))
    result = models.BigIntegerField(_("result"), default=0)

    class Meta:
        ordering = ["name"]
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name
