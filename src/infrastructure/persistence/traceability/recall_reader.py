"""Reading recalls: a fixed number of statements for a case, whatever its size."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from typing_extensions import override

from application.shared.errors import NotFound
from application.shared.paging import Page, PageRequest, Sort
from application.traceability.deliveries import Delivery, deliveries_of
from application.traceability.queries import Handover
from application.traceability.recall_queries import (
    CustomerInRecall,
    LotInRecall,
    Neighbour,
    RecallOrder,
    RecallReader,
    RecallReport,
    StoredReport,
)
from domain.access.rights import EVERYWHERE, Sight
from domain.shared.errors import Fault, Invalid
from domain.shared.exact import EXACT, ZERO, total
from domain.traceability.genealogy import Direction
from domain.traceability.recall import LogEntry, Recall, Recovery, Step, effectiveness
from infrastructure.persistence.catalog.models import Partner
from infrastructure.persistence.production.totals import STANDING
from infrastructure.persistence.shared.reading import BY_INDEXES, one_moment
from infrastructure.persistence.shared.sight import in_sight
from infrastructure.persistence.shared.statements import rows_of
from infrastructure.persistence.traceability import models
from infrastructure.persistence.traceability.genealogy_reader import DjangoGenealogyReader, handovers
from infrastructure.persistence.traceability.recalls import entry_of, recall_of
from infrastructure.shared.keyset import Column, Orders, number_at, page_of, place, time_at, uuid_at

# What stands of a lot's movements, by where it came from and where it went.
_LOTS = f"""
SELECT recalled_lot.id, lot.id, site.code, product.code, product.name, product.product_class, lot.code, lot.sub_lot,
       lot.supplier_lot, campaign.code, recalled_lot.depth, recalled_lot.joined_at, lot.disposition, lot.holds,
       product.unit, product.kg_per_unit,
       coalesce(moved.made, 0), coalesce(moved.returned, 0), lot.on_hand, coalesce(moved.used, 0),
       coalesce(moved.shipped, 0), coalesce(moved.transferred, 0), coalesce(moved.lost, 0), coalesce(moved.sampled, 0),
       coalesce(moved.adjusted, 0)
FROM recalled_lot
JOIN lot ON lot.id = recalled_lot.lot_id
JOIN site ON site.id = lot.site_id
JOIN product ON product.id = lot.product_id
LEFT JOIN campaign ON campaign.id = lot.campaign_id
CROSS JOIN LATERAL (
    SELECT sum(quantity) FILTER (WHERE direction = 'out' AND role NOT IN ('returned', 'adjustment')) AS made,
           sum(quantity) FILTER (WHERE direction = 'out' AND role = 'returned') AS returned,
           sum(quantity) FILTER (WHERE direction = 'in' AND role = 'input') AS used,
           sum(quantity) FILTER (WHERE direction = 'in' AND role = 'shipped') AS shipped,
           sum(quantity) FILTER (WHERE direction = 'in' AND role = 'transferred') AS transferred,
           sum(quantity) FILTER (WHERE direction = 'in' AND role = 'loss') AS lost,
           sum(quantity) FILTER (WHERE direction = 'in' AND role = 'sample') AS sampled,
           sum(CASE direction WHEN 'in' THEN quantity ELSE -quantity END) FILTER (WHERE role = 'adjustment') AS adjusted
    FROM movement JOIN operation ON operation.id = movement.operation_id
    WHERE movement.lot_id = lot.id AND {STANDING}
) AS moved
WHERE recalled_lot.recall_id = %s AND (recalled_lot.depth, recalled_lot.id) > (%s, %s)
ORDER BY recalled_lot.depth, recalled_lot.id LIMIT %s
"""  # nosec B608  # noqa: S608 - our own text

MOST_NEIGHBOURS = 500

# Whoever asks "why not that one, too?" asks of what was made beside: in the same campaign, or of the same product on
# the same day or the one before or after.
_NEIGHBOURS = """
WITH inside AS MATERIALIZED (
    SELECT lot.id, lot.site_id, lot.product_id, lot.made_on, lot.campaign_id
    FROM recalled_lot JOIN lot ON lot.id = recalled_lot.lot_id WHERE recalled_lot.recall_id = %s
), beside AS (
    SELECT lot.id, 'made in campaign ' || campaign.code AS reason
    FROM (SELECT DISTINCT campaign_id FROM inside WHERE campaign_id IS NOT NULL) AS named
    JOIN campaign ON campaign.id = named.campaign_id
    JOIN lot ON lot.campaign_id = campaign.id
    UNION ALL
    SELECT lot.id, 'the same product, made within a day'
    FROM (SELECT DISTINCT site_id, product_id, made_on FROM inside WHERE made_on IS NOT NULL) AS named
    JOIN lot ON lot.product_id = named.product_id AND lot.site_id = named.site_id
        AND lot.made_on BETWEEN named.made_on - 1 AND named.made_on + 1
)
SELECT lot.id, site.code, product.code, lot.code, lot.sub_lot, lot.made_on, campaign.code, min(beside.reason),
       count(*) OVER ()
