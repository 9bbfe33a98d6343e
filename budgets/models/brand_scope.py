"""BrandScope: which brands somebody, a program or a person, may know of."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from budgets.models.brand import Brand
from budgets.models.schedule import Schedule


class BrandScope(models.Model):
    """Somebody limited to brands, or not. Nothing given is nothing reached."""

    all_brands = models.BooleanField(
        _("all brands"), default=False, help_text=_("Also those that are added later.")
    )
    brands = models.ManyToManyField(
        Brand,
        blank=True,
        related_name="+",
        verbose_name=_("brands"),
        help_text=_("The brands it is limited to, unless it is for all."),
    )
    own_schedules = models.ManyToManyField(Schedule, blank=True, editable=False, related_name="+")

    bound: "BrandScope | None" = None
    """Somebody beyond whose brands this does not reach, whatever it says itself."""

    class Meta:
        abstract = True

    @property
    def reaches_all(self) -> bool:
        """Whether every brand is in scope."""
        return self.all_brands and (self.bound is None or self.bound.reaches_all)

    def covers(self, brand: str) -> Q:
        """Return the condition that a row is of a brand in scope; `brand` is the path to it."""
        own = Q() if self.all_brands else Q(**{f"{brand}__in": self.brand_ids})
        return own & self.bound.covers(brand) if self.bound else own

    @property
    def brand_ids(self) -> Any:
        mine = {f"{self._meta.model_name}_id": self.pk}
        return type(self).brands.through._default_manager.filter(**mine).values("brand_id")

    @property
    def own_schedule_ids(self) -> Any:
        """The ids of the schedules made by whom this is about, as a subquery."""
        mine = {f"{self._meta.model_name}_id": self.pk}
        return (
            type(self).own_schedules.through._default_manager.filter(**mine).values("schedule_id")
        )
