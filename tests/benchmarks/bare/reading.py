"""REST framework views of a few lines: a statement, a dictionary for each row, JSON. Nobody is asked who they are."""

import base64
import json
from typing import Any, ClassVar

from django.db import connection
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

CAMPAIGN = """
SELECT campaign.id, campaign.code, campaign.name, site.code AS site, product.code AS product, line.code AS line,
    planned_from, planned_to, target, nullif(target_unit, '') AS unit, accountability_min, accountability_max,
    state AS status, initcap(state) AS status_label, closings
FROM campaign JOIN site ON site.id = campaign.site_id JOIN product ON product.id = campaign.product_id
LEFT JOIN line ON line.id = campaign.line_id
"""
OPERATION = """
SELECT operation.id, operation.number, operation.kind, operation.occurred_at, operation.recorded_at,
    operation.recorded_by, campaign.code AS campaign, site.code AS site, line.code AS line, operator.code AS operator,
    partner.code AS partner, operation.document, operation.reason, operation.override,
    operation.reverses_id AS reverses,
    reversal.id AS reversed_by, operation.corrects_id AS corrects
FROM operation JOIN site ON site.id = operation.site_id JOIN operator ON operator.id = operation.operator_id
LEFT JOIN campaign ON campaign.id = operation.campaign_id LEFT JOIN line ON line.id = operation.line_id
LEFT JOIN partner ON partner.id = operation.partner_id
LEFT JOIN operation AS reversal ON reversal.reverses_id = operation.id
"""
MOVEMENTS = """
SELECT operation_id, lot_id, site.code AS site, product.code AS product, lot.code AS lot,
    coalesce(lot.sub_lot, '') AS sub_lot, direction, role, quantity, product.unit, kilograms, reason
FROM movement JOIN site ON site.id = movement.site_id JOIN product ON product.id = movement.product_id
LEFT JOIN lot ON lot.id = movement.lot_id
WHERE operation_id = ANY(%s) ORDER BY operation_id, position
"""
LOT = """
SELECT lot.id, site.code AS site, product.code AS product, lot.code, sub_lot, disposition,
    initcap(disposition) AS status_label, on_hand, product.unit, on_hand * product.kg_per_unit AS kilograms, made_on,
    best_before, supplier_lot, campaign.code AS campaign, parent_id AS parent, lot.version
FROM lot JOIN site ON site.id = lot.site_id JOIN product ON product.id = lot.product_id
LEFT JOIN campaign ON campaign.id = lot.campaign_id
"""


def rows(statement: str, *parameters: Any) -> list[dict[str, Any]]:
    """What a statement gives, by the names of its columns."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def with_movements(operations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The operations, each with its movements."""
    found: dict[Any, list[Any]] = {operation["id"]: [] for operation in operations}
    for movement in rows(MOVEMENTS, list(found)):
        found[movement.pop("operation_id")].append(movement)
    return [{**operation, "movements": found[operation["id"]]} for operation in operations]


class Bare(APIView):
    """A view that lets everybody in."""

    authentication_classes = ()
    permission_classes = ()


class BareList(Bare):
    """The first page of a list in the order of a column."""

    statement: ClassVar[str]
    order: ClassVar[str]
    named: ClassVar[str]

    def get(self, request: Request) -> Response:
        """One row more than asked for says whether there is another page."""
        limit = int(request.query_params["limit"])
        found = rows(f"{self.statement} ORDER BY {self.order} LIMIT %s", limit + 1)
        following = self.cursor(found[limit - 1]) if len(found) > limit else None
        return Response({"items": self.whole(found[:limit]), "next": following})

    def whole(self, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows with what belongs to them."""
        return found

    def cursor(self, last: dict[str, Any]) -> str:
        """Where the next page starts."""
        key = str(last[self.order.rpartition(".")[2]])
        return base64.urlsafe_b64encode(json.dumps([self.named, key]).encode()).decode()


class Campaigns(BareList):
    """Campaigns by their codes."""

    named = "code"
    statement, order = CAMPAIGN, "campaign.code"


class Campaign(Bare):
    """One campaign."""

    def get(self, _request: Request, code: str) -> Response:
        """By its code."""
        return Response(rows(f"{CAMPAIGN} WHERE campaign.code = %s", code)[0])


class Operations(BareList):
    """Operations as they were recorded."""

    named = "recorded"
    statement, order = OPERATION.replace("SELECT ", "SELECT operation.sequence, "), "operation.sequence"

    def whole(self, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """With their movements, and without their place among all."""
        for operation in found:
            del operation["sequence"]
        return with_movements(found)


class Operation(Bare):
    """One operation."""

    def get(self, _request: Request, operation_id: Any) -> Response:
        """By its id."""
        return Response(with_movements(rows(f"{OPERATION} WHERE operation.id = %s", operation_id))[0])


class Lots(BareList):
    """Lots by their ids."""

    named = "recorded"
    statement, order = LOT, "lot.id"


class Lot(Bare):
    """One lot."""

    def get(self, _request: Request, lot_id: Any) -> Response:
        """By its id."""
        return Response(rows(f"{LOT} WHERE lot.id = %s", lot_id)[0])
