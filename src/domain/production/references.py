"""The codes that operations name, looked up: what exists, and what an operation may not name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from attrs import field, frozen

from domain.catalog.product import Product
from domain.catalog.site import Site
from domain.production.campaign import Campaign
from domain.production.entry import MovementEntry, OperationEntry
from domain.production.operation import Operation
from domain.shared.errors import Fault


@frozen
class Codes:
    """The codes to look up; lines with their site."""

    products: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    lines: frozenset[tuple[str, str]] = frozenset()
    partners: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()
    campaigns: frozenset[str] = frozenset()


def codes_in(entries: Sequence[OperationEntry], originals: Iterable[Operation] = ()) -> Codes:
    """Every code that these operations name, and those that the originals of their reversals bring along."""
    stated: list[OperationEntry | Operation] = [*entries, *originals]
    movements = [movement for entry in entries for movement in entry.movements]
    return Codes(
        products=frozenset(movement.product for movement in movements),
        sites=frozenset({entry.site for entry in stated} | {movement.site for movement in movements}),
        lines=frozenset((entry.site, entry.line) for entry in stated if entry.line),
        partners=frozenset(entry.partner for entry in stated if entry.partner),
        operators=frozenset(entry.operator for entry in stated),
        campaigns=frozenset(entry.campaign for entry in stated if entry.campaign),
    )


@frozen
class References:
    """What was found for the codes, or its id where nothing else matters; what is missing doesn't exist."""

    products: Mapping[str, Product] = field(factory=dict)
    sites: Mapping[str, Site] = field(factory=dict)
    lines: Mapping[tuple[str, str], UUID] = field(factory=dict)
    partners: Mapping[str, UUID] = field(factory=dict)
    operators: Mapping[str, UUID] = field(factory=dict)
    campaigns: Mapping[str, Campaign] = field(factory=dict)

    def faults_in(self, entry: OperationEntry) -> Iterator[Fault]:
        """Codes that nobody knows, units that aren't the product's own, a campaign of another site."""
        if entry.site not in self.sites:
            yield _unknown("site", entry.site)
        if entry.line and (entry.site, entry.line) not in self.lines:
            yield Fault("unknown_code", f"Site {entry.site} has no line {entry.line!r}.", ("line",))
        if entry.partner and entry.partner not in self.partners:
            yield _unknown("partner", entry.partner)
        if entry.operator not in self.operators:
            yield _unknown("operator", entry.operator)
        yield from self._faults_in_campaign(entry)
        for position, movement in enumerate(entry.movements):
            for fault in self._faults_in_line(movement):
                yield fault.below("movements", position)

    def _faults_in_campaign(self, entry: OperationEntry) -> Iterator[Fault]:
        if not entry.campaign:
            return
        campaign = self.campaigns.get(entry.campaign)
        # Whoever may not see a campaign of another site isn't told that there is one.
        if campaign is None or campaign.site != entry.site:
            detail = f"No campaign of {entry.site} has the code {entry.campaign!r}."
            yield Fault("unknown_code", detail, ("campaign",))

    def _faults_in_line(self, movement: MovementEntry) -> Iterator[Fault]:
        if movement.site not in self.sites:
            yield _unknown("site", movement.site)
        product = self.products.get(movement.product)
        if product is None:
            yield _unknown("product", movement.product)
        elif movement.unit != product.unit.code:
            detail = f"{product.code} is counted in {product.unit.code}, not in {movement.unit}."
            yield Fault("wrong_unit", detail, ("unit",))


def _unknown(what: str, code: str) -> Fault:
    return Fault("unknown_code", f"No {what} has the code {code!r}.", (what,))
