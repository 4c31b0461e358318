"""What the fakes keep their things in, in place of a database."""

from collections.abc import Iterator
from uuid import UUID

from attrs import define, evolve, field

from application.catalog.ports import Key
from application.shared.ids import Ids
from application.traceability.recall_queries import StoredReport
from domain.catalog.line import Line
from domain.catalog.product import Product
from domain.catalog.record import Record
from domain.history.chain import Entry
from domain.production.campaign import Campaign
from domain.production.closing import StoredBalance
from domain.production.lot import Lot, LotKey
from domain.production.operation import Movement, Operation
from domain.quality.disposition import Decision
from domain.quality.holds import HeldLot
from domain.shared.events import Event
from domain.traceability.recall import LogEntry, Recall

Table = dict[type[Record], dict[Key, Record]]


@define
class Memory:
    """Everything that was stored, by its key. What is stored is replaced, never changed in place.

    Operations stand in the order in which the ledger took them, entries of the history, with their chains, in that in
    which they were made; `events` are those of committed units of work.
    `ended_sessions` names whose sessions ended.
    `recalled` has the depth of each lot by its recall and its id.
    """

    records: Table = field(factory=dict)
    campaigns: dict[str, Campaign] = field(factory=dict)
    operations: dict[UUID, Operation] = field(factory=dict)
    lots: dict[LotKey, Lot] = field(factory=dict)
    balances: dict[tuple[UUID, int], StoredBalance] = field(factory=dict)
    decisions: list[Decision] = field(factory=list)
    held: list[HeldLot] = field(factory=list)
    recalls: dict[UUID, Recall] = field(factory=dict)
    recalled: dict[tuple[UUID, UUID], int] = field(factory=dict)
    recall_log: list[LogEntry] = field(factory=list)
    recall_reports: dict[UUID, StoredReport] = field(factory=dict)
    entries: list[tuple[str, Entry]] = field(factory=list)
    events: list[Event] = field(factory=list)
    ended_sessions: list[str] = field(factory=list)
    _before: "Memory | None" = None

    def begin(self) -> None:
        """Remember how things stand; transactions don't nest."""
        if self._before is not None:
            raise RuntimeError("A unit of work doesn't nest.")
        self._before = Memory(
            {kind: dict(rows) for kind, rows in self.records.items()},
            dict(self.campaigns),
            dict(self.operations),
            dict(self.lots),
            dict(self.balances),
            list(self.decisions),
            list(self.held),
            dict(self.recalls),
            dict(self.recalled),
            list(self.recall_log),
            dict(self.recall_reports),
            list(self.entries),
            list(self.events),
            list(self.ended_sessions),
        )

    def end(self, *, committed: bool) -> None:
        """Keep what was done since the beginning, or forget it."""
        before, self._before = self._before, None
        if not committed and before is not None:
            self.records, self.campaigns, self.operations = before.records, before.campaigns, before.operations
            self.lots, self.balances, self.events = before.lots, before.balances, before.events
            self.decisions, self.held = before.decisions, before.held
            self.recalls, self.recalled, self.recall_log = before.recalls, before.recalled, before.recall_log
            self.recall_reports, self.entries = before.recall_reports, before.entries
            self.ended_sessions = before.ended_sessions

    def contents(self) -> tuple[object, ...]:
        """Everything, to compare with what there is at another time."""
        lots = {key: (lot.on_hand, lot.cost, lot.holds, lot.particulars()) for key, lot in self.lots.items()}
        rows = {kind: dict(rows) for kind, rows in self.records.items()}
        quality = (list(self.decisions), list(self.held))
        recalls = (dict(self.recalls), dict(self.recalled), list(self.recall_log), dict(self.recall_reports))
        return (
            rows,
            dict(self.campaigns),
            dict(self.operations),
            lots,
            dict(self.balances),
            quality,
            recalls,
            list(self.entries),
            list(self.events),
        )

    @property
    def chains(self) -> dict[str, list[Entry]]:
        """The entries of the history by their chains."""
        chains: dict[str, list[Entry]] = {}
        for chain, entry in self.entries:
            chains.setdefault(chain, []).append(entry)
        return chains

    def rows(self, kind: type[Record]) -> dict[Key, Record]:
        """The records of one kind."""
        return self.records.setdefault(kind, {})

    def product(self, known: Product) -> Product:
        """The product as it is now: what refers to one shows its present name."""
        now = self.rows(Product).get(known.code)
        return now if isinstance(now, Product) else known

    def campaign(self, code: str) -> Campaign:
        """The campaign, with its product as it is now; `KeyError` when there is none."""
        campaign = self.campaigns[code]
        return evolve(campaign, product=self.product(campaign.product))

    def standing(self) -> Iterator[Operation]:
        """Operations that are neither reversed nor a reversal, in their order."""
        return (o for o in self.operations.values() if o.reverses is None and o.reversed_by is None)

    def movements(self) -> Iterator[Movement]:
        """Every movement, in the order in which the ledger took them."""
        return (movement for operation in self.operations.values() for movement in operation.movements)


def key_of(record: Record) -> Key:
    """What a record is looked up by."""
    return (record.site, record.code) if isinstance(record, Line) else record.code


@define
class CountedIds(Ids):
    """Ids that count upwards, so that a test knows them."""

    last: int = 0

    def new(self) -> UUID:
        self.last += 1
        return UUID(int=self.last)
