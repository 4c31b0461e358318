"""The lots of a recall summed up: by product in its own unit, by class of product in kilograms."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal

from attrs import frozen

from application.traceability.recall_queries import QUANTITIES, LotInRecall, left_open
from domain.catalog.product import ProductClass
from domain.shared.exact import EXACT, total


@frozen
class Check:
    """The quantity check of several lots, in one unit."""

    made: Decimal
    returned: Decimal
    on_hand: Decimal
    used: Decimal
    shipped: Decimal
    transferred: Decimal
    lost: Decimal
    sampled: Decimal
    adjusted: Decimal

    @property
    def difference(self) -> Decimal:
        """What the check leaves open."""
        return left_open(self)

    def times(self, factor: Decimal) -> "Check":
        """The same in another unit."""
        return Check(*(EXACT.multiply(getattr(self, name), factor) for name in QUANTITIES))


def check_of(parts: Collection[LotInRecall | Check]) -> Check:
    """The sum of these, all of which have one unit."""
    return Check(*(total(getattr(part, name) for part in parts) for name in QUANTITIES))


@frozen
class ProductInRecall:
    """The lots of one product in a recall, summed up in the product's unit."""

    code: str
    name: str
    product_class: str
    unit: str
    kg_per_unit: Decimal | None
    lots: int
    suspects: int
    differing: int
    check: Check

    @property
    def kilograms(self) -> Check | None:
        """The same in kilograms; None for a product whose mass isn't known."""
        return None if self.kg_per_unit is None else self.check.times(self.kg_per_unit)


@frozen
class ClassInRecall:
    """The products of one class in a recall, in kilograms; `without_mass` are those that the sum leaves out."""

    product_class: str
    lots: int
    check: Check
    without_mass: tuple[str, ...]


def products_of(lots: Iterable[LotInRecall]) -> tuple[ProductInRecall, ...]:
    """The products of these lots, from raw to finished and in the order of their codes."""
    grouped = defaultdict[str, list[LotInRecall]](list)
    for lot in lots:
        grouped[lot.product].append(lot)
    products = (_product(members) for members in grouped.values())
    return tuple(sorted(products, key=lambda product: (_rank(product.product_class), product.code)))


def classes_of(products: Iterable[ProductInRecall]) -> tuple[ClassInRecall, ...]:
    """The classes of these products, each summed up in kilograms.

    Classes aren't summed up in turn: what is made of one lot is in the next one again.
    """
    grouped = defaultdict[str, list[ProductInRecall]](list)
    for product in products:
        grouped[product.product_class].append(product)
    return tuple(
        ClassInRecall(
            product_class=name,
            lots=sum(product.lots for product in members),
            check=check_of([product.kilograms for product in members if product.kilograms]),
            without_mass=tuple(product.code for product in members if product.kilograms is None),
        )
        for name, members in grouped.items()
    )


def _product(lots: Collection[LotInRecall]) -> ProductInRecall:
    first = next(iter(lots))
    return ProductInRecall(
        code=first.product,
        name=first.product_name,
        product_class=first.product_class,
        unit=first.unit,
        kg_per_unit=first.kg_per_unit,
        lots=len(lots),
        suspects=sum(lot.depth == 0 for lot in lots),
        differing=sum(lot.difference != 0 for lot in lots),
        check=check_of(lots),
    )


def _rank(product_class: str) -> int:
    return list(ProductClass).index(ProductClass(product_class))
