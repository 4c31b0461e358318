"""Closing a campaign of 100,000 lots, against SQL by hand that gives and stores the same balance."""

import hashlib
import json
from decimal import Decimal

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext

from application.production.close_campaign import CloseCampaign
from application.production.reopen_campaign import ReopenCampaign
from application.shared.signing import Signing
from tests.benchmarks.large_campaign import fill
from tests.benchmarks.measuring import Side, Work, compared, line, report
from tests.benchmarks.plant import ME, Plant
from tests.benchmarks.work import NOW

SIZES = (100, 100_000)
RUNS = 7
TOTALS = ("input_total", "output_total", "loss_total", "samples", "adjustments", "unaccounted")

STANDING = """
FROM movement JOIN operation ON operation.id = movement.operation_id
WHERE operation.campaign_id = %s AND operation.kind <> 'reversal' AND movement.kilograms IS NOT NULL
  AND NOT EXISTS (SELECT FROM operation AS reversal WHERE reversal.reverses_id = operation.id)
"""

NETS = f"""
SELECT product.code, net.kilograms > 0, net.role, lot.disposition, sum(net.quantity), sum(net.kilograms), sum(net.cost),
       min(net.currency), max(net.currencies), max(net.basis)
FROM (
    SELECT lot_id,
           sum(CASE direction WHEN 'out' THEN quantity ELSE -quantity END) AS quantity,
           sum(CASE direction WHEN 'out' THEN kilograms ELSE -kilograms END) AS kilograms,
           sum(CASE direction WHEN 'out' THEN cost ELSE -cost END) AS cost,
           min(currency) AS currency, max(currency) AS currencies, max(cost_basis) AS basis,
           min(CASE role WHEN 'main' THEN 1 WHEN 'co_product' THEN 2 WHEN 'by_product' THEN 3 ELSE 4 END) AS role
    {STANDING} AND movement.lot_id IS NOT NULL GROUP BY lot_id
) AS net
JOIN lot ON lot.id = net.lot_id
JOIN product ON product.id = lot.product_id
WHERE net.kilograms <> 0 GROUP BY 1, 2, 3, 4
"""  # noqa: S608 - our own text

NAMED = f"""
SELECT CASE operation.kind WHEN 'count' THEN 'adjustment' ELSE movement.role END, movement.reason, movement.product_id,
       sum(CASE WHEN operation.kind = 'count' AND direction = 'out' THEN -quantity ELSE quantity END),
       sum(CASE WHEN operation.kind = 'count' AND direction = 'out' THEN -kilograms ELSE kilograms END)
{STANDING} AND (movement.role IN ('loss', 'sample') OR operation.kind = 'count') GROUP BY 1, 2, 3
"""

LINES = f"""
SELECT line_id, sum(greatest(residual, 0)), sum(greatest(-residual, 0))
FROM (
    SELECT operation.id, operation.line_id,
           sum(CASE direction WHEN 'in' THEN kilograms ELSE -kilograms END) AS residual
    {STANDING} AND operation.kind IN ('production', 'split', 'merge', 'rework') GROUP BY operation.id
) AS transformation
GROUP BY line_id
"""  # noqa: S608 - our own text

WITHOUT_MASS = f"SELECT DISTINCT product_id {STANDING.replace('IS NOT NULL', 'IS NULL')}"

WAITING = """
SELECT DISTINCT lot.id
FROM operation
JOIN movement ON movement.operation_id = operation.id AND movement.direction = 'out'
JOIN lot ON lot.id = movement.lot_id AND lot.disposition = 'pending'
JOIN product ON product.id = lot.product_id AND product.product_class = 'finished'
WHERE operation.campaign_id = %s AND operation.kind <> 'reversal'
  AND NOT EXISTS (SELECT FROM operation AS reversal WHERE reversal.reverses_id = operation.id)
"""

