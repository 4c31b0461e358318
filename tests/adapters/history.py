"""Chains of entries in memory."""

import json
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from attrs import frozen

from application.history.ports import Chains, EnteredOperation, Facts, KeptDocument, Seals, Unentered, WrongLot
from domain.history.chain import BEGINNING, Entry, Head, hash_of
from domain.production.entry import Direction
from tests.adapters.memory import Memory


@frozen
class MemoryChains(Chains):
    """Links them as the database does."""

    memory: Memory

    def add(self, entries: Sequence[tuple[str, bytes]]) -> None:
        for chain, document in entries:
            before = self.memory.chains.get(chain, ())
            number, previous = (before[-1].number + 1, before[-1].sha256) if before else (1, BEGINNING)
            entry = Entry(number, document, hash_of(previous, chain, number, document))
            self.memory.chains[chain] = (*before, entry)

    def read(self) -> Generator[tuple[Head, Iterator[Entry]], None, None]:
        for chain, entries in self.memory.chains.items():
            yield Head(chain, entries[-1].number, entries[-1].sha256), iter(entries)


@frozen
class MemoryFacts(Facts):
    """Looks everything up anew each time; documents it leaves to PostgreSQL."""

    memory: Memory

    def operations(self) -> Generator[EnteredOperation, None, None]:
        for chain, entry, said in self._said("operation"):
            named = UUID(said["subject"]["id"])
            stored = self.memory.operations.get(named)
            yield EnteredOperation(
                chain,
                entry.number,
                (stored and stored.number) or str(named),
                stored and stored.id,
                said["after"]["sha256"],
                said["at"],
                said["actor"],
            )

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
            sign = 1 if movement.direction is Direction.OUT else -1
            moved[movement.lot_id] += sign * movement.quantity
        for key, lot in self.memory.lots.items():
            if lot.on_hand != moved[lot.id]:
                yield WrongLot(key.site, f"{key.product} {key.code}", lot.on_hand, moved[lot.id])

    def _said(self, kind: str) -> Iterator[tuple[str, Entry, dict[str, Any]]]:
        for chain, entries in self.memory.chains.items():
            for entry in entries:
                said = json.loads(entry.document)
                if said["subject"]["kind"] == kind:
                    yield chain, entry, said


class ReversedSeals(Seals):
    """Signs with the text itself, backwards."""

    public_key = "backwards"

    def sign(self, text: bytes) -> str:
        return text[::-1].hex()

    def signed(self, text: bytes, signature: str) -> bool:
        return signature == self.sign(text)
