"""Two-step roles: the roles whose people have to sign in with a code as well."""

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _


class TwoStepRole(models.Model):
    """A role that demands two-step sign-in; no row, no demand."""

    group = models.OneToOneField(
        Group,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="two_step",
        verbose_name=_("role"),
    )

    class Meta:
        ordering = ["group"]
        verbose_name = _("role with two-step sign-in")
        verbose_name_plural = _("roles with two-step sign-in")

    def __str__(self) -> str:
        return self.group.name
