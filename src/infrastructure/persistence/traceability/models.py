"""The genealogy as a graph that a recursive query walks quickly, and recalls."""

from django.db import models
from django.db.models import F, Q

from infrastructure.persistence.catalog.models import Partner
from infrastructure.persistence.production.models import Lot
from infrastructure.persistence.shared.fields import ExactDecimalField
from infrastructure.persistence.shared.models import SIGNED_OR_NOT, SignedModel


class Passage(models.Model):
    """From a lot into an operation, or from an operation into a lot; triggers keep it equal to the standing movements.

    A lot is its number, an operation the negative of its sequence: walking takes one index and no other table, and an
    operation with a thousand lots on each side is two thousand rows, not a million.
    """

    kept_by_triggers = True

    pk = models.CompositePrimaryKey("source", "target")
    source = models.BigIntegerField()
    target = models.BigIntegerField()

    class Meta:
        db_table = "passage"
        indexes = [models.Index(fields=["target", "source"], name="passage_backward")]

    def __str__(self) -> str:
        return f"{self.source} {self.target}"


class Recall(SignedModel):
    """See `domain.traceability.recall`. `suspects` is what `domain.traceability.origin` makes of the origin,
    `opening_signature` what `Signature.stated` does.
    """

    application_may_update = (
        "state",
        "conclusion",
        "closed_at",
        "closed_by",
        "signed_by",
        "signature_meaning",
        "signed_at",
        "signed_document",
        "signature_proven",
        "opening_signature",
        "signature_due",
        "version",
    )

    id = models.UUIDField(primary_key=True, editable=False)
    code = models.TextField()
    hazard = models.TextField()
    known_at = models.DateTimeField()
    suspects = models.JSONField()
    mock = models.BooleanField()
    opened_at = models.DateTimeField()
    opened_by = models.TextField()
    state = models.TextField()
    conclusion = models.TextField(blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.TextField(blank=True, default="")
    opening_signature = models.JSONField(null=True, blank=True)
    signature_due = models.BooleanField(db_default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "recall"
        indexes = [models.Index(fields=["state"], name="recall_open", condition=Q(state="open"))]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="recall_code_is_unique"),
            models.CheckConstraint(condition=~Q(hazard=""), name="recall_has_a_hazard"),
            models.CheckConstraint(condition=Q(known_at__lte=F("opened_at")), name="recall_is_of_a_known_hazard"),
            models.CheckConstraint(
                condition=Q(state="open", conclusion="", closed_at=None, closed_by="")
                | (Q(state="closed", closed_at__isnull=False) & ~Q(conclusion="") & ~Q(closed_by="")),
                name="recall_is_open_or_concluded",
            ),
            models.CheckConstraint(condition=SIGNED_OR_NOT, name="recall_is_signed_or_not"),
            models.CheckConstraint(condition=Q(state="closed") | Q(signed_at=None), name="recall_is_signed_on_closing"),
            models.CheckConstraint(
                condition=Q(signature_due=False) | Q(state="open", opening_signature__isnull=True),
                name="recall_is_signed_before_it_is_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class RecalledLot(models.Model):
    """A lot of a recall, since when, and by how few operations it follows from a suspect."""

    application_may_update = ("depth",)

    id = models.BigAutoField(primary_key=True)
    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="lots", db_index=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="recalls")
    depth = models.PositiveIntegerField()
    joined_at = models.DateTimeField()

    class Meta:
        db_table = "recalled_lot"
        constraints = [models.UniqueConstraint(fields=["recall", "lot"], name="lot_is_once_in_a_recall")]

    def __str__(self) -> str:
        return f"{self.recall_id} {self.lot_id}"


class RecallEntry(models.Model):
    """See `domain.traceability.recall.LogEntry`."""

    append_only = True

    id = models.UUIDField(primary_key=True, editable=False)
    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="log", db_index=False)
    step = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="recall_log", null=True, blank=True)
    kilograms = ExactDecimalField(null=True, blank=True)
    text = models.TextField(blank=True, default="")
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "recall_entry"
        indexes = [models.Index(fields=["recall", "at", "id"], name="recall_entry_in_order")]
        constraints = [
            models.CheckConstraint(condition=Q(at__lte=F("recorded_at")), name="recall_entry_is_of_the_past"),
            models.CheckConstraint(
                condition=Q(step="note")
                | Q(step__in=["notified", "acknowledged", "returned", "destroyed"], partner__isnull=False),
                name="recall_entry_names_its_customer",
            ),
            models.CheckConstraint(
                condition=Q(step="destroyed", kilograms__isnull=False, kilograms__gt=0)
                | (~Q(step="destroyed") & Q(kilograms=None)),
                name="recall_entry_says_how_much_was_destroyed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recall_id} {self.step}"


class RecallReport(models.Model):
    """See `application.traceability.recall_queries.StoredReport`. The document is the very text that was hashed."""

    append_only = True

    recall = models.OneToOneField(Recall, on_delete=models.PROTECT, related_name="report", primary_key=True)
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    closed_at = models.DateTimeField()
    picture = models.TextField()

    class Meta:
        db_table = "recall_report"

    def __str__(self) -> str:
        return f"{self.recall_id} {self.sha256}"
