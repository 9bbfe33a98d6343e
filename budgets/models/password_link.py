"""Password link: that somebody was given a link by which to choose a password."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PasswordLink(models.Model):
    """A link that was made for an invitation or a forgotten password; kept until it is used.

    The link itself is signed by Django and stands nowhere.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="password_links"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    """Who handed it over; nobody, where its person asked for it on the sign-in page."""
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("password link")
        verbose_name_plural = _("password links")

    def __str__(self) -> str:
        return f"{self.user} {self.made_at:%Y-%m-%d %H:%M}"
