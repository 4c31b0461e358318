"""What the entries tell of, as it is stored: joined by PostgreSQL, and streamed."""

from collections.abc import Generator

from typing_extensions import override

from application.history.ports import (
    Count,
    Difference,
    Facts,
    KeptDocument,
    Retold,
    Unchecked,
    Unentered,
    Unlike,
    WrongLinks,
    WrongLot,
)
from domain.history.entry import PLANT, campaign_chain, site_chain
from infrastructure.persistence.history.access import UNCHECKED
from infrastructure.persistence.history.records import retold_records
from infrastructure.persistence.history.told import SAID, streamed
from infrastructure.persistence.history.unlike import UNLIKE, WRONG_LINKS
from infrastructure.persistence.shared.reading import one_moment
from infrastructure.persistence.shared.statements import rows_of

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
           ({SAID}) #>> '{{subject,code}}' AS code, ({SAID}) #>> '{{after,version}}' AS version,
           ({SAID}) #>> '{{after,sha256}}' AS sha256
    FROM history_entry AS entry JOIN history_chain AS chain ON chain.id = entry.chain_id
    WHERE entry.subject_kind = 'campaign' AND ({SAID}) ->> 'action' = 'closed'
)
SELECT coalesce(campaign.code, closing.code, ''), coalesce(balance.version::text, closing.version, ''),
       closing.chain, coalesce(closing.number, 0),
       encode(sha256(convert_to(balance.document, 'UTF8')), 'hex'), balance.sha256::text, closing.sha256
FROM campaign_balance AS balance
FULL JOIN closing ON closing.subject_id = balance.campaign_id::text AND closing.version = balance.version::text
LEFT JOIN campaign ON campaign.id = balance.campaign_id
"""  # nosec B608  # noqa: S608 - our own text

_REPORTS = f"""
WITH closing AS (
    SELECT chain.name AS chain, entry.number, entry.subject_id,
           ({SAID}) #>> '{{subject,code}}' AS code, ({SAID}) #>> '{{after,sha256}}' AS sha256
    FROM history_entry AS entry JOIN history_chain AS chain ON chain.id = entry.chain_id
    WHERE entry.subject_kind = 'recall' AND ({SAID}) ->> 'action' = 'closed'
)
SELECT coalesce(recall.code, closing.code, ''), closing.chain, coalesce(closing.number, 0),
       encode(sha256(convert_to(report.document, 'UTF8')), 'hex'), report.sha256::text, closing.sha256
FROM recall_report AS report
FULL JOIN closing ON closing.subject_id = report.recall_id::text
LEFT JOIN recall ON recall.id = report.recall_id
"""  # nosec B608  # noqa: S608 - our own text

# What a lot is worth is summed up in its own currency, and can't be told from its movements where it changed that.
_WRONG_LOTS = """
WITH wrong AS (
    SELECT coalesce(lot.site_id, moved.site_id) AS site_id, coalesce(lot.product_id, moved.product_id) AS product_id,
           concat_ws(' ', coalesce(lot.code, moved.lot_id::text), nullif(lot.sub_lot, '')) AS name,
           lot.on_hand, coalesce(moved.quantity, 0) AS quantity,
           lot.value, CASE WHEN moved.one_currency IS FALSE THEN lot.value ELSE coalesce(moved.cost, 0) END AS cost,
           lot.holds, coalesce(held.holds, 0) AS standing
    FROM lot
    FULL JOIN (
        SELECT lot_id, any_value(site_id) AS site_id, any_value(product_id) AS product_id,
               sum(CASE direction WHEN 'out' THEN quantity ELSE -quantity END) AS quantity,
               sum(CASE direction WHEN 'out' THEN cost ELSE -cost END) AS cost,
               min(nullif(currency, '')) = max(nullif(currency, '')) AS one_currency
        FROM movement WHERE lot_id IS NOT NULL GROUP BY lot_id
    ) AS moved ON moved.lot_id = lot.id
    LEFT JOIN (
        SELECT lot_id, count(*) AS holds FROM held_lot
        WHERE NOT EXISTS (SELECT FROM lifted_hold WHERE held_lot_id = held_lot.id) GROUP BY lot_id
    ) AS held ON held.lot_id = lot.id
    WHERE lot.id IS NULL OR lot.on_hand <> coalesce(moved.quantity, 0) OR lot.holds <> coalesce(held.holds, 0)
        OR (lot.value <> coalesce(moved.cost, 0) AND moved.one_currency IS NOT FALSE)
)
SELECT coalesce(site.code, ''), concat_ws(' ', product.code, wrong.name), said.what, said.says, said.follows
FROM wrong
LEFT JOIN site ON site.id = wrong.site_id
LEFT JOIN product ON product.id = wrong.product_id
CROSS JOIN LATERAL (
    VALUES ('on_hand', on_hand, quantity), ('value', value, cost), ('holds', holds, standing)
) AS said (what, says, follows)
WHERE says <> follows OR (says IS NULL AND what = 'on_hand')
"""


class DjangoFacts(Facts):
    """Reads each kind of fact in one statement, of one moment: whoever records meanwhile isn't seen, or wholly."""

    @override
    def operations(self) -> int:
        return int(rows_of("SELECT count(*) FROM history_entry WHERE subject_kind = 'operation'", {})[0][0])

    @override
    def unentered(self) -> Generator[Unentered, None, None]:
        for row in streamed(_UNENTERED):
            yield Unentered(*row)

    @override
    def documents(self) -> Generator[KeptDocument, None, None]:
        for code, version, chain, *hashes in streamed(_BALANCES):
            yield KeptDocument(chain or campaign_chain(code), hashes[0], f"Balance {version} of {code}", *hashes[1:])
        for code, chain, *hashes in streamed(_REPORTS):
            yield KeptDocument(chain or PLANT, hashes[0], f"The report of recall {code}", *hashes[1:])

    @override
    def wrong_lots(self) -> Generator[WrongLot, None, None]:
        for site, name, what, says, follows in streamed(_WRONG_LOTS):
            yield WrongLot(site, name, Count(what), says, follows)

    @override
    def unlike(self) -> Generator[Unlike, None, None]:
        for statement in UNLIKE:
            for chain, site, number, kind, name, difference in streamed(statement):
                where = chain or (site_chain(site) if site else PLANT)
                yield Unlike(where, number, kind, name, Difference(difference))

    @override
    def unchecked(self) -> Unchecked:
        (counted,) = streamed(UNCHECKED)
        return Unchecked(*counted)

    @override
    def retold(self) -> Generator[Retold, None, None]:
        with one_moment():
            yield from retold_records()

    @override
    def wrong_links(self) -> WrongLinks:
        ((missing, astray),) = streamed(WRONG_LINKS)
        return WrongLinks(missing, astray)
