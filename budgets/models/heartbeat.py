"""Heartbeat: when each recurring task last did its work, and the brands it could not do it for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from budgets.models.brand import Brand


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
