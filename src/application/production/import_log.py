"""Importing a plant's log: the catalog that it names, its campaigns and all its operations, in one transaction."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from attrs import evolve, field, frozen

from application.catalog.ports import Key, R, Records
from application.production.plan_campaign import CampaignPlan, planned
from application.production.ports import Campaigns, LedgerStore, Progress, ReferenceBook
from application.production.posting import Posting, relocated
from application.production.record_operations import record_all, unrecorded
from application.shared.actor import Actor
from application.shared.ids import Ids
from application.shared.permissions import require_everywhere
from application.shared.unit_of_work import UnitOfWork
from domain.access.rights import Right
from domain.catalog.events import RecordAdded
from domain.catalog.line import Line
from domain.catalog.operator import Operator
from domain.catalog.partner import Partner, PartnerRole
from domain.catalog.product import Product, ProductClass
from domain.catalog.record import Record, faults_in
from domain.catalog.site import Site
from domain.production.campaign import Band, Campaign, CampaignState
from domain.production.entry import Kind, OperationEntry
from domain.production.events import CampaignOpened, CampaignPlanned
from domain.production.operation import Operation
from domain.production.references import codes_in
from domain.production.sub_lots import lots_named
from domain.shared.errors import DomainError, Fault, Path, Refused, raise_any
from domain.shared.events import Event
from domain.shared.exact import canonical
from domain.shared.money import Money
from domain.shared.quantity import Quantity, Unit

BATCH = 5_000
"""Operations stored by one set of statements: what bounds their size and the memory, never the transaction."""

K = TypeVar("K", str, tuple[str, str])


@frozen
class ProductRow:
    """A product as the log states it."""

    code: str
    name: str
    name_fr: str
    product_class: ProductClass
    unit: Unit
    kg_per_unit: Decimal | None = None
    standard_cost: Money | None = None


@frozen
class PartnerRow:
    """A partner as the log states it."""

    code: str
    name: str
    role: PartnerRole
    address: str = ""


@frozen
class CampaignRow:
    """A campaign as the log states it; its site is that of its operations."""

    code: str
    product: str
    line: str | None = None
    planned_from: date | None = None
    planned_to: date | None = None
    target: Quantity | None = None
    band: Band = field(factory=Band)


@frozen
class ImportLog:
    """Take this log over, its operations in their order: all of it or nothing."""

    products: tuple[ProductRow, ...]
    partners: tuple[PartnerRow, ...]
    campaigns: tuple[CampaignRow, ...]
    operations: tuple[OperationEntry, ...]
    actor: Actor
    at: datetime


@frozen
class Tally:
    """How many of those that the log names were created, and how many were there already."""

    created: int
    there: int


@frozen
class LogImported:
    """What the import did."""

    products: Tally
    partners: Tally
    sites: Tally
    lines: Tally
    operators: Tally
    campaigns: Tally
    operations: Tally


def _unheard(_done: int) -> None:
    """Progress that nobody wants to hear of."""


@frozen
class ImportLogHandler:
    """Creates what the log names and the catalog lacks, plans and opens its campaigns, and records its operations.

    What exists stays as it is. Importing the same log again changes nothing.
    """

    unit_of_work: UnitOfWork
    products: Records[Product]
    sites: Records[Site]
    lines: Records[Line]
    partners: Records[Partner]
    operators: Records[Operator]
    campaigns: Campaigns
    references: ReferenceBook
    posting: Posting
    store: LedgerStore
    ids: Ids

    def __call__(self, command: ImportLog, progress: Progress = _unheard) -> LogImported:
        """What was created and what was there; `progress` is told how many more operations are done.

        `Invalid` and `Refused` name faults by a path from `products`, `partners`, `campaigns` or `operations` and the
        position there; nothing has changed then. `Refused` where a product, a campaign or an operation exists with
        content that would give another balance; `Overtaken` where another transaction made the same meanwhile.
        """
        for right in (Right.CATALOG, Right.SETTINGS, Right.PLAN, Right.RECORD):
            require_everywhere(command.actor, right)
        raise_any(_told_twice(command))
        named = _named_in(command.operations)
        sites = _sites_of(command.campaigns, named)
        with self.unit_of_work as work:
            catalog, added = self._complete_catalog(command, named, sites)
            opened = self._open_campaigns(command.campaigns, sites)
            recorded, events = self._record(command, progress)
            planning = [event for campaign in opened for event in _opening(campaign)]
            work.commit(*map(RecordAdded, added), *planning, *events, by=command.actor, at=command.at)
        return LogImported(
            **catalog,
            campaigns=Tally(len(opened), len(command.campaigns) - len(opened)),
            operations=Tally(recorded, len(command.operations) - recorded),
        )

    def _complete_catalog(
        self, command: ImportLog, named: "_Named", campaign_sites: Sequence[str]
    ) -> tuple[dict[str, Tally], list[Record]]:
        products = {row.code: row for row in command.products}
        partners = {row.code: row for row in command.partners}
        lines = _main_lines(command.campaigns, campaign_sites) | named.lines
        raise_any(_differences(products.values(), self.products.find(products.keys())))
        new = self.ids.new
        completed: dict[str, tuple[Tally, Sequence[Record]]] = {
            "products": _completed(
                self.products, _places("products", products), lambda c: _product(new(), products[c])
            ),
            "partners": _completed(
                self.partners, _places("partners", partners), lambda c: _partner(new(), partners[c])
            ),
            "sites": _completed(self.sites, named.sites, lambda code: Site(new(), code, code, holds_returns=False)),
            "lines": _completed(self.lines, lines, lambda key: Line(new(), *key, name=key[1])),
            "operators": _completed(self.operators, named.operators, lambda code: Operator(new(), code, code)),
        }
        tallies = {name: tally for name, (tally, _) in completed.items()}
        return tallies, [record for _, new in completed.values() for record in new]

    def _open_campaigns(self, rows: Sequence[CampaignRow], sites: Sequence[str]) -> list[Campaign]:
        """Plan and open those that are new."""
        known = self.campaigns.find([row.code for row in rows])
        opened = []
        for position, (row, site) in enumerate(zip(rows, sites, strict=True)):
            try:
                if row.code in known:
                    raise_any(_contradictions(known[row.code], row, site))
                else:
                    opened.append(planned(_plan(row, site), self.references, self.ids).opened())
            except DomainError as error:
                raise error.below("campaigns", position) from None
        self.campaigns.add(opened)
        return opened

    def _record(self, command: ImportLog, progress: Progress) -> tuple[int, list[Event]]:
        """Record those that are new, batch by batch; answer how many, and what happened."""
        new = self._new(command.operations)
        progress(len(command.operations) - len(new))
        self._lock([entry for _, entry in new])
        operations = 0
        events: list[Event] = []
        for start in range(0, len(new), BATCH):
            batch = new[start : start + BATCH]
            try:
                entries = [entry for _, entry in batch]
                taken = record_all(self.posting, self.store, entries, command.actor, command.at)
            except DomainError as error:
                raise relocated(error, [("operations", position) for position, _ in batch]) from None
            operations += len(taken.operations)
            events += taken.events
            progress(len(batch))
        return operations, events

    def _new(self, entries: Sequence[OperationEntry]) -> list[tuple[int, OperationEntry]]:
        """Those that aren't recorded yet, with their positions in the log."""
        try:
            return list(unrecorded(entries, self.store.fingerprints({entry.id for entry in entries})).items())
        except DomainError as error:
            raise Refused(self._pointed(error.faults[0], entries)) from None

    def _pointed(self, fault: Fault, entries: Sequence[OperationEntry]) -> Fault:
        """The fault of an entry that is recorded with other content, at what is other in it."""
        position = int(fault.path[0])
        entry = entries[position]
        recorded = self.store.operations([entry.id]).get(entry.id)
        other = _difference(entry, recorded) if recorded else fault.path[1:]
        return evolve(fault, path=("operations", position, *other))

    def _lock(self, entries: Sequence[OperationEntry]) -> None:
        """Lock for all batches at once what they use: taken one batch after the other, locks may close a circle."""
        references = self.references.look_up(codes_in(entries))
        keys = {key for key in lots_named(entries, references.sites) if key.product in references.products}
        self.store.lots_for_update(keys, references)


