"""Holds in PostgreSQL: placed by sets, counted by a trigger."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection
from typing_extensions import override

from application.quality.ports import Holds
from domain.quality.holds import HeldLot, Hold, Lifting
from infrastructure.persistence.quality import models
from infrastructure.persistence.quality.mapping import held_lot_of, signature_columns

THESE_LOTS = "SELECT id FROM lot WHERE id = ANY(%s)"
"""The lots with these ids; any other query of different lots' ids may stand in its place, however many it finds."""

_HOLD = "INSERT INTO held_lot (hold_id, lot_id) SELECT %s, scope.id FROM ({scope}) AS scope (id)"


class DjangoHolds(Holds):
    """Keeps holds. The trigger on what is held locks the lots in the order of their ids and counts."""

    @override
    def place(self, hold: Hold, lots: Collection[UUID]) -> int:
        models.Hold.objects.create(
            id=hold.id,
            reason=hold.reason,
            scope=hold.scope,
            placed_at=hold.placed_at,
            placed_by=hold.placed_by,
            recall=hold.recall,
            **signature_columns(hold.signature),
        )
        with connection.cursor() as cursor:
            cursor.execute(_HOLD.format(scope=THESE_LOTS), [hold.id, list(lots)])
            return int(cursor.rowcount)

    @override
    def of_lot(self, lot: UUID) -> tuple[HeldLot, ...]:
        rows = models.HeldLot.objects.filter(lot=lot).order_by("-pk").select_related("hold", "lifting")
        return tuple(held_lot_of(row) for row in rows)

    @override
    def lift(self, held: HeldLot, lifting: Lifting) -> None:
        models.LiftedHold.objects.create(
            held_lot=models.HeldLot.objects.get(hold=held.hold.id, lot=held.lot),
            reason=lifting.reason,
            lifted_at=lifting.lifted_at,
            lifted_by=lifting.lifted_by,
            **signature_columns(lifting.signature),
        )
