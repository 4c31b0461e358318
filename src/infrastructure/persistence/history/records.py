"""Records of the catalog, campaigns and recalls beside what the history tells of them; they are few, as plants go."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from application.history.ports import Retold
from domain.history.entry import Told, told_in
from domain.history.values import kept_attributes
from domain.shared.canonical import Json
from domain.shared.errors import DomainError
from infrastructure.persistence.catalog.records import (
    DjangoLines,
    DjangoOperators,
    DjangoPartners,
    DjangoProducts,
    DjangoSites,
)
from infrastructure.persistence.production.mapping import campaign_of
from infrastructure.persistence.production.models import Campaign
from infrastructure.persistence.shared.statements import rows_streamed
from infrastructure.persistence.traceability.models import Recall
from infrastructure.persistence.traceability.recalls import recall_of

_ENTRIES = """
SELECT entry.subject_kind, entry.subject_id, chain.name, entry.number, entry.document
FROM history_entry AS entry JOIN history_chain AS chain ON chain.id = entry.chain_id
WHERE entry.subject_kind = ANY (%(kinds)s) ORDER BY entry.id
"""

_CATALOG = (DjangoProducts, DjangoSites, DjangoLines, DjangoPartners, DjangoOperators)
_KINDS = [*(records.what for records in _CATALOG), "campaign", "recall"]


def retold_records() -> Iterator[Retold]:
    """Every record that is stored or told of, with all that is told of it."""
    entries: dict[tuple[str, str], list[tuple[int, Told]]] = defaultdict(list)
    for kind, named, chain, number, document in rows_streamed(_ENTRIES, {"kinds": _KINDS}):
        entries[kind, named] += _told(chain, number, document)
    for kind, row, attributes in _stored():
        yield Retold(kind, row.code, tuple(entries.pop((kind, str(row.id)), ())), attributes)
    for (kind, named), told in entries.items():
        yield Retold(kind, told[-1][1].change.subject.code if told else named, tuple(told), None)


def _stored() -> Iterator[tuple[str, Any, Mapping[str, Json]]]:
    """Rows of each kind with the attributes of the record in them."""
    for kind in _CATALOG:
        records = kind()
        for row in records.rows():
            yield records.what, row, _attributes(records.record_of, row)
    for campaign in Campaign.objects.with_relations():
        yield "campaign", campaign, _attributes(campaign_of, campaign)
    for recall in Recall.objects.all():
        yield "recall", recall, _attributes(recall_of, recall)


def _attributes(record_of: Callable[[Any], Any], row: Any) -> Mapping[str, Json]:
    try:
        return kept_attributes(record_of(row))
    except DomainError:  # something stands there that the application would never have stored
        return {}


def _told(chain: str, number: int, document: str) -> Iterator[tuple[int, Told]]:
    try:
        told = told_in(chain, document.encode())
    except (ValueError, TypeError, KeyError):  # an altered entry, which who follows the chain tells of
        return
    if isinstance(told.change.after or {}, dict):
        yield number, told
