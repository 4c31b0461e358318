"""Holds in PostgreSQL: placed by sets, counted by a trigger."""

from collections.abc import Collection
from uuid import UUID

from typing_extensions import override

from application.quality.ports import Holds
from domain.quality.holds import HeldByRecall, HeldLot, Hold, Lifting, Placed, RecallLifting
from infrastructure.persistence.quality import models
from infrastructure.persistence.quality.mapping import held_lot_of
from infrastructure.persistence.shared.signatures import signature_columns
from infrastructure.persistence.shared.statements import rows_of

THESE_LOTS = "SELECT id FROM lot WHERE id = ANY(%s)"
"""The lots with these ids; any other query of different lots' ids may stand in its place, however many it finds."""

# A sub-lot has the holds of its lot from the start: that of a recall isn't placed on it again as it joins the recall.
_HOLD = """
WITH placed AS (
    INSERT INTO held_lot (hold_id, lot_id)
    SELECT %s, scope.id FROM ({scope}) AS scope (id)
    WHERE NOT EXISTS (
        SELECT FROM held_lot JOIN hold ON hold.id = held_lot.hold_id AND hold.recall = %s
        WHERE held_lot.lot_id = scope.id AND NOT EXISTS (SELECT FROM lifted_hold WHERE held_lot_id = held_lot.id)
    )
    RETURNING lot_id
)
SELECT count(*),
       encode(sha256(convert_to(coalesce(string_agg(lot_id::text, E'\\n' ORDER BY lot_id), ''), 'UTF8')), 'hex')
FROM placed
"""


_STANDING = """
FROM held_lot JOIN hold ON hold.id = held_lot.hold_id
WHERE hold.recall = %s AND NOT EXISTS (SELECT FROM lifted_hold WHERE held_lot_id = held_lot.id)
"""

_OF_RECALL = f"""
WITH held AS (
    SELECT id, site_id FROM lot WHERE id IN (SELECT held_lot.lot_id {_STANDING}) ORDER BY id FOR NO KEY UPDATE
)
SELECT count(held.id), array_agg(DISTINCT site.code), (
    SELECT array_agg(DISTINCT site.code) FROM hold JOIN held_lot ON held_lot.hold_id = hold.id
    JOIN lot ON lot.id = held_lot.lot_id JOIN site ON site.id = lot.site_id WHERE hold.recall = %s
) FROM held JOIN site ON site.id = held.site_id
"""  # nosec B608  # noqa: S608 - our own text

# Whoever lifted one of them by itself meanwhile was there first.
_LIFT = f"""
INSERT INTO lifted_hold (held_lot_id, reason, lifted_at, lifted_by, signed_by, signature_meaning, signed_at,
    signed_document, signature_proven)
SELECT held_lot.id, %s, %s, %s, %s, %s, %s, %s, %s {_STANDING}
ORDER BY held_lot.id
ON CONFLICT DO NOTHING
RETURNING held_lot_id
"""

_COUNTED = """
SELECT count(DISTINCT lot.id), count(DISTINCT lot.id) FILTER (WHERE lot.holds > 0)
FROM held_lot JOIN lot ON lot.id = held_lot.lot_id WHERE held_lot.id = ANY(%s)
"""


class DjangoHolds(Holds):
    """Keeps holds. The trigger on what is held locks the lots in the order of their ids and counts."""

    @override
    def place(self, hold: Hold, lots: Collection[UUID]) -> Placed:
        # First the lots, because a hold that stands on none isn't kept; the reference is checked at the end.
        (placed,) = rows_of(_HOLD.format(scope=THESE_LOTS), [hold.id, list(lots), hold.recall])
        if placed[0]:
            self._keep(hold)
        return Placed(*placed)

    def _keep(self, hold: Hold) -> None:
        models.Hold.objects.create(
            id=hold.id,
            reason=hold.reason,
            scope=hold.scope,
            placed_at=hold.placed_at,
            placed_by=hold.placed_by,
            recall=hold.recall,
            **signature_columns(hold.signature),
        )

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

    @override
    def of_recall(self, recall: UUID) -> HeldByRecall:
        ((lots, sites, ever_at),) = rows_of(_OF_RECALL, [recall, recall])
        return HeldByRecall(lots, frozenset(sites or ()), frozenset(ever_at or ()))

    @override
    def lift_recall(self, recall: UUID, lifting: Lifting) -> RecallLifting:
        why = [lifting.reason, lifting.lifted_at, lifting.lifted_by]
        lifted = rows_of(_LIFT, [*why, *signature_columns(lifting.signature).values(), recall])
        ((lots, still_held),) = rows_of(_COUNTED, [[held for (held,) in lifted]])
        return RecallLifting(lots, still_held)