@frozen
class _Named:
    """What operations name, and where first; of campaigns the sites of their operations."""

    sites: dict[str, Path] = field(factory=dict)
    lines: dict[tuple[str, str], Path] = field(factory=dict)
    operators: dict[str, Path] = field(factory=dict)
    campaigns: dict[str, list[str]] = field(factory=dict)


def _named_in(entries: Iterable[OperationEntry]) -> _Named:
    named = _Named()
    for position, entry in enumerate(entries):
        site = entry.site
        if site not in named.sites:
            named.sites[site] = ("operations", position, "site")
        if entry.operator not in named.operators:
            named.operators[entry.operator] = ("operations", position, "operator")
        if entry.line and (site, entry.line) not in named.lines:
            named.lines[site, entry.line] = ("operations", position, "line")
        if entry.campaign and site not in named.campaigns.setdefault(entry.campaign, []):
            named.campaigns[entry.campaign].append(site)
        for index, movement in enumerate(entry.movements):
            if movement.site not in named.sites:
                named.sites[movement.site] = ("operations", position, "movements", index, "site")
    return named


def _told_twice(command: ImportLog) -> Iterator[Fault]:
    """Codes that stand twice among the products, the partners or the campaigns."""
    for name in ("products", "partners", "campaigns"):
        seen: set[str] = set()
        for position, row in enumerate(getattr(command, name)):
            if row.code in seen:
                yield Fault("told_twice", f"{row.code!r} stands here a second time.", (name, position, "code"))
            seen.add(row.code)


