"""Period: what a budget and a statement are about."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Period(models.TextChoices):
    """What a budget and a statement are about."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
