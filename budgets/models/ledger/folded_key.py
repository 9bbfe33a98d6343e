"""Folded key: what is left of an entry that was folded, so that it still counts once."""

from django.db import models


class FoldedKey(models.Model):
    """A key the ledger has seen, and what was sent under it, as fingerprints of 16 bytes."""

    name = models.BinaryField(primary_key=True, max_length=16)
    payload = models.BinaryField(max_length=16)
    recorded_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["recorded_on"], name="folded_key_oldest_first")]

    def __str__(self) -> str:
        return bytes(self.name).hex()
