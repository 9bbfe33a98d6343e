"""Who may plan a budget: those who may set the one of today."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from budgets.models import Brand, Campaign


def may_set(user: Any, row: Brand | Campaign) -> bool:
    """Say whether somebody may edit the brand or campaign itself."""
    return bool(user.has_perm(f"budgets.change_{row._meta.model_name}"))


def check_may_set(user: Any, row: Brand | Campaign) -> None:
    """Raise `ValidationError` for somebody who may not."""
    if not may_set(user, row):
        text = _("You may not set budgets of a %(what)s.")
        raise ValidationError(text % {"what": row._meta.verbose_name})
