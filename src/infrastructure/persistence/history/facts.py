"""What the entries tell of, as it is stored: joined by PostgreSQL, and streamed."""

from collections.abc import Generator, Iterator
from typing import Any

from typing_extensions import override

from application.history.ports import EnteredOperation, Facts, KeptDocument, Unentered, WrongLot
from domain.history.entry import PLANT, campaign_chain
from infrastructure.persistence.shared.reading import one_moment
from infrastructure.persistence.shared.statements import rows_streamed

# A document that somebody changed may be anything.
_SAID = "CASE WHEN pg_input_is_valid(entry.document, 'jsonb') THEN entry.document::jsonb END"

_MISFILED = f"""
SELECT chain.name, entry.number
FROM history_entry AS entry
JOIN history_chain AS chain ON chain.id = entry.chain_id
CROSS JOIN LATERAL (SELECT {_SAID} OFFSET 0) AS parsed (said)
WHERE (entry.at, entry.actor, entry.action, entry.subject_kind, entry.subject_id, entry.subject_code)
    IS DISTINCT FROM (
        said ->> 'at', said ->> 'actor', said ->> 'action',
        said #>> '{{subject,kind}}', said #>> '{{subject,id}}', said #>> '{{subject,code}}'
    )
"""  # noqa: S608 - our own text

_OPERATIONS = f"""
SELECT chain.name, entry.number, coalesce(operation.number, entry.subject_id), operation.id,
       ({_SAID}) #>> '{{after,sha256}}', entry.at, entry.actor
FROM history_entry AS entry
JOIN history_chain AS chain ON chain.id = entry.chain_id
LEFT JOIN operation ON operation.id::text = entry.subject_id
WHERE entry.subject_kind = 'operation'
"""  # noqa: S608 - our own text

_UNENTERED = """
SELECT coalesce(site.code, ''), sum(alone.operations)::bigint, sum(alone.movements)::bigint
FROM (
    SELECT site_id, count(*) AS operations, 0 AS movements FROM operation
    WHERE NOT EXISTS (
        SELECT FROM history_entry AS entry
        WHERE entry.subject_kind = 'operation' AND entry.subject_id = operation.id::text
    )
    GROUP BY site_id
    UNION ALL
    SELECT site_id, 0, count(*) FROM movement
    WHERE NOT EXISTS (SELECT FROM operation WHERE operation.id = movement.operation_id)
    GROUP BY site_id
) AS alone
LEFT JOIN site ON site.id = alone.site_id
GROUP BY site.code
"""

# Hashed here, so that large documents needn't travel.
_BALANCES = f"""
WITH closing AS (
    SELECT chain.name AS chain, entry.number, entry.subject_id,
           ({_SAID}) #>> '{{subject,code}}' AS code, ({_SAID}) #>> '{{after,version}}' AS version,
           ({_SAID}) #>> '{{after,sha256}}' AS sha256
    FROM history_entry AS entry JOIN history_chain AS chain ON chain.id = entry.chain_id
    WHERE entry.subject_kind = 'campaign' AND ({_SAID}) ->> 'action' = 'closed'
)
SELECT coalesce(campaign.code, closing.code, ''), coalesce(balance.version::text, closing.version, ''),
       closing.chain, coalesce(closing.number, 0),
       encode(sha256(convert_to(balance.document, 'UTF8')), 'hex'), balance.sha256::text, closing.sha256
FROM campaign_balance AS balance
FULL JOIN closing ON closing.subject_id = balance.campaign_id::text AND closing.version = balance.version::text
LEFT JOIN campaign ON campaign.id = balance.campaign_id
"""  # noqa: S608 - our own text

_REPORTS = f"""
WITH closing AS (
    SELECT chain.name AS chain, entry.number, entry.subject_id,
           ({_SAID}) #>> '{{subject,code}}' AS code, ({_SAID}) #>> '{{after,sha256}}' AS sha256
    FROM history_entry AS entry JOIN history_chain AS chain ON chain.id = entry.chain_id
    WHERE entry.subject_kind = 'recall' AND ({_SAID}) ->> 'action' = 'closed'
)
SELECT coalesce(recall.code, closing.code, ''), closing.chain, coalesce(closing.number, 0),
       encode(sha256(convert_to(report.document, 'UTF8')), 'hex'), report.sha256::text, closing.sha256
FROM recall_report AS report
FULL JOIN closing ON closing.subject_id = report.recall_id::text
LEFT JOIN recall ON recall.id = report.recall_id
"""  # noqa: S608 - our own text

_WRONG_LOTS = """
SELECT coalesce(site.code, ''),
       concat_ws(' ', product.code, coalesce(lot.code, moved.lot_id::text), nullif(lot.sub_lot, '')),
       lot.on_hand, coalesce(moved.quantity, 0)
FROM lot
FULL JOIN (
    SELECT lot_id, min(site_id::text) AS site, min(product_id::text) AS product,
           sum(CASE direction WHEN 'out' THEN quantity ELSE -quantity END) AS quantity
    FROM movement WHERE lot_id IS NOT NULL GROUP BY lot_id
) AS moved ON moved.lot_id = lot.id
LEFT JOIN site ON site.id = coalesce(lot.site_id, moved.site::uuid)
LEFT JOIN product ON product.id = coalesce(lot.product_id, moved.product::uuid)
WHERE lot.id IS NULL OR lot.on_hand <> coalesce(moved.quantity, 0)
"""


class DjangoFacts(Facts):
    """Reads each kind of fact in one statement, of one moment: whoever records meanwhile isn't seen, or wholly."""

    @override
    def operations(self) -> Generator[EnteredOperation, None, None]:
        for row in _streamed(_OPERATIONS):
            yield EnteredOperation(*row)

    @override
    def misfiled(self) -> Generator[tuple[str, int], None, None]:
        yield from _streamed(_MISFILED)

    @override
    def unentered(self) -> Generator[Unentered, None, None]:
        for row in _streamed(_UNENTERED):
            yield Unentered(*row)

    @override
    def documents(self) -> Generator[KeptDocument, None, None]:
        for code, version, chain, *hashes in _streamed(_BALANCES):
            yield KeptDocument(chain or campaign_chain(code), hashes[0], f"Balance {version} of {code}", *hashes[1:])
        for code, chain, *hashes in _streamed(_REPORTS):
            yield KeptDocument(chain or PLANT, hashes[0], f"The report of recall {code}", *hashes[1:])

    @override
    def wrong_lots(self) -> Generator[WrongLot, None, None]:
        for row in _streamed(_WRONG_LOTS):
            yield WrongLot(*row)


def _streamed(statement: str) -> Iterator[tuple[Any, ...]]:
    with one_moment():
        yield from rows_streamed(statement, {})
