"""What is stored beside what the history tells of it, one by one: the statements give only what differs.

Both sides are made into texts of the same form. Each row has the chain of the entry or else the site, the number of the
entry, the kind, a name, and how it differs.
"""

from infrastructure.persistence.history.access import UNLIKE_ACCESS
from infrastructure.persistence.history.told import SAID, SAID_CLOCK, SAID_LOTS, SAID_SHA256
from infrastructure.persistence.history.told import moment_of as _moment


def _signature(table: str) -> str:
    document = f"nullif({table}.signed_document, '')"
    return (
        f"nullif({table}.signed_by, ''), nullif({table}.signature_meaning, ''), {_moment(f'{table}.signed_at')}, "
        f"{document}, CASE WHEN {document} IS NOT NULL THEN {table}.signature_proven END"
    )


_TOLD_SIGNATURE = (
    "said #>> '{signature,name}', said #>> '{signature,meaning}', said #>> '{signature,at}', "
    "said #>> '{signature,document}', said #> '{signature,proven}'"
)


def _id(column: str) -> str:
    return f"encode(uuid_send({column}), 'hex')"


def _quoted(column: str) -> str:
    """As JSON, what has nothing to escape, or nothing."""
    return f"""coalesce('"' || {column} || '"', 'null')"""


def _text(column: str) -> str:
    """As JSON, any text; most are empty."""
    return f"""coalesce(CASE {column} WHEN '' THEN '""' ELSE to_json({column})::text END, 'null')"""


def _codes(table: str) -> str:
    """Of a table, codes as JSON, which are made once here and not once for each row that has one."""
    return f"(SELECT id, to_json(code)::text AS code FROM {table} OFFSET 0) AS {table}"  # nosec B608  # noqa: S608 - our own text


def _code(table: str) -> str:
    return f"coalesce({table}.code, 'null')"


def _part(number: int) -> str:
    """Of a lot as an entry tells of it: its id, what was decided, its hash."""
    return f"""split_part(lot, '","', {number})"""


def _filled(form: str, *columns: str) -> str:
    """The form with a column in the place of each `_`. Words of ours, ids and numbers have nothing to escape."""
    first, *others = form.split("_")
    filled = (f" || {column} || '{text}'" for column, text in zip(columns, others, strict=True))
    return f"'{first}'{''.join(filled)}"


_LINE = _filled(
    ',[_,"_","_",_,_,_,"_",_,"_",_,"_",_]',
    "position",
    "direction",
    "role",
    _code("site"),
    _code("product"),
    _quoted(_id("lot_id")),
    "trim_scale(quantity)",
    _quoted("trim_scale(kilograms)"),
    "trim_scale(cost)",
    _quoted("nullif(currency, '')"),
    "cost_basis",
    _text("reason"),
)

_OPERATION = _filled(
    '["_","_","_",_,_,_,_,_,_,_,_,_,_,__]',
    _id("operation.id"),
    "kind",
    _moment("occurred_at"),
    *map(_code, ("site", "operator", "campaign", "line", "partner")),
    *map(_text, ("document", "number", "reason", "override")),
    _quoted(_id("reverses_id")),
    _quoted(_id("corrects_id")),
    "coalesce(lines, '')",
)

# As `domain.production.digest.operation_digest` hashes them.
_OPERATIONS = f"""
WITH moved AS (
    SELECT operation_id, string_agg({_LINE}, '' ORDER BY position) AS lines
    FROM movement
    LEFT JOIN {_codes("site")} ON site.id = movement.site_id
    LEFT JOIN {_codes("product")} ON product.id = movement.product_id
    GROUP BY operation_id
), stored AS (
    SELECT operation.id::text, operation.number, {_moment("recorded_at")} AS at, recorded_by AS actor,
           encode(sha256(convert_to({_OPERATION}, 'UTF8')), 'hex') AS sha256
    FROM operation
    LEFT JOIN moved ON moved.operation_id = operation.id
    LEFT JOIN {_codes("site")} ON site.id = operation.site_id
    LEFT JOIN {_codes("operator")} ON operator.id = operation.operator_id
    LEFT JOIN {_codes("campaign")} ON campaign.id = operation.campaign_id
    LEFT JOIN {_codes("line")} ON line.id = operation.line_id
    LEFT JOIN {_codes("partner")} ON partner.id = operation.partner_id
)
SELECT chain.name, NULL, entry.number, 'operation', 'Operation ' || coalesce(stored.number, entry.subject_id),
       CASE WHEN stored.id IS NULL THEN 'gone' ELSE 'altered' END
FROM history_entry AS entry
JOIN history_chain AS chain ON chain.id = entry.chain_id
LEFT JOIN stored ON stored.id = entry.subject_id
WHERE entry.subject_kind = 'operation'
    AND (stored.sha256, stored.at, stored.actor) IS DISTINCT FROM ({SAID_SHA256}, {SAID_CLOCK}, entry.actor)
"""  # nosec B608  # noqa: S608 - our own text

