"""Given answers: what a request that created something was answered, for when it is sent again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from budgets.models.keys.api_key import ApiKey


class GivenAnswer(models.Model):
    """What was answered to a request that created something, for when it is sent again."""

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="given_answers")
    name = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(default="")
    location = models.CharField(max_length=200, default="")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        verbose_name = _("given answer")
        verbose_name_plural = _("given answers")
        constraints = [
            models.UniqueConstraint(
                "api_key", "name", name="an_answer_is_given_once_a_key_and_idempotency_name"
            )
        ]
        indexes = [models.Index(fields=["created_at"], name="given_answer_by_age")]

    def __str__(self) -> str:
        return self.name
