"""Tables of quality."""

from django.db import models

from infrastructure.persistence.production.models import Lot

DISPOSITIONS = ["pending", "released", "on_hold", "rejected"]


class Decision(models.Model):
    """See `domain.quality.disposition`."""

    append_only = True

    id = models.UUIDField(primary_key=True, editable=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="decisions")
    before = models.TextField()
    after = models.TextField()
    reason = models.TextField()
    decided_at = models.DateTimeField()
    decided_by = models.TextField()

    class Meta:
        db_table = "decision"
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="decision_has_a_reason"),
            models.CheckConstraint(
                condition=models.Q(before__in=DISPOSITIONS, after__in=DISPOSITIONS),
                name="decision_is_of_known_dispositions",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} {self.after}"
