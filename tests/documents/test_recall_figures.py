"""The lots of a recall summed up."""

from decimal import Decimal

from attrs import evolve

from application.traceability.recall_figures import Check, classes_of, products_of
from application.traceability.recall_queries import QUANTITIES, LotInRecall
from domain.catalog.product import ProductClass
from tests.documents.recalls import report

LOT = report(3).lots[2]


def lot(product: str, product_class: str, mass: str | None, **quantities: str) -> LotInRecall:
    """A lot of a product with these quantities, and none else."""
    return evolve(
        LOT,
        product=product,
        product_class=product_class,
        kg_per_unit=None if mass is None else Decimal(mass),
        **{name: Decimal(quantities.get(name, "0")) for name in QUANTITIES},
    )


LOTS = (
    lot("JAM", "finished", "0.25", made="10.5", returned="2.5", on_hand="4", shipped="9"),
    lot("SUGAR", "raw", "1", made="100", used="99.999", lost="0.001"),
    lot("JAM", "finished", "0.25", made="8", on_hand="7"),
    lot("LABEL", "packaging", None, made="500", on_hand="500"),
    lot("LID", "packaging", "0.01", made="200", used="150", adjusted="50"),
)


def test_products_are_summed_up_in_their_own_unit_from_raw_to_finished() -> None:
    products = products_of(LOTS)
    assert [product.code for product in products] == ["SUGAR", "LABEL", "LID", "JAM"]
    jam = products[-1]
    assert (jam.lots, jam.differing) == (2, 1)
    assert jam.check == Check(*map(Decimal, ("18.5", "2.5", "11", "0", "9", "0", "0", "0", "0")))
    assert jam.check.difference == 1


def test_classes_are_summed_up_in_kilograms_without_what_has_no_mass() -> None:
    classes = {entry.product_class: entry for entry in classes_of(products_of(LOTS))}
    assert list(classes) == ["raw", "packaging", "finished"]
    packaging = classes["packaging"]
    assert (packaging.lots, packaging.without_mass) == (2, ("LABEL",))
    assert (packaging.check.made, packaging.check.used, packaging.check.adjusted) == (2, Decimal("1.5"), Decimal("0.5"))
    assert classes["finished"].check.difference == Decimal("0.25")


def test_every_class_of_product_has_its_place() -> None:
    lots = [lot(name.value, name.value, "1", made="1", on_hand="1") for name in ProductClass]
    assert [product.product_class for product in products_of(reversed(lots))] == list(ProductClass)


def test_suspects_are_counted() -> None:
    (jam,) = products_of([evolve(LOTS[0], depth=0), evolve(LOTS[2], depth=2)])
    assert (jam.lots, jam.suspects) == (2, 1)


def test_nothing_is_summed_up_of_no_lots() -> None:
    assert products_of([]) == ()
    assert classes_of([]) == ()