LOCK = "SELECT id, closings + 1 FROM campaign WHERE code = %s AND state = 'open' FOR UPDATE"
STORE = "INSERT INTO campaign_balance (campaign_id, version, document, sha256, closed_at) VALUES (%s, %s, %s, %s, %s)"
CLOSE = "UPDATE campaign SET state = 'closed', closings = %s, version = version + 1, updated_at = now() WHERE id = %s"


class ClosingByHand:
    """One connection, six queries, and sums over the few rows that they give."""

    def __init__(self, url: str) -> None:
        # A plan that is kept may be one for a campaign of another size.
        self.connection = psycopg.connect(url, prepare_threshold=None)

    def close(self, code: str) -> None:
        """Close the campaign with its balance, unless something waits or has no mass."""
        with self.connection.transaction():
            campaign, version = self._rows(LOCK, code)[0]
            nets, named, lines = (self._rows(query, campaign) for query in (NETS, NAMED, LINES))
            if self._rows(WITHOUT_MASS, campaign) or self._rows(WAITING, campaign):
                raise ValueError(code)
            document = json.dumps(_document(nets, named, lines), sort_keys=True, default=str)
            digest = hashlib.sha256(document.encode()).hexdigest()
            self.connection.execute(STORE, [campaign, version, document, digest, NOW])
            self.connection.execute(CLOSE, [version, campaign])

    def totals(self, code: str) -> list[dict[str, Decimal]]:
        """The totals of each balance that was ever stored, whoever did it."""
        query = "SELECT document FROM campaign_balance JOIN campaign ON campaign.id = campaign_id WHERE code = %s"
        with self.connection.transaction():
            documents = [json.loads(document) for (document,) in self._rows(query, code)]
        return [{name: Decimal(document[name]) for name in TOTALS} for document in documents]

    def _rows(self, query: str, parameter: object) -> list[tuple]:
        return self.connection.execute(query, [parameter]).fetchall()


def _document(nets: list[tuple], named: list[tuple], lines: list[tuple]) -> dict[str, object]:
    return {
        "nets": nets,
        "named": named,
        "lines": lines,
        "input_total": -sum(kilograms for _, made, _, _, _, kilograms, *_ in nets if not made),
        "output_total": sum(kilograms for _, made, _, _, _, kilograms, *_ in nets if made),
        "loss_total": sum(kilograms for what, *_, kilograms in named if what == "loss"),
        "samples": sum(kilograms for what, *_, kilograms in named if what == "sample"),
        "adjustments": sum(kilograms for what, *_, kilograms in named if what == "adjustment"),
        "unaccounted": sum(loss - gain for _, loss, gain in lines),
    }


def measure(plant: Plant, url: str, superuser: str) -> None:
    """Print the handler against the same work by hand, for a small and for a large campaign."""
    hand = ClosingByHand(url)
    statements = []
    for lots in SIZES:
        code = f"CLOSING-{lots}"
        plant.open_campaign(code)
        operations, movements = fill(superuser, code, lots)
        close, reopen = _closing(plant, code), _reopening(plant, code)
        sides = [Side("by hand", lambda code=code: hand.close(code), reopen), Side("handler", close, reopen)]
        title = f"Close a campaign of {lots:,} lots, {operations:,} operations, {movements:,} movements; {RUNS} runs"
        report(title, compared(sides, RUNS), "by hand")
        with CaptureQueriesContext(connection) as queries:
            close()
        statements.append(f"{len(queries)} for {lots:,} lots")
        found = hand.totals(code)
        if any(totals != found[0] for totals in found):
            raise AssertionError(f"The balances differ: {found}")
    line(f"  statements of the handler: {', '.join(statements)}; the balances of both sides are equal")
    hand.connection.close()


def _closing(plant: Plant, code: str) -> Work:
    command = CloseCampaign(code, "As planned.", Signing("I have checked the balance."), ME, NOW)
    return lambda: plant.container.production.close_campaign()(command)


def _reopening(plant: Plant, code: str) -> Work:
    command = ReopenCampaign(code, "To close it again.", Signing("I open it again."), ME, NOW)
    return lambda: plant.container.production.reopen_campaign()(command)
