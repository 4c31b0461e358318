"""Production's ports on memory."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from attrs import define, evolve

from application.production.ports import BalanceBook, Campaigns, LedgerStore, ReferenceBook
from application.shared.errors import NotFound, Overtaken
from domain.catalog.line import Line
from domain.catalog.operator import Operator
from domain.catalog.partner import Partner
from domain.catalog.product import Product, ProductClass
from domain.catalog.record import Record
from domain.catalog.site import Site
from domain.production.campaign import Campaign
from domain.production.closing import StoredBalance
from domain.production.entry import Direction, Role
from domain.production.ledger import Delivered, Ledger
from domain.production.lot import Disposition, Lot, LotKey
from domain.production.operation import Movement, Operation
from domain.production.references import Codes, References
from domain.production.valuation import Cost
from domain.quality.holds import HeldLot
from domain.shared.errors import Fault, Refused
from domain.shared.exact import EXACT, ZERO
from tests.adapters.memory import Memory


@define
class MemoryReferenceBook(ReferenceBook):
    """Looks codes up."""

    memory: Memory

    def look_up(self, codes: Codes) -> References:
        return References(
            products=self._found(Product, codes.products),
            sites=self._found(Site, codes.sites),
            lines=self._ids(Line, codes.lines),
            partners=self._ids(Partner, codes.partners),
            operators=self._ids(Operator, codes.operators),
            campaigns=MemoryCampaigns(self.memory).find(codes.campaigns),
        )

    def _found(self, kind: type[Record], keys: frozenset) -> dict:
        rows = self.memory.rows(kind)
        return {key: rows[key] for key in keys if key in rows}

    def _ids(self, kind: type[Record], keys: frozenset) -> dict:
        return {key: record.id for key, record in self._found(kind, keys).items()}


@define
class MemoryLedgerStore(LedgerStore):
    """Keeps operations and lots; works out by itself what is on hand."""

    memory: Memory

    def fingerprints(self, ids: Collection[UUID]) -> Mapping[UUID, str]:
        return {id_: operation.fingerprint for id_, operation in self._recorded(ids).items()}

    def operations(self, ids: Collection[UUID]) -> Mapping[UUID, Operation]:
        return {id_: self._now(operation) for id_, operation in self._recorded(ids).items()}

    def lots_for_update(self, keys: Collection[LotKey], references: References) -> Mapping[LotKey, Lot]:
        products = {key: references.products[key.product] for key in keys}
        found = {key: self.memory.lots[key] for key in keys if key in self.memory.lots}
        return {key: evolve(lot, product=products[key]) for key, lot in found.items()}

    def delivered(self, holdings: Collection[Delivered]) -> Mapping[Delivered, Decimal]:
        held: dict[Delivered, Decimal] = {}
        for operation in self.memory.standing():
            for movement in operation.movements:
                holding = (operation.partner, movement.lot and movement.lot.whole)
                if holding in holdings and movement.role in (Role.SHIPPED, Role.RETURNED):
                    change = EXACT.add if movement.direction is Direction.IN else EXACT.subtract
                    held[holding] = change(held.get(holding, ZERO), movement.quantity)
        return held

    def append(self, ledger: Ledger) -> None:
        for lot in ledger.new_lots:
            if lot.key in self.memory.lots:
                raise Overtaken(f"Lot {lot.key} was stored meanwhile.")
            self.memory.lots[lot.key] = evolve(lot, on_hand=ZERO, cost=evolve(lot.cost, amount=ZERO))
            inherited = [held for held in self.memory.held if held.lot == lot.parent and held.stands]
            self.memory.held += [HeldLot(held.hold, lot.id) for held in inherited]
        for lot in ledger.revised_lots:
            stored = self.memory.lots[lot.key]
            self.memory.lots[lot.key] = evolve(
                lot, holds=stored.holds, on_hand=stored.on_hand, cost=evolve(lot.cost, amount=stored.cost.amount)
            )
        for operation in ledger.operations:
            self._keep(operation)

    def _keep(self, operation: Operation) -> None:
        if operation.id in self.memory.operations:
            raise Overtaken(f"Operation {operation.id} was stored meanwhile.")
        if operation.reverses:
            original = self.memory.operations[operation.reverses]
            if original.reversed_by:
                raise Refused(Fault("already_reversed", "This operation has been reversed already.", refusal=True))
            self.memory.operations[original.id] = evolve(original, reversed_by=operation.id)
        self.memory.operations[operation.id] = operation
        for movement in operation.movements:
            if movement.lot:
                self.memory.lots[movement.lot] = _moved(self.memory.lots[movement.lot], movement)

    def _recorded(self, ids: Collection[UUID]) -> dict[UUID, Operation]:
        return {id_: self.memory.operations[id_] for id_ in ids if id_ in self.memory.operations}

    def _now(self, operation: Operation) -> Operation:
        movements = [evolve(m, product=self.memory.product(m.product)) for m in operation.movements]
        return evolve(operation, movements=tuple(movements))


def _moved(lot: Lot, movement: Movement) -> Lot:
    change = EXACT.add if movement.direction is Direction.OUT else EXACT.subtract
    worth = movement.cost.amount if movement.cost.currency == lot.cost.currency else ZERO
    cost = Cost(change(lot.cost.amount, worth), lot.cost.currency, lot.cost.basis)
    return evolve(lot, on_hand=change(lot.on_hand, movement.quantity), cost=cost)


@define
class MemoryCampaigns(Campaigns):
    """Keeps campaigns."""

    memory: Memory

    def find(self, codes: Collection[str]) -> Mapping[str, Campaign]:
        return {code: self.memory.campaign(code) for code in codes if code in self.memory.campaigns}

    def for_update(self, code: str) -> Campaign:
        try:
            return self.memory.campaign(code)
        except KeyError:
            raise NotFound("campaign", code) from None

    def add(self, campaigns: Iterable[Campaign]) -> None:
        for campaign in campaigns:
            if campaign.code in self.memory.campaigns:
                detail = "There is a campaign with this code already."
                raise Refused(Fault("code_taken", detail, ("code",), refusal=True))
            self.memory.campaigns[campaign.code] = campaign

    def save(self, campaign: Campaign) -> None:
        self.memory.campaigns[campaign.code] = campaign

    def has_operations(self, campaign: UUID) -> bool:
        codes = {known.code for known in self.memory.campaigns.values() if known.id == campaign}
        return any(operation.campaign in codes for operation in self.memory.standing())


@define
class MemoryBalanceBook(BalanceBook):
    """Keeps stored balances."""

    memory: Memory

    def waiting_lots(self, campaign: UUID) -> tuple[LotKey, ...]:
        codes = {known.code for known in self.memory.campaigns.values() if known.id == campaign}
        made = {
            movement.lot
            for operation in self.memory.standing()
            if operation.campaign in codes
            for movement in operation.movements
            if movement.lot and movement.direction is Direction.OUT
        }
        lots = [self.memory.lots[key] for key in sorted(made)]
        waiting = [lot for lot in lots if lot.disposition is Disposition.PENDING]
        return tuple(lot.key for lot in waiting if lot.product.product_class is ProductClass.FINISHED)

    def recorded_by(self, campaign: UUID) -> frozenset[str]:
        codes = {known.code for known in self.memory.campaigns.values() if known.id == campaign}
        return frozenset(o.recorded.by for o in self.memory.standing() if o.campaign in codes)

    def store(self, balance: StoredBalance) -> None:
        key = (balance.campaign, balance.version)
        if key in self.memory.balances:
            raise Overtaken(f"Version {balance.version} was stored meanwhile.")
        self.memory.balances[key] = balance