FROM beside
JOIN lot ON lot.id = beside.id
JOIN site ON site.id = lot.site_id
JOIN product ON product.id = lot.product_id
LEFT JOIN campaign ON campaign.id = lot.campaign_id
WHERE NOT EXISTS (SELECT FROM inside WHERE inside.id = lot.id)
GROUP BY lot.id, site.code, product.code, campaign.code
ORDER BY site.code, product.code, lot.code, lot.sub_lot LIMIT %s
"""

WHY_NOT = "No lot of the recall went into it, by any operation, in any number of steps."


FILTERS: Mapping[str, Callable[[object], Q]] = {
    "state": lambda state: Q(state=state),
    "mock": lambda mock: Q(mock=mock),
    "site": lambda site: _with_lots(Q(lot__site__code=site)),
}

ORDERS = Orders(
    Sort(RecallOrder.OPENED, backwards=True),
    {RecallOrder.OPENED: [Column("pk", uuid_at)], RecallOrder.CODE: [Column("code")]},
)


def _with_lots(lots: Q) -> Q:
    return Q(pk__in=models.RecalledLot.objects.filter(lots).values("recall"))


def _in_sight(sight: Sight) -> Q:
    return Q() if sight == EVERYWHERE else _with_lots(in_sight(sight, "lot__site__code"))


class DjangoRecallReader(RecallReader):
    """Reads recalls."""

    @override
    def get(self, recall: UUID, sight: Sight) -> Recall:
        row = models.Recall.objects.filter(_in_sight(sight), pk=recall).first()
        if row is None:
            raise NotFound("recall", recall)
        return recall_of(row)

    @override
    def page(self, filters: Mapping[str, object], request: PageRequest, sight: Sight) -> Page[Recall]:
        rows = models.Recall.objects.filter(_in_sight(sight))
        for name, value in filters.items():
            if name not in FILTERS:
                raise Invalid(Fault("unknown_filter", f"There is no filter {name!r}.", (name,)))
            rows = rows.filter(FILTERS[name](value))
        page = ORDERS.of(request).page(rows, request)
        return Page(tuple(map(recall_of, page.items)), page.next)

    @override
    def lots(self, recall: UUID, request: PageRequest, sight: Sight) -> Page[LotInRecall]:
        self.get(recall, sight)
        after = place(request, 2)
        key = [number_at(part) for part in after] if after else [-1, -1]
        rows = _lots(recall, key, request.limit + 1)
        page = page_of(rows, request, lambda row: [str(row[10]), str(row[0])])
        return Page(tuple(LotInRecall(*row[1:]) for row in page.items), page.next)

    @override
    def log(self, recall: UUID, request: PageRequest, sight: Sight) -> Page[LogEntry]:
        self.get(recall, sight)
        rows = _log(recall)
        if after := place(request, 2):
            at, entry = time_at(after[0]), uuid_at(after[1])
            rows = rows.filter(Q(at__gt=at) | Q(at=at, pk__gt=entry))
        entries = [entry_of(row) for row in rows[: request.limit + 1]]
        return page_of(entries, request, lambda entry: [entry.at.isoformat(), str(entry.id)])

    @override
    def report(self, recall: UUID, at: datetime) -> RecallReport:
        with one_moment():
            case = self.get(recall, EVERYWHERE)
            beside = rows_of(_NEIGHBOURS, [recall, MOST_NEIGHBOURS])
            log = tuple(map(entry_of, _log(recall)))
            lots = tuple(LotInRecall(*row[1:]) for row in _lots(recall, (-1, -1), None))
            with one_moment(BY_INDEXES):
                customers = tuple(_customers(lots, log, handovers(forward=self._numbers(recall))))
            suspects = [lot.id for lot in lots if lot.depth == 0]
            came = DjangoGenealogyReader().trace(suspects, [Direction.BACKWARD])
            return RecallReport(
                recall=case,
                at=at,
                lots=lots,
                customers=customers,
                suppliers=tuple(row for row in came if isinstance(row, Handover)),
                neighbours=tuple(Neighbour(*(*row, WHY_NOT)) for *row, _ in beside),
                neighbours_total=beside[0][-1] if beside else 0,
                log=log,
                effectiveness=effectiveness(customer.recovery for customer in customers),
                not_reconcilable=_without_mass(lots),
            )

    @override
    def stored_report(self, recall: UUID) -> StoredReport:
        row = models.RecallReport.objects.filter(pk=recall).first()
        if row is None:
            raise NotFound("stored report of the recall", recall)
        return StoredReport(recall, json.loads(row.document), row.sha256, row.closed_at, row.picture.encode())

    def _numbers(self, recall: UUID) -> list[int]:
        rows = models.RecalledLot.objects.filter(recall=recall).order_by("depth", "pk")
        return list(rows.values_list("lot__number", flat=True))


def _lots(recall: UUID, after: Sequence[int], limit: int | None) -> list[tuple[Any, ...]]:
    """The lots of a recall that come after this depth and number, each looked up with what moved it."""
    with one_moment(BY_INDEXES):
        return rows_of(_LOTS, [recall, *after, limit])


def _log(recall: UUID) -> QuerySet[models.RecallEntry]:
    """The entries of a recall, in the order in which it happened."""
    return models.RecallEntry.objects.filter(recall=recall).order_by("at", "pk").select_related("partner")


def _without_mass(lots: Sequence[LotInRecall]) -> tuple[str, ...]:
    return tuple(sorted({lot.product for lot in lots if lot.kg_per_unit is None and (lot.shipped or lot.returned)}))


def _customers(
    lots: Sequence[LotInRecall], log: Iterable[LogEntry], handed: Iterable[Handover]
) -> Iterable[CustomerInRecall]:
    """Each customer with what they got and what of it is accounted for."""
    masses = {lot.product: lot.kg_per_unit or ZERO for lot in lots}
    entries = list(log)
    deliveries = {
        partner: tuple(own) for partner, own in groupby(deliveries_of(handed), key=lambda delivery: delivery.partner)
    }
    partners = Partner.objects.in_bulk(list(deliveries), field_name="code")
    for code, own in deliveries.items():
        partner = partners[code]
        said = [entry for entry in entries if entry.partner == code]
        yield CustomerInRecall(
            partner=code,
            name=partner.name,
            address=partner.address,
            gln=partner.gln,
            contact=partner.contact,
            deliveries=own,
            recovery=_recovery(own, said, masses),
            notified_at=_first(said, Step.NOTIFIED),
            acknowledged_at=_first(said, Step.ACKNOWLEDGED),
        )


def _recovery(own: Iterable[Delivery], said: Iterable[LogEntry], masses: Mapping[str, Decimal]) -> Recovery:
    deliveries = list(own)
    return Recovery(
        shipped=total(EXACT.multiply(delivery.shipped, masses[delivery.product]) for delivery in deliveries),
        returned=total(EXACT.multiply(delivery.returned, masses[delivery.product]) for delivery in deliveries),
        destroyed=total(entry.kilograms for entry in said if entry.kilograms is not None),
    )


def _first(said: Iterable[LogEntry], step: Step) -> Any:
    return min((entry.at for entry in said if entry.step is step), default=None)