# As `domain.production.digest.lot_digest` hashes it, and as LotLeft is entered. Of what is told of a lot the latest
# counts: whoever records in it or decides about it has it locked until the entry is made.
_LOTS = f"""
WITH entered AS (
    SELECT entry.id, entry.chain_id, entry.number, unnest({SAID_LOTS}) AS lot
    FROM history_entry AS entry WHERE entry.subject_kind = 'operation'
), left_so AS (
    SELECT DISTINCT ON (lot) * FROM (
        SELECT id, chain_id, number, {_part(1)} AS lot, {_part(2)} AS decided, {_part(3)} AS sha256 FROM entered
    ) AS entered ORDER BY lot, id DESC
), decided_so AS (
    SELECT DISTINCT ON (entry.subject_id) entry.id, entry.subject_id AS lot,
           ({SAID}) #>> '{{after,disposition}}' AS decided
    FROM history_entry AS entry WHERE entry.subject_kind = 'lot' ORDER BY entry.subject_id, entry.id DESC
), stored AS (
    SELECT lot.id::text AS lot, site.code AS site, product.code AS product, lot.code, lot.sub_lot, lot.decided,
           encode(sha256(convert_to(array_to_string(ARRAY[
               site.code, product.code, lot.code, lot.sub_lot, lot.parent_id::text, lot.made_by_id::text,
               to_char(lot.made_on, 'YYYY-MM-DD'), to_char(lot.best_before, 'YYYY-MM-DD'), lot.supplier_lot,
               lot.campaign_id::text, lot.currency, lot.cost_basis
           ], E'\\n', ''), 'UTF8')), 'hex') AS sha256
    FROM lot LEFT JOIN site ON site.id = lot.site_id LEFT JOIN product ON product.id = lot.product_id
), compared AS (
    SELECT left_so.chain_id, stored.site, left_so.number,
           CASE WHEN stored.lot IS NULL THEN left_so.lot
                ELSE concat_ws(' ', stored.product, stored.code, nullif(stored.sub_lot, '')) END AS name,
           CASE WHEN stored.lot IS NULL THEN 'gone' WHEN left_so.lot IS NULL THEN 'not_entered' ELSE 'altered' END
               AS difference
    FROM left_so
    LEFT JOIN decided_so ON decided_so.lot = left_so.lot AND decided_so.id > left_so.id
    FULL JOIN stored ON stored.lot = left_so.lot
    WHERE (stored.sha256, stored.decided) IS DISTINCT FROM (
        left_so.sha256, CASE WHEN decided_so.lot IS NULL THEN left_so.decided ELSE decided_so.decided END
    )
)
SELECT chain.name, compared.site, compared.number, 'lot', 'Lot ' || compared.name, difference
FROM compared JOIN history_chain AS chain ON chain.id = compared.chain_id
WHERE difference <> 'not_entered'
UNION ALL
SELECT NULL, site, 0, 'lots', count(*) || ' lots of this site', difference
FROM compared WHERE difference = 'not_entered' GROUP BY site, difference
"""  # nosec B608  # noqa: S608 - our own text

