"""Imported batch: what of a file was recorded, so that starting it again skips that."""

from django.db import models


class ImportedBatch(models.Model):
    """Rows of a file that were all recorded, by a fingerprint of the file up to their end.

    A shortcut only: without it they are read again and found to be known.
    """

    fingerprint = models.CharField(max_length=32, primary_key=True)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["recorded_at"], name="imported_batch_oldest_first")]

    def __str__(self) -> str:
        return self.fingerprint
