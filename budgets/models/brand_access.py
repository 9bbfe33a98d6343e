"""Brand access: which brands a person sees and works on."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from budgets.models.brand_scope import BrandScope


class BrandAccess(BrandScope):
    """The brands of one person. Somebody without a row sees none; a superuser sees all."""

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
