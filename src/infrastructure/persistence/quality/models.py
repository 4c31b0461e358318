"""Tables of quality. A lot's row counts the holds that stand on it: triggers of the migrations keep that so."""

from django.db import models
from django.db.models import Q

from infrastructure.persistence.production.models import Lot
from infrastructure.persistence.shared.models import SIGNED_OR_NOT, SignedModel

DISPOSITIONS = ["pending", "released", "on_hold", "rejected"]


class Decision(SignedModel):
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
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_a_reason"),
            models.CheckConstraint(
                condition=Q(before__in=DISPOSITIONS, after__in=["released", "rejected"]),
                name="decision_is_of_known_dispositions",
            ),
            models.CheckConstraint(condition=SIGNED_OR_NOT, name="decision_is_signed_or_not"),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} {self.after}"


class Hold(SignedModel):
    """See `domain.quality.holds`. `recall` is the recall behind it, of a context beside this one."""

    append_only = True

    id = models.UUIDField(primary_key=True, editable=False)
    reason = models.TextField()
    scope = models.TextField()
    placed_at = models.DateTimeField()
    placed_by = models.TextField()
    recall = models.UUIDField(null=True, blank=True)

    class Meta:
        db_table = "hold"
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="hold_has_a_reason"),
            models.CheckConstraint(condition=SIGNED_OR_NOT, name="hold_is_signed_or_not"),
        ]

    def __str__(self) -> str:
        return self.reason


class HeldLot(models.Model):
    """A lot that a hold was placed on; it stands there until it is lifted."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="held_lots", db_index=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="held")

    class Meta:
        db_table = "held_lot"
        constraints = [models.UniqueConstraint(fields=["hold", "lot"], name="hold_stands_once_on_a_lot")]

    def __str__(self) -> str:
        return f"{self.lot_id} {self.hold_id}"


class LiftedHold(SignedModel):
    """That a hold was taken from one lot."""

    append_only = True

    held_lot = models.OneToOneField(HeldLot, on_delete=models.PROTECT, related_name="lifting", primary_key=True)
    reason = models.TextField()
    lifted_at = models.DateTimeField()
    lifted_by = models.TextField()

    class Meta:
        db_table = "lifted_hold"
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="lifted_hold_has_a_reason"),
            models.CheckConstraint(condition=SIGNED_OR_NOT, name="lifted_hold_is_signed_or_not"),
        ]

    def __str__(self) -> str:
        return self.reason
