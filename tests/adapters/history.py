"""Chains of entries in memory."""

import json
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import Any
from uuid import UUID

from attrs import frozen

from application.history.ports import (
    Chains,
    Count,
    DatabaseSchema,
    Difference,
    Facts,
    KeptDocument,
    Retold,
    Schemas,
    Seals,
    Unchecked,
    Unentered,
    Unlike,
    WrongLinks,
    WrongLot,
)
from application.history.queries import EntryRow, HistoryFilters, HistoryReader
from application.shared.errors import NotFound
from application.shared.paging import Page, PageRequest
from domain.access.rights import EVERYWHERE, Sight
from domain.history.chain import BEGINNING, Entry, Head, hash_of
from domain.history.entry import Change, campaign_chain, not_before, site_chain, told_in
from domain.history.values import kept_attributes
from domain.production.digest import lot_digest, operation_digest
from domain.production.entry import Direction
from domain.shared.canonical import moment
from domain.shared.errors import Fault, Invalid
from domain.shared.exact import EXACT
from tests.adapters.memory import Memory


@frozen
class MemoryChains(Chains):
    """Links them as the database does."""

    memory: Memory

    def add(self, entries: Sequence[tuple[str, bytes]]) -> None:
        for chain, document in entries:
            before = self.memory.chains.get(chain)
            number, previous = (before[-1].number + 1, before[-1].sha256) if before else (1, BEGINNING)
            late = not_before(json.loads(before[-1].document)["at"], document) if before else document
            clock = told_in(chain, document).at
            entry = Entry(number, late, hash_of(previous, chain, number, late), clock=clock)
            self.memory.entries.append((chain, entry))

    def read(self) -> Generator[tuple[Head, Iterator[Entry]], None, None]:
        for chain, entries in self.memory.chains.items():
            yield Head(chain, entries[-1].number, entries[-1].sha256), iter(entries)


@frozen
class MemoryFacts(Facts):
    """Looks everything up anew each time; documents it leaves to PostgreSQL."""

    memory: Memory

    def operations(self) -> int:
        return sum(1 for _ in self._said("operation"))

    def unentered(self) -> Generator[Unentered, None, None]:
        entered = {UUID(said["subject"]["id"]) for _, _, said in self._said("operation")}
        alone = Counter(one.site for one in self.memory.operations.values() if one.id not in entered)
        for site, number in alone.items():
            yield Unentered(site, number, 0)

    def documents(self) -> Generator[KeptDocument, None, None]:
        yield from ()

    def wrong_lots(self) -> Generator[WrongLot, None, None]:
        moved: dict[UUID | None, Decimal] = defaultdict(Decimal)
        for movement in self.memory.movements():
            with_it = EXACT.add if movement.direction is Direction.OUT else EXACT.subtract
            moved[movement.lot_id] = with_it(moved[movement.lot_id], movement.quantity)
        for key, lot in self.memory.lots.items():
            if lot.on_hand != moved[lot.id]:
                yield WrongLot(key.site, f"{key.product} {key.code}", Count.ON_HAND, lot.on_hand, moved[lot.id])

    def unlike(self) -> Generator[Unlike, None, None]:
        """Of operations and lots alone; the rest it leaves to PostgreSQL."""
        for chain, entry, said in self._said("operation"):
            stored = self.memory.operations.get(UUID(said["subject"]["id"]))
            if stored is None:
                yield Unlike(chain, entry.number, "operation", said["subject"]["id"], Difference.GONE)
            elif (operation_digest(stored), moment(stored.recorded.at), stored.recorded.by) != (
                said["after"]["sha256"],
                said.get("clock", said["at"]),
                said["actor"],
            ):
                yield Unlike(chain, entry.number, "operation", str(stored.id), Difference.ALTERED)
        told: dict[str, tuple[str, int, str]] = {}
        for chain, entry, said in self._said("operation"):
            for lot, _, digest in said["after"]["lots"]:
                told[lot] = (chain, entry.number, digest)
        for lot in self.memory.lots.values():
            chain, number, digest = told.pop(str(lot.id), ("", 0, ""))
            if digest != lot_digest(lot):
                difference = Difference.ALTERED if number else Difference.NOT_ENTERED
                yield Unlike(chain or site_chain(lot.key.site), number, "lot", str(lot.key), difference)

    def unchecked(self) -> Unchecked:
        return Unchecked(0, 0, 0)

    def retold(self) -> Generator[Retold, None, None]:
        kept = [
            *(
                (type(record).__name__.lower(), record)
                for rows in self.memory.records.values()
                for record in rows.values()
            ),
            *(("campaign", self.memory.campaign(code)) for code in self.memory.campaigns),
            *(("recall", recall) for recall in self.memory.recalls.values()),
        ]
        for kind, record in kept:
            own = [one for one in self._said(kind) if one[2]["subject"]["id"] == str(record.id)]
            entries = tuple((entry.number, told_in(chain, entry.document)) for chain, entry, _ in own)
            yield Retold(kind, record.code, entries, kept_attributes(record))

    def wrong_links(self) -> WrongLinks:
        return WrongLinks(0, 0)

    def _said(self, kind: str) -> Iterator[tuple[str, Entry, dict[str, Any]]]:
        for chain, entry in self.memory.entries:
            said = json.loads(entry.document)
            if said["subject"]["kind"] == kind:
                yield chain, entry, said


