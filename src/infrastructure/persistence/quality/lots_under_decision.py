"""Lots whose disposition is being decided."""

from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Now
from typing_extensions import override

from application.quality.ports import LotsUnderDecision
from application.shared.errors import NotFound
from domain.production.lot import Lot
from domain.quality.disposition import Decision
from infrastructure.persistence.production.mapping import lot_of_row
from infrastructure.persistence.production.models import Lot as LotTable
from infrastructure.persistence.production.models import Operation
from infrastructure.persistence.quality import models
from infrastructure.persistence.shared.signatures import signature_columns


class DjangoLotsUnderDecision(LotsUnderDecision):
    """A decision takes effect on the lot's row and is kept beside it."""

    @override
    def for_update(self, lot: UUID) -> Lot:
        rows = LotTable.objects.select_related("site", "product").select_for_update(of=("self",), no_key=True)
        row = rows.filter(pk=lot).first()
        if row is None:
            raise NotFound("lot", lot)
        return lot_of_row(row)

    @override
    def recorded_by(self, lot: UUID) -> frozenset[str]:
        lots = LotTable.objects.filter(Q(pk=lot) | Q(sub_lots=lot)).values("pk")
        standing = Operation.objects.standing().filter(movements__lot__in=lots, movements__direction="out")
        return frozenset(standing.values_list("recorded_by", flat=True).distinct())

    @override
    def decide(self, decision: Decision) -> None:
        LotTable.objects.filter(pk=decision.lot).update(
            decided=decision.after, version=F("version") + 1, updated_at=Now()
        )
        models.Decision.objects.create(
            id=decision.id,
            lot_id=decision.lot,
            before=decision.before,
            after=decision.after,
            reason=decision.reason,
            decided_at=decision.decided_at,
            decided_by=decision.decided_by,
            **signature_columns(decision.signature),
        )
