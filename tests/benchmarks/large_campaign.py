"""An open campaign of any size, filled by SQL in seconds where recording it would take minutes.

Half of its productions make bulk and a by-product from three raw lots; the other half take that bulk, raw and
packaging, and make a finished lot and a by-product. Some lose something by name, some finished lots are sampled, some
by-products counted, some productions reversed.
"""

import psycopg

from tests.benchmarks.work import INPUTS, LINE, NOW, OPERATOR, PACKAGING, SITE

# Triggers and foreign keys rest meanwhile, which takes a superuser; what they would do is done at the end.
FILL = """
SET LOCAL session_replication_role = replica;

CREATE TEMP TABLE made ON COMMIT DROP AS
SELECT number, number %% 2 = 1 AS presses, uuidv7() AS operation, uuidv7() AS main, uuidv7() AS rest
FROM generate_series(1, %(operations)s) AS number;

CREATE TEMP TABLE line_of ON COMMIT DROP AS
SELECT made.operation, line.*
FROM made
LEFT JOIN made AS pressing ON pressing.number = made.number - 1
CROSS JOIN LATERAL (VALUES
    (1, true, 'in', 'input', 'RAW', 'RAW-' || (made.number * 7919) %% %(raw)s, NULL, 2.5, ''),
    (2, true, 'in', 'input', 'RAW', 'RAW-' || (made.number * 7919 + 1) %% %(raw)s, NULL, 2.5, ''),
    (3, true, 'in', 'input', 'RAW', 'RAW-' || (made.number * 7919 + 2) %% %(raw)s, NULL, 2.5, ''),
    (4, true, 'out', 'main', 'BULK', NULL, made.main, 6, ''),
    (5, true, 'out', 'by_product', 'REST', NULL, made.rest, 0.9, ''),
    (1, false, 'in', 'input', 'BULK', NULL, pressing.main, 6, ''),
    (2, false, 'in', 'input', 'RAW', 'RAW-' || (made.number * 7919) %% %(raw)s, NULL, 0.5, ''),
    (3, false, 'in', 'input', 'PACK', 'PACK-' || made.number %% %(packaging)s, NULL, 5, ''),
    (4, false, 'out', 'main', 'MADE', NULL, made.main, 6, ''),
    (5, false, 'out', 'by_product', 'REST', NULL, made.rest, 1.5, '')
    ) AS line (position, presses, direction, role, product, code, lot, quantity, reason)
WHERE made.presses = line.presses
UNION ALL
SELECT operation, 6, true, 'out', 'loss', 'RAW', NULL, NULL, 0.2, 'spilled' FROM made WHERE number %% 20 = 1;

CREATE TEMP TABLE other ON COMMIT DROP AS
SELECT uuidv7() AS operation, 'sample' AS kind, NULL::uuid AS reverses,
       'sample' AS role, 'MADE' AS product, main AS lot, 1 AS quantity
FROM made WHERE number %% 100 = 50
UNION ALL
SELECT uuidv7(), 'count', NULL, 'adjustment', 'REST', rest, 0.1 FROM made WHERE number %% 500 = 250
UNION ALL
SELECT uuidv7(), 'reversal', operation, NULL, NULL, NULL, NULL FROM made WHERE number %% 1000 = 0;

INSERT INTO line_of
SELECT operation, 1, false, 'in', role, product, NULL, lot, quantity, 'as planned' FROM other WHERE kind <> 'reversal'
UNION ALL
SELECT other.operation, position, false, CASE direction WHEN 'in' THEN 'out' ELSE 'in' END,
       line_of.role, line_of.product, line_of.code, line_of.lot, line_of.quantity, line_of.reason
FROM other JOIN line_of ON line_of.operation = other.reverses;

INSERT INTO operation (id, kind, occurred_at, recorded_at, recorded_by, site_id, operator_id, campaign_id, line_id,
                       document, reason, reverses_id, fingerprint)
SELECT told.id, told.kind, %(at)s, %(at)s, 'benchmark', site.id, operator.id, campaign.id, line.id, '', '',
       told.reverses, ''
FROM (
    SELECT operation, 'production', NULL FROM made UNION ALL SELECT operation, kind, reverses FROM other
) AS told (id, kind, reverses)
JOIN campaign ON campaign.code = %(campaign)s
JOIN site ON site.id = campaign.site_id
JOIN line ON line.site_id = site.id AND line.code = %(line)s
JOIN operator ON operator.code = %(operator)s;

INSERT INTO lot (id, site_id, product_id, code, decided, on_hand, value, currency, cost_basis, made_by_id,
                 supplier_lot, campaign_id, version, created_at, updated_at)
SELECT lot.id, campaign.site_id, product.id, campaign.code || '-' || made.number, 'released', 0, 0, 'EUR', 'actual',
       made.operation, '', campaign.id, 1, %(at)s, %(at)s
FROM made
JOIN campaign ON campaign.code = %(campaign)s
CROSS JOIN LATERAL (
    VALUES (made.main, CASE WHEN made.presses THEN 'BULK' ELSE 'MADE' END), (made.rest, 'REST')
) AS lot (id, product)
JOIN product ON product.code = lot.product;

INSERT INTO movement (operation_id, position, direction, role, site_id, product_id, lot_id, quantity, kilograms,
                      cost, currency, cost_basis, reason)
SELECT line_of.operation, line_of.position, line_of.direction, line_of.role, site.id, product.id,
       coalesce(line_of.lot, lot.id), line_of.quantity, line_of.quantity * product.kg_per_unit,
       line_of.quantity * product.kg_per_unit * 1.25, 'EUR', 'actual', line_of.reason
FROM line_of
JOIN site ON site.code = %(site)s
JOIN product ON product.code = line_of.product
LEFT JOIN lot ON lot.site_id = site.id AND lot.product_id = product.id AND lot.code = line_of.code
ORDER BY line_of.operation, line_of.position;

UPDATE lot SET on_hand = lot.on_hand + change.quantity, value = lot.value + change.cost, version = lot.version + 1
FROM (
    SELECT lot_id, sum(CASE direction WHEN 'out' THEN quantity ELSE -quantity END) AS quantity,
           sum(CASE direction WHEN 'out' THEN cost ELSE -cost END) AS cost
    FROM movement WHERE operation_id IN (SELECT operation FROM line_of) AND lot_id IS NOT NULL
    GROUP BY lot_id
) AS change
WHERE lot.id = change.lot_id;
"""


def fill(superuser: str, campaign: str, lots: int) -> tuple[int, int]:
    """Give this campaign, which is open, so many lots; the number of its operations and of their movements."""
    parameters = {
        "campaign": campaign,
        "operations": lots // 2,
        "raw": INPUTS,
        "packaging": PACKAGING,
        "site": SITE,
        "line": LINE,
        "operator": OPERATOR,
        "at": NOW,
    }
    with psycopg.connect(superuser, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute(FILL, parameters)
        counted = connection.execute(
            "SELECT count(DISTINCT operation.id), count(*) FROM movement JOIN operation ON operation.id = operation_id "
            "JOIN campaign ON campaign.id = campaign_id WHERE campaign.code = %s",
            [campaign],
        ).fetchone()
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM (ANALYZE)")
    return counted
