"""Opening the ledger for some operations: what recording, correcting and importing have in common."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from attrs import evolve, frozen

from application.production.ports import LedgerStore, ReferenceBook
from application.shared.ids import Ids
from domain.access.rights import EVERYWHERE, Sight
from domain.production.entry import Kind, OperationEntry
from domain.production.grammar import faults_in
from domain.production.ledger import Delivered, Ledger, LedgerState
from domain.production.operation import Operation
from domain.production.references import codes_in
from domain.production.sub_lots import lots_named
from domain.shared.errors import DomainError, Path, raise_any


@frozen
class Posting:
    """Opens the ledger inside a unit of work, and stores what it took."""

    references: ReferenceBook
    store: LedgerStore
    ids: Ids

    def open(
        self, entries: Sequence[OperationEntry], seen: Sequence[Operation] = (), sight: Sight = EVERYWHERE
    ) -> Ledger:
        """A ledger that knows and has locked what these operations name: first campaigns, then lots.

        `seen` are the operations that are taken back, where the caller has read them. They are read again once their
        lots are locked, because until then another transaction may take them back. Others are there if in sight.

        Raises `Invalid` with every fault in how they are stated; each path starts with the entry's position.
        """
        reversed_ids = {entry.reverses for entry in entries if entry.reverses} - {entry.id for entry in entries}
        taken_back = seen or tuple(self._recorded(reversed_ids, sight).values())
        references = self.references.look_up(codes_in(entries, taken_back))
        raise_any(
            fault.below(position)
            for position, entry in enumerate(entries)
            for fault in (*faults_in(entry), *references.faults_in(entry))
        )
        moved = {movement.lot for original in taken_back for movement in original.movements if movement.lot}
        keys = lots_named(entries, references.sites) | {key for key in moved if key.product in references.products}
        lots = self.store.lots_for_update(keys, references)
        originals = self._recorded(reversed_ids, sight)
        holdings = _holdings_named(entries, originals.values())
        delivered = self.store.delivered(holdings) if holdings else {}
        return Ledger(references, LedgerState(lots, originals, delivered), self.ids.new)

    def _recorded(self, ids: set[UUID], sight: Sight) -> Mapping[UUID, Operation]:
        found = self.store.operations(ids) if ids else {}
        return {id_: operation for id_, operation in found.items() if any(site in sight for site in operation.sites)}

    def keep(self, ledger: Ledger) -> None:
        """Store everything that the ledger took."""
        self.store.append(ledger)


def _holdings_named(entries: Sequence[OperationEntry], originals: Iterable[Operation]) -> set[Delivered]:
    """Whose stock of which lots matters: of what comes back, and of what may turn out never to have left."""
    coming_back = [entry for entry in entries if entry.kind in (Kind.RETURN, Kind.REVERSAL)]
    stated = ((entry.partner, movement.lot_key) for entry in coming_back for movement in entry.movements)
    recorded = ((original.partner, movement.lot) for original in originals for movement in original.movements)
    return {(partner, lot.whole) for partner, lot in (*stated, *recorded) if partner and lot}


def relocated(error: DomainError, places: Sequence[Path]) -> DomainError:
    """The same error with each path's first step, the position of an entry, told as the caller knows that entry."""
    faults = [evolve(fault, path=(*places[int(fault.path[0])], *fault.path[1:])) for fault in error.faults]
    return type(error)(*faults)