def _sites_of(rows: Iterable[CampaignRow], named: _Named) -> list[str]:
    """The site of each campaign; `Invalid` where its operations are at several, or where it has none."""
    found = [named.campaigns.get(row.code, []) for row in rows]
    raise_any(
        Fault("no_single_site", _at_no_single_site(sites), ("campaigns", position, "site"))
        for position, sites in enumerate(found)
        if len(sites) != 1
    )
    return [site for (site,) in found]


def _at_no_single_site(sites: Sequence[str]) -> str:
    if not sites:
        return "No operation is in this campaign; its site would be theirs."
    return f"A campaign is at one site; the operations in this one are at {', '.join(sites)}."


def _main_lines(rows: Iterable[CampaignRow], sites: Iterable[str]) -> dict[tuple[str, str], Path]:
    return {
        (site, row.line): ("campaigns", position, "line")
        for position, (row, site) in enumerate(zip(rows, sites, strict=True))
        if row.line
    }


def _places(name: str, codes: Iterable[str]) -> dict[str, Path]:
    return {code: (name, position) for position, code in enumerate(codes)}


def _completed(records: Records[R], named: Mapping[K, Path], make: Callable[[K], R]) -> tuple[Tally, list[R]]:
    """Add those that are missing. What is wrong with one is told where the log names it first."""
    there = records.find(named.keys())
    new = {key: make(key) for key in named if key not in there}
    raise_any(fault.below(*named[key]) for key, record in new.items() for fault in faults_in(record))
    records.add(new.values())
    return Tally(len(new), len(there)), list(new.values())


def _difference(entry: OperationEntry, recorded: Operation) -> Path:
    """What an entry says otherwise than the operation with its id; the id where that isn't one value alone."""
    if entry.kind is Kind.REVERSAL or len(entry.movements) != len(recorded.movements):
        return ("id",)
    for name in ("kind", "occurred_at", "site", "campaign", "line", "operator", "partner", "document"):
        if getattr(entry, name) != getattr(recorded, name):
            return (name,)
    for position, (stated, known) in enumerate(zip(entry.movements, recorded.movements, strict=True)):
        same = {
            "site": stated.site == known.site,
            "product": stated.product == known.product.code,
            "lot": stated.lot_key == known.lot,
            "direction": stated.direction is known.direction,
            "role": stated.role is known.role,
            "quantity": stated.quantity == known.quantity,
            "reason": stated.reason == known.reason,
        }
        for name, equal in same.items():
            if not equal:
                return ("movements", position, name)
    return ("id",)


def _product(new_id: UUID, row: ProductRow) -> Product:
    return Product(
        id=new_id,
        code=row.code,
        name=row.name,
        name_fr=row.name_fr,
        product_class=row.product_class,
        unit=row.unit,
        kg_per_unit=row.kg_per_unit,
        standard_cost=row.standard_cost,
    )


def _partner(new_id: UUID, row: PartnerRow) -> Partner:
    return Partner(new_id, row.code, row.name, row.role, row.address)


def _plan(row: CampaignRow, site: str) -> CampaignPlan:
    return CampaignPlan(
        code=row.code,
        site=site,
        product=row.product,
        line=row.line,
        planned_from=row.planned_from,
        planned_to=row.planned_to,
        target=row.target,
        band=row.band,
    )


def _opening(campaign: Campaign) -> tuple[CampaignPlanned, CampaignOpened]:
    return CampaignPlanned(evolve(campaign, state=CampaignState.PLANNED)), CampaignOpened(campaign)


def _differences(rows: Iterable[ProductRow], known: Mapping[Key, Product]) -> Iterator[Fault]:
    """Where a product exists that would give another balance."""
    for position, row in enumerate(rows):
        if product := known.get(row.code):
            stated = {
                "product_class": (row.product_class, product.product_class),
                "unit": (row.unit.code, product.unit.code),
                "kg_per_unit": (_written(row.kg_per_unit), _written(product.kg_per_unit)),
            }
            for fault in _otherwise(f"Product {row.code}", stated):
                yield fault.below("products", position)


def _contradictions(known: Campaign, row: CampaignRow, site: str) -> Iterator[Fault]:
    """Where the campaign exists for another product or at another site."""
    stated = {"product": (row.product, known.product.code), "site": (site, known.site)}
    return _otherwise(f"Campaign {row.code}", stated)


def _otherwise(what: str, stated: Mapping[str, tuple[str, str]]) -> Iterator[Fault]:
    for name, (here, there) in stated.items():
        if here != there:
            detail = f"{what} exists with {name} {there}, not {here}; an import changes nothing that exists."
            yield Fault("exists_otherwise", detail, (name,), refusal=True)


def _written(mass: Decimal | None) -> str:
    return "empty" if mass is None else canonical(mass)
