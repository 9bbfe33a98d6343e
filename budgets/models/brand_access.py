"""Brand access: which brands a person sees and works on."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from budgets.models.brand_scope import BrandScope


class BrandAccess(BrandScope):
    """The brands of one person. Somebody without a row covers none; a superuser covers all."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="brand_access",
        verbose_name=_("user"),
    )

    class Meta:
        verbose_name = _("brand access")
        verbose_name_plural = _("brand access")

    def __str__(self) -> str:
        return str(_("All brands") if self.all_brands else _("Only some brands"))


def access_of(user: Any) -> BrandAccess:
    """Return what the person covers; looked up once, then carried by the user of the request."""
    known: BrandAccess | None = getattr(user, "_brand_access_found", None)
    if known is None:
        known = find_access(user)
        user._brand_access_found = known
    return known


def find_access(user: Any) -> BrandAccess:
    """Look up what the person covers; nothing where nobody has said so."""
    if user.is_superuser:
        return BrandAccess(user_id=user.pk, all_brands=True)
    found = BrandAccess.objects.filter(user_id=user.pk).first() if user.pk else None
    return found or BrandAccess(user_id=user.pk)