# A lifting of all the holds of a recall is one entry, of the number of its lots.
_TOLD_ONE_BY_ONE = f"""
WITH entered AS MATERIALIZED (
    SELECT chain.name AS chain, entry.number, entry.subject_kind || ' ' || entry.action AS what,
           entry.subject_id AS id, entry.actor, {SAID_CLOCK} AS at, said
    FROM history_entry AS entry
    JOIN history_chain AS chain ON chain.id = entry.chain_id
    CROSS JOIN LATERAL (SELECT {SAID} OFFSET 0) AS parsed (said)
    WHERE entry.subject_kind IN ('lot', 'hold', 'recall')
), told AS (
    SELECT 'decision' AS kind, chain, number, said #>> '{{subject,code}}' AS name, jsonb_build_array(
        id, said #>> '{{before,disposition}}', said #>> '{{after,disposition}}', said ->> 'reason', at, actor,
        {_TOLD_SIGNATURE}
    ) AS said
    FROM entered WHERE what IN ('lot released', 'lot rejected')
    UNION ALL
    SELECT 'hold', chain, number, id, jsonb_build_array(
        id, said #>> '{{after,scope}}', said #>> '{{after,recall}}', said ->> 'reason', at, actor, {_TOLD_SIGNATURE}
    )
    FROM entered WHERE what = 'hold placed'
    UNION ALL
    SELECT 'lifting', chain, number, said #>> '{{before,key}}', jsonb_build_array(
        id, said #>> '{{before,lot}}', said ->> 'reason', at, actor, {_TOLD_SIGNATURE}
    )
    FROM entered WHERE what = 'hold lifted'
    UNION ALL
    SELECT 'liftings', chain, number, id, jsonb_build_array(
        id, said #> '{{after,lots}}', said ->> 'reason', at, actor, {_TOLD_SIGNATURE}
    )
    FROM entered WHERE what = 'recall holds_lifted'
    UNION ALL
    SELECT 'note', chain, number, said #>> '{{subject,code}}', said -> 'after'
    FROM entered WHERE what = 'recall logged'
), lifted AS (
    SELECT hold.id AS hold, hold.recall, held_lot.lot_id AS lot, lifted_hold.reason, {_moment("lifted_at")} AS at,
           lifted_by, jsonb_build_array({_signature("lifted_hold")}) AS signature,
           EXISTS (
               SELECT FROM entered
               WHERE what = 'recall holds_lifted' AND entered.id = hold.recall::text
                   AND entered.at = {_moment("lifted_at")}
           ) AS together
    FROM lifted_hold
    LEFT JOIN held_lot ON held_lot.id = lifted_hold.held_lot_id
    LEFT JOIN hold ON hold.id = held_lot.hold_id
), stored AS (
    SELECT 'decision' AS kind, lot_id::text AS name, jsonb_build_array(
        lot_id, before, after, reason, {_moment("decided_at")}, decided_by, {_signature("decision")}
    ) AS said
    FROM decision
    UNION ALL
    SELECT 'hold', id::text, jsonb_build_array(
        id, scope, recall, reason, {_moment("placed_at")}, placed_by, {_signature("hold")}
    )
    FROM hold
    UNION ALL
    SELECT 'lifting', lot::text, jsonb_build_array(hold, lot, reason, at, lifted_by) || signature
    FROM lifted WHERE NOT together
    UNION ALL
    SELECT 'liftings', recall::text,
           jsonb_build_array(recall, count(DISTINCT lot), reason, at, lifted_by) || signature
    FROM lifted WHERE together GROUP BY recall, reason, at, lifted_by, signature
    UNION ALL
    SELECT 'note', recall.code, jsonb_build_object(
        'id', note.id, 'recall', note.recall_id, 'step', note.step, 'at', {_moment("note.at")}, 'by', note.by,
        'partner', partner.code, 'kilograms', trim_scale(note.kilograms)::text, 'text', note.text,
        'recorded_at', {_moment("note.recorded_at")}
    )
    FROM recall_entry AS note
    LEFT JOIN recall ON recall.id = note.recall_id
    LEFT JOIN partner ON partner.id = note.partner_id
), told_each AS (
    SELECT *, row_number() OVER (PARTITION BY kind, said ORDER BY number) AS each FROM told
), stored_each AS (
    SELECT *, row_number() OVER (PARTITION BY kind, said) AS each FROM stored
)
SELECT told.chain, NULL, coalesce(told.number, 0), coalesce(told.kind, stored.kind),
       concat_ws(' ', initcap(coalesce(told.kind, stored.kind)), coalesce(told.name, stored.name)),
       CASE WHEN told.kind IS NULL THEN 'not_entered' ELSE 'gone' END
FROM told_each AS told
FULL JOIN stored_each AS stored ON (stored.kind, stored.said, stored.each) = (told.kind, told.said, told.each)
WHERE told.kind IS NULL OR stored.kind IS NULL
"""  # nosec B608  # noqa: S608 - our own text

