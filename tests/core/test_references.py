"""Codes that an operation names have to exist, and fit together."""

from attrs import evolve

from domain.production.entry import OperationEntry
from domain.production.references import codes_in
from tests.core.cases import for_each
from tests.core.plant import REFERENCES, arrived, campaign, made, operation, received, sent, shipped, told, used

BAKED = operation("production", used("APPLE", "A1", "1"), made("JUICE", "J1", "1"), campaign="SPRING", line="L1")


def test_what_exists_and_fits_is_taken() -> None:
    assert told(REFERENCES.faults_in(BAKED)) == []
    assert told(REFERENCES.faults_in(operation("shipment", shipped("CIDER", "C1", "1")))) == []


@for_each(
    ("stated", "code", "path"),
    [
        (evolve(BAKED, campaign="AUTUMN"), "unknown_code", ("campaign",)),
        (evolve(BAKED, line="L9"), "unknown_code", ("line",)),
        (evolve(BAKED, operator="bob"), "unknown_code", ("operator",)),
        (evolve(BAKED, operator=""), "unknown_code", ("operator",)),
        (operation("shipment", shipped("CIDER", "C1", "1"), partner="NOBODY"), "unknown_code", ("partner",)),
        (operation("receipt", received("APPLE", "A1", "1"), site="Z"), "unknown_code", ("site",)),
        (
            operation("transfer", sent("APPLE", "A1", "1"), arrived("APPLE", "A1", "1", site="Z")),
            "unknown_code",
            ("movements", 1, "site"),
        ),
        (
            operation("receipt", evolve(received("APPLE", "A1", "1"), product="PEAR")),
            "unknown_code",
            ("movements", 0, "product"),
        ),
        (operation("receipt", received("YEAST", "Y1", "1", unit="KGM")), "wrong_unit", ("movements", 0, "unit")),
        (operation("receipt", received("JUICE", "J1", "1", unit="KGM")), "wrong_unit", ("movements", 0, "unit")),
    ],
)
def test_what_doesn_t_exist_or_fit_is_told(stated: OperationEntry, code: str, path: tuple[str | int, ...]) -> None:
    assert told(REFERENCES.faults_in(stated)) == [(code, path)]


def test_a_line_belongs_to_its_site() -> None:
    elsewhere = operation("receipt", received("APPLE", "A1", "1", site="B"), site="B", line="L1")
    assert told(REFERENCES.faults_in(elsewhere)) == [("unknown_code", ("line",))]


def test_a_campaign_belongs_to_its_site() -> None:
    references = evolve(REFERENCES, campaigns={"SPRING": evolve(campaign("SPRING"), site="B")})
    assert told(references.faults_in(BAKED)) == [("unknown_code", ("campaign",))]


def test_everything_that_an_operation_names_is_looked_up() -> None:
    moved = operation("transfer", sent("APPLE", "A1", "1"), arrived("SUGAR", "S1", "1"))
    codes = codes_in((BAKED, moved, operation("shipment", shipped("CIDER", "C1", "1"))))
    assert codes.products == {"APPLE", "JUICE", "SUGAR", "CIDER"}
    assert codes.sites == {"A", "B"}
    assert codes.lines == {("A", "L1")}
    assert (codes.partners, codes.operators, codes.campaigns) == ({"SHOP"}, {"ana"}, {"SPRING"})
