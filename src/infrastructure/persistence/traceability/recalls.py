"""Recalls in PostgreSQL: their lots by sets, walked from and locked until nothing is missed."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from typing_extensions import override

from application.shared.errors import NotFound
from application.traceability.ports import Recalls, RecallSites, Touched
from application.traceability.recall_queries import StoredReport
from domain.production.entry import CONSUMING, Kind
from domain.production.lot import LotKey
from domain.shared.canonical import Json, canonical_json, moment
from domain.shared.errors import Fault, Invalid
from domain.shared.signature import Signature, signature_in
from domain.traceability.origin import origin_document, origin_in
from domain.traceability.recall import LogEntry, Recall, RecallState, Step
from infrastructure.persistence.catalog.models import Partner
from infrastructure.persistence.shared.signatures import signature_columns, signature_of
from infrastructure.persistence.shared.statements import rows_of
from infrastructure.persistence.traceability import models
from infrastructure.persistence.traceability.walk import onward

_LOCK = "SELECT id FROM lot WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"

_MEMBERS = "SELECT lot_id FROM recalled_lot WHERE recall_id = %s"

_SITES = """
SELECT site.code, bool_or(recalled_lot.depth = 0)
FROM recalled_lot JOIN lot ON lot.id = recalled_lot.lot_id JOIN site ON site.id = lot.site_id
WHERE recalled_lot.recall_id = %s GROUP BY site.code
"""

_NO_NEARER = """
SELECT FROM lot JOIN recalled_lot ON recalled_lot.lot_id = lot.id AND recalled_lot.recall_id = %(recall)s
WHERE lot.number = passage.target AND recalled_lot.depth <= {depth} + 1
"""

# From operations that put out something new to the recall, or something that lay deeper in it: only as far as there is
# more such, because all the rest went with it before. An operation lies as deep as the nearest to a suspect of what
# went into it. From beginnings that don't lie equally deep, a walk may come to a lot by a longer way first: that is put
# right as it is looked at again.
_GROW = f"""
WITH RECURSIVE taking (node) AS (
    SELECT -sequence FROM operation WHERE id = ANY(%(operations)s)
    UNION
    SELECT passage.target FROM lot JOIN passage ON passage.source = lot.number WHERE lot.id = ANY(%(lots)s)
), entered (node, depth) AS (
    SELECT taking.node, min(recalled_lot.depth)
    FROM taking
    JOIN passage ON passage.target = taking.node
    JOIN lot ON lot.number = passage.source
    JOIN recalled_lot ON recalled_lot.lot_id = lot.id AND recalled_lot.recall_id = %(recall)s
    GROUP BY taking.node
), start AS (
    SELECT node, depth FROM entered WHERE EXISTS (
        SELECT FROM passage
        WHERE passage.source = entered.node AND NOT EXISTS ({_NO_NEARER.format(depth="entered.depth")})
    )
), walk (node) AS (
    SELECT round(node::numeric, depth) FROM start
    UNION {onward("walk")}
    WHERE passage.target < 0 OR NOT EXISTS ({_NO_NEARER.format(depth="scale(walk.node)")})
)
INSERT INTO recalled_lot (recall_id, lot_id, depth, joined_at)
SELECT %(recall)s, lot.id, scale(walk.node), %(at)s
FROM walk JOIN lot ON lot.number = walk.node::bigint
WHERE walk.node > 0
ON CONFLICT (recall_id, lot_id) DO UPDATE SET depth = excluded.depth WHERE recalled_lot.depth > excluded.depth
RETURNING lot_id, xmax = 0
"""  # nosec B608  # noqa: S608 - our own text

# From the operations to the lots that went into them, and only while a recall is open. Looked up row by row: this is
# asked whenever anything is recorded, whatever PostgreSQL counted of the tables.
_TOUCHED = """
WITH entered AS MATERIALIZED (
    SELECT DISTINCT lot.id, operation.sequence, operation.recorded_at, operation.recorded_by
    FROM operation
    CROSS JOIN LATERAL (SELECT source FROM passage WHERE target = -operation.sequence OFFSET 0) AS passage
    CROSS JOIN LATERAL (SELECT id FROM lot WHERE number = passage.source OFFSET 0) AS lot
    WHERE operation.id = ANY(%s) AND EXISTS (SELECT FROM recall WHERE state = 'open')
)
SELECT recall.id, min(entered.recorded_at), min(entered.recorded_by), array_agg(DISTINCT target.id)
FROM entered
CROSS JOIN LATERAL (SELECT recall_id FROM recalled_lot WHERE lot_id = entered.id OFFSET 0) AS recalled
CROSS JOIN LATERAL (SELECT id FROM recall WHERE id = recalled.recall_id AND state = 'open' OFFSET 0) AS recall
CROSS JOIN LATERAL (SELECT target FROM passage WHERE source = -entered.sequence OFFSET 0) AS passage
CROSS JOIN LATERAL (SELECT id FROM lot WHERE number = passage.target OFFSET 0) AS target
GROUP BY recall.id
"""

# Whoever closes a recall waits for those who record in it.
_STAY_OPEN = "SELECT id FROM recall WHERE id = ANY(%s) AND state = 'open' ORDER BY id FOR SHARE"

_TAKEN = """
SELECT DISTINCT site.code, product.code, lot.code, lot.sub_lot
FROM movement
JOIN operation ON operation.id = movement.operation_id AND operation.kind = ANY(%s) AND operation.override = ''
JOIN lot ON lot.id = movement.lot_id
JOIN site ON site.id = lot.site_id
JOIN product ON product.id = lot.product_id
WHERE movement.operation_id = ANY(%s) AND movement.lot_id = ANY(%s) AND movement.direction = 'in'
ORDER BY site.code, product.code, lot.code, lot.sub_lot
"""

_SUPPLIED = """
SELECT EXISTS (
    SELECT FROM recalled_lot
    JOIN movement ON movement.lot_id = recalled_lot.lot_id AND movement.role IN ('shipped', 'returned')
    JOIN operation ON operation.id = movement.operation_id AND operation.kind = 'shipment'
    WHERE recalled_lot.recall_id = %s AND operation.partner_id = %s
)
"""

_LOCK_ALL = """
SELECT id FROM lot WHERE id IN (SELECT lot_id FROM recalled_lot WHERE recall_id = %s) ORDER BY id FOR NO KEY UPDATE
"""

_COLUMNS = (
    "id",
    "code",
    "hazard",
    "known_at",
    "mock",
    "opened_at",
    "opened_by",
    "state",
    "conclusion",
    "closed_at",
    "closed_by",
    "signature_due",
    "version",
)


class DjangoRecalls(Recalls):
    """Keeps recalls. Units of work are READ COMMITTED, so each statement sees what was committed while it waited."""

    @override
    def add(self, recall: Recall, suspects: Collection[UUID]) -> None:
        columns = {name: getattr(recall, name) for name in _COLUMNS}
        models.Recall.objects.create(
            suspects=origin_document(recall.suspects), opening_signature=_stated(recall.opening_signature), **columns
        )
        lots = [row[0] for row in rows_of(_LOCK, [list(suspects)])]
        models.RecalledLot.objects.bulk_create(
            models.RecalledLot(recall_id=recall.id, lot_id=lot, depth=0, joined_at=recall.opened_at) for lot in lots
        )

    @override
    def grow(self, recall: UUID, at: datetime, operations: Collection[UUID] | None = None) -> tuple[UUID, ...]:
        joined: list[UUID] = []
        lots = [lot for (lot,) in rows_of(_MEMBERS, [recall])] if operations is None else []
        known = {"recall": recall, "at": at, "operations": list(operations or ())}
        while found := rows_of(_GROW, {**known, "lots": lots}):
            nearer = [lot for lot, _ in found]
            # Whoever was recording in one of them may have made more of it until we have the lock, and some may be
            # nearer by another way than they were found: so look again, until nothing is new and nothing nearer.
            rows_of(_LOCK, [nearer])
            joined += [lot for lot, new in found if new]
            lots += nearer
        return tuple(joined)

    @override
    def touched_by(self, operations: Collection[UUID]) -> tuple[Touched, ...]:
        rows = rows_of(_TOUCHED, [list(operations)])
        if not rows:
            return ()
        open_still = [recall for (recall,) in rows_of(_STAY_OPEN, [[recall for recall, *_ in rows]])]
        recalls = models.Recall.objects.in_bulk(open_still)
        return tuple(
            Touched(recall_of(recalls[recall]), at, by, frozenset(into))
            for recall, at, by, into in rows
            if recall in recalls
        )

    @override
    def taken(self, operations: Collection[UUID], lots: Collection[UUID]) -> tuple[LotKey, ...]:
        kinds = [kind.value for kind in (*CONSUMING, Kind.SHIPMENT)]
        return tuple(LotKey(*row) for row in rows_of(_TAKEN, [kinds, list(operations), list(lots)]))

    @override
    def supplied(self, recall: UUID, partner: str) -> bool:
        ((supplied,),) = rows_of(_SUPPLIED, [recall, _partner(partner)])
        return bool(supplied)

    @override
    def sites_of(self, recall: UUID) -> RecallSites:
        sites = dict(rows_of(_SITES, [recall]))
        return RecallSites(frozenset(site for site, suspect in sites.items() if suspect), frozenset(sites))

    @override
    def keep_still(self, recall: UUID) -> None:
        rows_of(_LOCK_ALL, [recall])

    @override
    def for_update(self, recall: UUID) -> Recall:
        row = models.Recall.objects.select_for_update(no_key=True).filter(pk=recall).first()
        if row is None:
            raise NotFound("recall", recall)
        return recall_of(row)

    @override
    def save(self, recall: Recall) -> None:
        models.Recall.objects.filter(pk=recall.id).update(
            state=recall.state,
            conclusion=recall.conclusion,
            closed_at=recall.closed_at,
            closed_by=recall.closed_by,
            opening_signature=_stated(recall.opening_signature),
            signature_due=recall.signature_due,
            version=recall.version,
            **signature_columns(recall.signature),
        )

    @override
    def store_report(self, report: StoredReport) -> None:
        models.RecallReport.objects.create(
            recall_id=report.recall,
            document=canonical_json(report.document).decode(),
            sha256=report.sha256,
            closed_at=report.closed_at,
            picture=report.picture.decode(),
        )

    @override
    def write_down(self, entry: LogEntry) -> None:
        models.RecallEntry.objects.create(
            id=entry.id,
            recall_id=entry.recall,
            step=entry.step,
            at=entry.at,
            by=entry.by,
            partner_id=_partner(entry.partner) if entry.partner else None,
            kilograms=entry.kilograms,
            text=entry.text,
            recorded_at=entry.recorded_at,
        )


def _partner(code: str) -> UUID:
    found = Partner.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise Invalid(Fault("unknown_code", f"No partner has the code {code!r}.", ("partner",)))
    return found


def recall_of(row: models.Recall) -> Recall:
    """The recall of a row."""
    return Recall(
        **{
            **{name: getattr(row, name) for name in _COLUMNS},
            "suspects": origin_in(row.suspects),
            "state": RecallState(row.state),
            "signature": signature_of(row),
            "opening_signature": signature_in(row.opening_signature),
        }
    )


def _stated(signature: Signature | None) -> dict[str, Json] | None:
    return None if signature is None else signature.stated(moment(signature.at))


def entry_of(row: models.RecallEntry) -> LogEntry:
    """The entry of a row that comes with its partner."""
    return LogEntry(
        id=row.id,
        recall=row.recall_id,
        step=Step(row.step),
        at=row.at,
        by=row.by,
        partner=row.partner.code if row.partner else None,
        kilograms=row.kilograms,
        text=row.text,
        recorded_at=row.recorded_at,
    )
