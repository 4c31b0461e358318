"""What models of every context have in common, and the receipts of answered requests."""

from django.db import models


class TimeStampedModel(models.Model):
    """A row that says when it was stored and last changed, by the server's clock."""

    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True


class Receipt(models.Model):
    """The answer to a request with an Idempotency-Key, stored with its effect."""

    caller = models.TextField()
    key = models.TextField()
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField()
    body = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        db_table = "receipt"
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="receipt_key_is_used_once")]

    def __str__(self) -> str:
        return f"{self.caller} {self.key}"
