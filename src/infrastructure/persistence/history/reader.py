"""Reading the history: one query for a page or for all that matches, and one for the chains of a site."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import nullcontext
from typing import Any
from uuid import UUID

from attrs import frozen
from typing_extensions import override

from application.history.queries import EntryRow, HistoryFilters, HistoryReader
from application.shared.errors import NotFound
from application.shared.paging import Page, PageRequest
from domain.access.rights import EVERYWHERE, Sight
from domain.history.entry import campaign_chain, site_chain, told_in
from domain.shared.canonical import moment
from infrastructure.persistence.production.models import Campaign, Lot
from infrastructure.persistence.shared.reading import BY_INDEXES, one_moment
from infrastructure.persistence.shared.sight import in_sight
from infrastructure.persistence.shared.statements import rows_of, rows_streamed
from infrastructure.shared.keyset import number_at, page_of, place, time_at

_ENTRIES = "history_entry AS entry"

# From the few subjects that concern a lot to their entries. A hold stands on many lots, and is lifted from each.
_ENTRIES_OF_LOT = """(
    SELECT 'lot' AS kind, %(lot)s AS id
    UNION SELECT 'operation', operation_id::text FROM movement WHERE lot_id = %(lot)s::uuid
    UNION SELECT 'hold', hold_id::text FROM held_lot WHERE lot_id = %(lot)s::uuid
    UNION SELECT 'recall', recall_id::text FROM recalled_lot WHERE lot_id = %(lot)s::uuid
) AS subject
JOIN history_entry AS entry ON entry.subject_kind = subject.kind AND entry.subject_id = subject.id
    AND (entry.action <> 'lifted' OR entry.document::jsonb #>> '{before,lot}' = %(lot)s)
"""

_CHAINS_OF_SITES = """
SELECT id FROM history_chain WHERE name = ANY(%s) OR name IN (
    SELECT %s || campaign.code FROM campaign JOIN site ON site.id = campaign.site_id WHERE site.code = ANY(%s)
)
"""


class DjangoHistoryReader(HistoryReader):
    """Reads entries; what they tell is in their documents."""

    @override
    def page(self, filters: HistoryFilters, request: PageRequest, sight: Sight) -> Page[EntryRow]:
        wanted = _wanted(filters, sight)
        statement = wanted.statement(after=request.cursor is not None, limited=True)
        with one_moment(BY_INDEXES) if filters.lot else nullcontext():
            rows = rows_of(statement, {**wanted.values, **wanted.start(request), "limit": request.limit + 1})
        page = page_of(rows, request, wanted.key)
        return Page(tuple(map(_entry, page.items)), page.next)

    @override
    def all(self, filters: HistoryFilters, sight: Sight) -> Generator[EntryRow, None, None]:
        with one_moment(BY_INDEXES if filters.lot else None):
            wanted = _wanted(filters, sight)
            yield from map(_entry, rows_streamed(wanted.statement(after=False, limited=False), wanted.values))

    @override
    def of_lot(self, lot: UUID, request: PageRequest, sight: Sight) -> Page[EntryRow]:
        if not Lot.objects.filter(in_sight(sight, "site__code"), pk=lot).exists():
            raise NotFound("lot", lot)
        return self.page(HistoryFilters(lot=lot), request, EVERYWHERE)

    @override
    def of_campaign(self, campaign: str, request: PageRequest, sight: Sight) -> Page[EntryRow]:
        if not Campaign.objects.filter(in_sight(sight, "site__code"), code=campaign).exists():
            raise NotFound("campaign", campaign)
        return self.page(HistoryFilters(campaign=campaign), request, EVERYWHERE)


@frozen
class _Wanted:
    """Where entries are looked for, by which conditions with their values. Those of one chain come by their numbers."""

    source: str
    conditions: Mapping[str, Mapping[str, Any]]
    of_chain: bool

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for values in self.conditions.values() for name, value in values.items()}

    def statement(self, *, after: bool, limited: bool) -> str:
        """The query for those that match; those after a place, and so many of them."""
        before = "entry.number < %(number)s" if self.of_chain else "(entry.at, entry.id) < (%(at)s, %(id)s)"
        conditions = [condition for condition in self.conditions if condition] + [before] * after
        return f"""
SELECT chain.name, entry.number, entry.document, entry.sha256, entry.at, entry.id
FROM {self.source} JOIN history_chain AS chain ON chain.id = entry.chain_id
{"WHERE " + " AND ".join(conditions) if conditions else ""}
ORDER BY {"entry.number DESC" if self.of_chain else "entry.at DESC, entry.id DESC"}
{"LIMIT %(limit)s" if limited else ""}
"""  # noqa: S608 - our own text

    def key(self, row: tuple[Any, ...]) -> list[str]:
        """Where the page after this row begins."""
        _, number, _, _, at, entry = row
        return [str(number)] if self.of_chain else [at, str(entry)]

    def start(self, request: PageRequest) -> dict[str, Any]:
        """The values of the place that a page starts after."""
        after = place(request, 1 if self.of_chain else 2)
        if after is None:
            return {}
        if self.of_chain:
            return {"number": number_at(after[0])}
        return {"at": moment(time_at(after[0])), "id": number_at(after[1])}


def _wanted(filters: HistoryFilters, sight: Sight) -> _Wanted:
    source = _ENTRIES_OF_LOT if filters.lot else _ENTRIES
    return _Wanted(source, dict((*_conditions(filters), *_seen(sight))), of_chain=filters.campaign is not None)


def _conditions(filters: HistoryFilters) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What is asked, with its values; the lot is asked for by where entries are looked for."""
    if filters.lot is not None:
        yield "", {"lot": str(filters.lot)}
    if filters.campaign is not None:
        chain = "entry.chain_id = (SELECT id FROM history_chain WHERE name = %(campaign)s)"
        yield chain, {"campaign": campaign_chain(filters.campaign)}
    if filters.site is not None:
        yield "entry.chain_id = ANY (%(chains)s)", {"chains": _chains_of([filters.site])}
    if filters.actor is not None:
        yield "entry.actor = %(actor)s", {"actor": filters.actor}
    if filters.action is not None:
        yield "entry.action = %(action)s", {"action": filters.action}
    if filters.subject is not None:
        yield from _of_subject(*filters.subject)
    if filters.since is not None:
        yield "entry.at >= %(since)s", {"since": moment(filters.since)}
    if filters.until is not None:
        yield "entry.at < %(until)s", {"until": moment(filters.until)}


def _seen(sight: Sight) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if sight.sites is not None:
        yield "entry.chain_id = ANY (%(seen)s)", {"seen": _chains_of(sorted(sight.sites))}


def _chains_of(sites: list[str]) -> list[int]:
    """The chains of these sites and of their campaigns; known beforehand, so that the plan is made for as many entries
    as they have.
    """
    chains = rows_of(_CHAINS_OF_SITES, [[site_chain(site) for site in sites], campaign_chain(""), sites])
    return [chain for (chain,) in chains]


def _of_subject(kind: str, named: UUID | str | None) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "entry.subject_kind = %(kind)s", {"kind": kind}
    if isinstance(named, UUID):
        yield "entry.subject_id = %(named)s", {"named": str(named)}
    elif named is not None:
        yield "entry.document::jsonb #>> '{subject,code}' = %(named)s", {"named": named}


def _entry(row: tuple[Any, ...]) -> EntryRow:
    chain, number, document, sha256, *_ = row
    return EntryRow(number, sha256, told_in(chain, document.encode()))
