"""What a brand says about platforms whose spend cannot be read."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class FeedsWatched(models.Model):
    """After how long a feed counts as silent, and whether that pauses its campaigns."""

    silent_after_minutes = models.PositiveIntegerField(
        _("silent after minutes"),
        null=True,
        blank=True,
        default=60,
        db_default=60,
        validators=[MinValueValidator(1)],
        help_text=_("Warn when a platform's spend could not be read for so long. Empty: never."),
    )
    pauses_when_silent = models.BooleanField(
        _("pause when silent"),
        default=False,
        db_default=False,
        help_text=_("Then also pause its campaigns: nobody knows what they spend."),
    )

    class Meta:
        abstract = True