# As `domain.production.digest.lots_digest` hashes them.
_DIGEST = "encode(sha256(convert_to(coalesce({ids}, ''), 'UTF8')), 'hex')"

_NUMBER = "CASE jsonb_typeof(said #> '{after,lots}') WHEN 'number' THEN (said #> '{after,lots}')::bigint ELSE 0 END"

_FIRST = r"string_agg(held.lot_id::text, E'\n' ORDER BY held.lot_id) FILTER (WHERE held.place <= placed.lots)"

# The lots that a hold was placed on are its first; the others are sub-lots of them, which were set apart later.
_HELD_LOTS = f"""
WITH placed AS (
    SELECT chain.name AS chain, entry.number, entry.subject_id AS hold, {_NUMBER} AS lots,
           said #>> '{{after,sha256}}' AS sha256
    FROM history_entry AS entry
    JOIN history_chain AS chain ON chain.id = entry.chain_id
    CROSS JOIN LATERAL (SELECT {SAID} OFFSET 0) AS parsed (said)
    WHERE entry.subject_kind = 'hold' AND entry.action = 'placed'
), held AS (
    SELECT held_lot.hold_id::text AS hold, held_lot.lot_id,
           row_number() OVER (PARTITION BY held_lot.hold_id ORDER BY held_lot.id) AS place,
           whole.id IS NOT NULL AS of_its_lot
    FROM held_lot
    LEFT JOIN lot ON lot.id = held_lot.lot_id
    LEFT JOIN held_lot AS whole ON whole.hold_id = held_lot.hold_id AND whole.lot_id = lot.parent_id
)
SELECT placed.chain, NULL, placed.number, 'held_lots', 'Lots of hold ' || placed.hold, 'altered'
FROM placed LEFT JOIN held ON held.hold = placed.hold
GROUP BY placed.chain, placed.number, placed.hold, placed.lots, placed.sha256
HAVING {_DIGEST.format(ids=_FIRST)} IS DISTINCT FROM placed.sha256
    OR bool_or(held.place > placed.lots AND NOT held.of_its_lot)
"""  # nosec B608  # noqa: S608 - our own text

_JOINED = r"string_agg(lot_id::text, E'\n' ORDER BY lot_id)"

# Of lots that joined a recall at the same microsecond in two transactions it is known how many there are.
_RECALLED_LOTS = f"""
WITH told AS (
    SELECT entry.subject_id AS recall, {SAID_CLOCK} AS at, min(chain.name) AS chain, min(entry.number) AS number,
           sum({_NUMBER}) AS lots, CASE count(*) WHEN 1 THEN min(said #>> '{{after,sha256}}') END AS sha256
    FROM history_entry AS entry
    JOIN history_chain AS chain ON chain.id = entry.chain_id
    CROSS JOIN LATERAL (SELECT {SAID} OFFSET 0) AS parsed (said)
    WHERE entry.subject_kind = 'recall' AND entry.action = 'extended' AND {_NUMBER} > 0
    GROUP BY entry.subject_id, {SAID_CLOCK}
), stored AS (
    SELECT recall_id::text AS recall, {_moment("joined_at")} AS at, count(*) AS lots,
           {_DIGEST.format(ids=_JOINED)} AS sha256
    FROM recalled_lot GROUP BY recall_id, joined_at
)
SELECT told.chain, NULL, coalesce(told.number, 0), 'recalled_lots',
       'Lots of recall ' || coalesce(recall.code, told.recall, stored.recall),
       CASE WHEN stored.recall IS NULL THEN 'gone' WHEN told.recall IS NULL THEN 'not_entered' ELSE 'altered' END
FROM told
FULL JOIN stored ON stored.recall = told.recall AND stored.at = told.at
LEFT JOIN recall ON recall.id::text = coalesce(told.recall, stored.recall)
WHERE told.lots IS DISTINCT FROM stored.lots OR stored.sha256 <> coalesce(told.sha256, stored.sha256)
"""  # nosec B608  # noqa: S608 - our own text

