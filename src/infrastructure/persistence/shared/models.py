"""What models of every context have in common, and the receipts of answered requests."""

from django.db import models
from django.db.models import Q

SIGNED_OR_NOT = Q(signed_by="", signature_meaning="", signed_at=None, signed_document="", signature_proven=False) | (
    ~Q(signed_by="") & ~Q(signature_meaning="") & Q(signed_at__isnull=False)
)


class TimeStampedModel(models.Model):
    """A row that says when it was stored and last changed, by the server's clock."""

    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True


class SignedModel(models.Model):
    """A fact with the signature under it, if anybody signed: who, what it means, when, and what was signed."""

    signed_by = models.TextField(blank=True, db_default="")
    signature_meaning = models.TextField(blank=True, db_default="")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_document = models.TextField(blank=True, db_default="")
    signature_proven = models.BooleanField(db_default=False)

    class Meta:
        abstract = True


class Receipt(models.Model):
    """The answer to a request with an Idempotency-Key, stored with its effect.

    `sights` has the codes of the sites, or null for every one, by each right that the answer takes. Answers from before
    there were any are for who may read everywhere.
    """

    caller = models.TextField()
    key = models.TextField()
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField()
    body = models.BinaryField()
    sights = models.JSONField(db_default={"read": None})
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        db_table = "receipt"
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="receipt_key_is_used_once")]

    def __str__(self) -> str:
        return f"{self.caller} {self.key}"