@frozen
class MemoryHistoryReader(HistoryReader):
    """Looks through all entries; a cursor is the time and the place of the last entry of its page."""

    memory: Memory

    def page(self, filters: HistoryFilters, request: PageRequest, sight: Sight) -> Page[EntryRow]:
        matching = self._matching(filters, sight)
        if request.cursor is not None:
            at, _, place = request.cursor.partition(" ")
            if not place.isdigit():
                raise Invalid(Fault("bad_cursor", "No page gave this.", ("cursor",)))
            matching = [one for one in matching if one[0] < (at, int(place))]
        found, left = matching[: request.limit], matching[request.limit :]
        return Page(tuple(row for _, row in found), "{} {}".format(*found[-1][0]) if left else None)

    def all(self, filters: HistoryFilters, sight: Sight) -> Generator[EntryRow, None, None]:
        yield from (row for _, row in self._matching(filters, sight))

    def of_lot(self, lot: UUID, request: PageRequest, sight: Sight) -> Page[EntryRow]:
        if lot not in {known.id for key, known in self.memory.lots.items() if key.site in sight}:
            raise NotFound("lot", lot)
        return self.page(HistoryFilters(lot=lot), request, EVERYWHERE)

    def of_campaign(self, campaign: str, request: PageRequest, sight: Sight) -> Page[EntryRow]:
        known = self.memory.campaigns.get(campaign)
        if known is None or known.site not in sight:
            raise NotFound("campaign", campaign)
        return self.page(HistoryFilters(campaign=campaign), request, EVERYWHERE)

    def _matching(self, filters: HistoryFilters, sight: Sight) -> list[tuple[tuple[str, int], EntryRow]]:
        """The latest first, each with what it is ordered by."""
        seen = None if sight.sites is None else set().union(*map(self._chains_of, sight.sites))
        rows = [
            ((moment(row.told.at), place), row)
            for place, (chain, entry) in enumerate(self.memory.entries)
            if (seen is None or chain in seen)
            and self._matches(filters, row := EntryRow(entry.number, entry.sha256, told_in(chain, entry.document)))
        ]
        return sorted(rows, key=itemgetter(0), reverse=True)

    def _matches(self, filters: HistoryFilters, row: EntryRow) -> bool:
        told, change, subject = row.told, row.told.change, row.told.change.subject
        kind, named = filters.subject or (subject.kind, None)
        return all(
            [
                filters.campaign is None or change.chain == campaign_chain(filters.campaign),
                filters.site is None or change.chain in self._chains_of(filters.site),
                filters.actor in (None, told.whence.actor),
                filters.action in (None, change.action),
                kind == subject.kind,
                named is None or (str(named) == subject.id if isinstance(named, UUID) else named == subject.code),
                filters.lot is None or self._concerns(filters.lot, change),
                filters.since is None or filters.since <= told.at,
                filters.until is None or told.at < filters.until,
            ]
        )

    def _chains_of(self, site: str) -> set[str]:
        campaigns = [campaign.code for campaign in self.memory.campaigns.values() if campaign.site == site]
        return {site_chain(site), *map(campaign_chain, campaigns)}

    def _concerns(self, lot: UUID, change: Change) -> bool:
        subject = change.subject
        named: dict[str, set[UUID]] = {
            "lot": {lot},
            "operation": {
                operation.id
                for operation in self.memory.operations.values()
                if lot in {movement.lot_id for movement in operation.movements}
            },
            "hold": {held.hold.id for held in self.memory.held if held.lot == lot},
            "recall": {recall for recall, member in self.memory.recalled if member == lot},
        }
        if change.action == "lifted" and (change.before or {}).get("lot") != str(lot):
            return False
        return subject.id in map(str, named.get(subject.kind, ()))


NOTHING = DatabaseSchema({}, {})


@frozen
class MemorySchemas(Schemas):
    """A schema that is said to be there, and one that ought to be."""

    is_there: DatabaseSchema = NOTHING
    is_made: DatabaseSchema = NOTHING

    def found(self) -> DatabaseSchema:
        return self.is_there

    def migrated(self) -> DatabaseSchema:
        return self.is_made


class ReversedSeals(Seals):
    """Signs with the text itself, backwards."""

    public_key = "backwards"

    def sign(self, text: bytes) -> str:
        return text[::-1].hex()

    def signed(self, text: bytes, signature: str) -> bool:
        return signature == self.sign(text)