# Closings of before pictures were hashed tell nothing of them.
_RECALL_PICTURES = f"""
SELECT chain.name, NULL, entry.number, 'picture', 'The picture of recall ' || entry.subject_code, 'altered'
FROM history_entry AS entry
JOIN history_chain AS chain ON chain.id = entry.chain_id
JOIN recall_report AS report ON report.recall_id::text = entry.subject_id
CROSS JOIN LATERAL (SELECT {SAID} OFFSET 0) AS parsed (said)
WHERE entry.subject_kind = 'recall' AND entry.action = 'closed'
    AND (
        said #>> '{{after,picture}}' <> encode(sha256(convert_to(report.picture, 'UTF8')), 'hex')
        OR {_moment("report.closed_at")} <> {SAID_CLOCK}
    )
"""  # nosec B608  # noqa: S608 - our own text

UNLIKE = (_OPERATIONS, _LOTS, _TOLD_ONE_BY_ONE, _HELD_LOTS, _RECALLED_LOTS, _RECALL_PICTURES, *UNLIKE_ACCESS)

# What `link_lots` of the migrations keeps, made of all standing movements at once: missing, and astray. Movements are
# read once more for the returns among them, which takes less than to keep all until then.
WRONG_LINKS = """
WITH moved AS NOT MATERIALIZED (
    SELECT operation.kind, operation.sequence, operation.partner_id, movement.direction,
           lot.id, lot.number, lot.parent_id
    FROM movement
    JOIN operation ON operation.id = movement.operation_id
        AND operation.kind IN ('production', 'split', 'merge', 'rework', 'transfer', 'return')
    JOIN lot ON lot.id = movement.lot_id
    WHERE NOT EXISTS (SELECT FROM operation AS reversal WHERE reversal.reverses_id = operation.id)
), kin AS (
    SELECT moved.*, whole.id AS kin_id, whole.number AS kin_number
    FROM moved JOIN lot AS whole ON whole.id = moved.parent_id WHERE moved.kind = 'return'
    UNION ALL
    SELECT moved.*, part.id, part.number
    FROM moved JOIN lot AS part ON part.parent_id = coalesce(moved.parent_id, moved.id) AND part.id <> moved.id
    WHERE moved.kind = 'return'
), sent AS (
    SELECT movement.lot_id, shipment.partner_id, min(shipment.sequence) AS first
    FROM movement JOIN operation AS shipment ON shipment.id = movement.operation_id AND shipment.kind = 'shipment'
    WHERE movement.role = 'shipped' GROUP BY movement.lot_id, shipment.partner_id
), follows AS (
    SELECT CASE direction WHEN 'in' THEN number ELSE -sequence END AS source,
           CASE direction WHEN 'in' THEN -sequence ELSE number END AS target
    FROM moved WHERE kind <> 'return'
    UNION ALL
    SELECT passage.source, passage.target
    FROM kin
    CROSS JOIN LATERAL (VALUES (kin_number, -sequence), (-sequence, number)) AS passage (source, target)
    LEFT JOIN sent ON sent.lot_id = kin.kin_id AND sent.partner_id = kin.partner_id
    WHERE kin.kin_id = kin.parent_id OR sent.first < kin.sequence
)
SELECT count(DISTINCT follows) FILTER (WHERE passage.source IS NULL), count(*) FILTER (WHERE follows.source IS NULL)
FROM follows
FULL JOIN passage ON passage.source = follows.source AND passage.target = follows.target
WHERE passage.source IS NULL OR follows.source IS NULL
"""
