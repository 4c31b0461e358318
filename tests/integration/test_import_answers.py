"""What an imported log comes to, in PostgreSQL: the sample's known answers, and those of a log with all the rest."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from application.production.queries import LotFilters
from application.shared.paging import PageRequest
from config.container import Container
from domain.access.rights import EVERYWHERE
from domain.shared.exact import canonical
from interfaces.imports.plant_log import read_log
from tests.factories.access import somebody

pytestmark = pytest.mark.django_db

SAMPLE = Path(__file__).parents[2] / "samples" / "cidery"
ZERO = Decimal(0)
TRANSFORMING = {"production", "split", "merge", "rework"}

Json = dict[str, Any]


def imported(directory: Path) -> None:
    """Import the log through the product's own container."""
    handler = Container().production.import_log()
    read_log(directory).imported(handler, somebody("test"), datetime(2026, 4, 1, tzinfo=UTC), lambda _: None)


def stored_on_hand() -> dict[str, str]:
    """What is on hand of every lot, as the product reads it."""
    reader, request, lots = Container().production.lot_reader(), PageRequest(limit=500), []
    while True:
        page = reader.page(LotFilters(), request, EVERYWHERE)
        lots += page.items
        if page.next is None:
            return {f"{lot.site}|{lot.product}|{lot.code}": canonical(lot.on_hand) for lot in lots}
        request = evolve(request, cursor=page.next)


def stored_balance(campaign: str, names: set[str]) -> Json:
    """These fields of the balance that the product answers with."""
    document = Container().production.balances().of_campaign(campaign, EVERYWHERE)
    return {name: document[name] for name in names}


# The slow and obvious way, from the files alone


def table(directory: Path, name: str) -> list[dict[str, str]]:
    with (directory / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def sum_of_movements(directory: Path) -> dict[str, str]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in table(directory, "movements"):
        if row["lot"]:
            sign = 1 if row["direction"] == "out" else -1
            sums[f"{row['site']}|{row['product']}|{row['lot']}"] += sign * Decimal(row["quantity"])
    return {key: canonical(number) for key, number in sums.items()}


def standing(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows of operations that are neither reversed nor reversals."""
    reversals = {(row["site"], row["operation"]): row["reverses"] for row in rows if row["kind"] == "reversal"}
    gone = {*reversals, *((site, number) for (site, _), number in reversals.items())}
    return [row for row in rows if (row["site"], row["operation"]) not in gone]


def balance_by_hand(directory: Path, campaign: str) -> Json:
    products = {row["code"]: row for row in table(directory, "products")}
    rows = standing([row for row in table(directory, "movements") if row["campaign"] == campaign])
    without_mass = {row["product"] for row in rows if not products[row["product"]]["kg_per_unit"]}
    packaging = {code for code, product in products.items() if product["class"] == "packaging"}
    weighed = []
    for row in rows:
        mass = Decimal(row["quantity"]) * Decimal(products[row["product"]]["kg_per_unit"] or 0)
        weighed.append((row, mass if row["direction"] == "in" else -mass))
    with localcontext(prec=100):
        return {"mass_unit": "KGM", **_balance(weighed, packaging), "not_reconcilable": sorted(without_mass)}


def _balance(weighed: list[tuple[dict[str, str], Decimal]], packaging: set[str]) -> Json:
    net, inputs, outputs, losses = (defaultdict(Decimal) for _ in range(4))
    for row, taken in weighed:
        if row["lot"]:
            net[row["product"], row["lot"]] -= taken
        if row["role"] == "loss" and taken:
            losses[row["reason"]] += abs(taken)
    for (product, _), mass in net.items():
        if mass:
            (outputs if mass > 0 else inputs)[product] += abs(mass)
    samples = sum((taken for row, taken in weighed if row["role"] == "sample"), ZERO)
    adjustments = sum((taken for row, taken in weighed if row["kind"] == "count"), ZERO)
    unaccounted = sum((taken for row, taken in weighed if row["kind"] in TRANSFORMING), ZERO)
    total = sum(inputs.values(), ZERO)
    but_packaging = sum((mass for product, mass in inputs.items() if product not in packaging), ZERO)
    return {
        "inputs": written(inputs),
        "input_total": canonical(total),
        "outputs": written(outputs),
        "output_total": canonical(sum(outputs.values(), ZERO)),
        "losses": written(losses),
        "loss_total": canonical(sum(losses.values(), ZERO)),
        "samples": canonical(samples),
        "adjustments": canonical(adjustments),
        "unaccounted": canonical(unaccounted),
        "unaccounted_by_line": _by_line(weighed),
        "accountability_percent": percent(total - unaccounted, total),
        "accountability_strict_percent": percent(but_packaging - unaccounted - adjustments, but_packaging),
    }


def _by_line(weighed: list[tuple[dict[str, str], Decimal]]) -> Json:
    residuals: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row, taken in weighed:
        if row["kind"] in TRANSFORMING:
            residuals[row["line"]][row["operation"]] += taken
    return {
        line: {
            "loss": canonical(sum((mass for mass in each.values() if mass > 0), ZERO)),
            "gain": canonical(-sum((mass for mass in each.values() if mass < 0), ZERO)),
        }
        for line, each in residuals.items()
    }


def written(numbers: dict[str, Decimal]) -> dict[str, str]:
    return {key: canonical(number) for key, number in numbers.items()}


def percent(part: Decimal, whole: Decimal) -> str | None:
    return canonical((100 * part / whole).quantize(Decimal("0.0001"))) if whole else None


# The sample


def test_the_sample_comes_to_its_known_answers() -> None:
    imported(SAMPLE)
    expected = json.loads((SAMPLE / "expected.json").read_text(encoding="utf-8"))
    assert stored_on_hand() == expected["on_hand"]
    for campaign, balance in expected["balance"].items():
        assert stored_balance(campaign, set(balance)) == balance


def test_the_slow_way_finds_the_known_answers_too() -> None:
    """It judges the log below, so it has to be right."""
    expected = json.loads((SAMPLE / "expected.json").read_text(encoding="utf-8"))
    assert sum_of_movements(SAMPLE) == expected["on_hand"]
    for campaign, balance in expected["balance"].items():
        assert balance_by_hand(SAMPLE, campaign) == balance


# A dairy with what the sample lacks: two sites that use the same numbers and a transfer between them, a split, a merge,
# co-products, a count upwards, a reversed production, a gain, a product without mass, and names that need quotes.

DAIRY = {
    "products": """\
code,name,name_fr,class,unit,kg_per_unit,unit_cost,currency
MILK,Raw milk,"Lait cru, entier",raw,LTR,1.03,0.45,EUR
RENNET,Rennet,Présure,raw,GRM,0.001,,
SKIM,Skimmed milk,Lait écrémé,bulk,LTR,1.035,,
CREAM,Cream,Crème,bulk,LTR,1.01,,
TOMME,"Cheese ""Tomme"", 1 kg","Tomme « fermière », 1 kg",finished,C62,1,6,EUR
WHEY,Whey,Petit-lait,by_product,LTR,1.024,0.01,EUR
LABEL,Label,Étiquette,packaging,C62,,0.02,EUR
""",
    "partners": "code,name,role\nFERME-É,\"La ferme, d'en haut\",supplier\nÉPICERIE,L'épicerie,customer\n",
    "campaigns": """\
code,product,line,planned_from,planned_to,target,unit,accountability_min,accountability_max
TOMME (1),TOMME,CUVE-1,2026-03-01,2026-03-31,130,C62,95,100
ÉTIQUETAGE,TOMME,,,,,,,
""",
}
NORTH, STORE = "NORD", "ENTREPÔT/2"
MADE, PACKED = {"campaign": "TOMME (1)"}, {"campaign": "ÉTIQUETAGE", "line": "TABLE"}
FARM = {"partner": "FERME-É"}

# number, kind, what the rows share, and the rows: site, product, lot, movement, reason.
OPERATIONS: list[tuple[str, str, Json, list[tuple[str, ...]]]] = [
    ("1", "receipt", {**FARM, "document": "BL 1"}, [(NORTH, "MILK", "L/03 (a)", "out main 1000")]),
    ("1", "receipt", {**FARM, "document": "BL 2"}, [(STORE, "LABEL", "ROLL/1", "out main 1000")]),
    ("2", "receipt", FARM, [(NORTH, "MILK", "L/03 (b)", "out main 500.0")]),
    ("3", "receipt", FARM, [(NORTH, "RENNET", "R(1)/x", "out main 200")]),
    ("4", "split", {**MADE, "line": "CUVE-1"}, [
        (NORTH, "MILK", "L/03 (a)", "in input 400"),
        (NORTH, "MILK", "L/03 (a)/1", "out main 250"),
        (NORTH, "MILK", "L/03 (a)/2", "out main 149"),
        (NORTH, "MILK", "", "out loss 0.5", "spilt, on the floor"),
    ]),
    ("5", "merge", {**MADE, "line": "CUVE-1"}, [
        (NORTH, "MILK", "L/03 (a)/1", "in input 250"),
        (NORTH, "MILK", "L/03 (b)", "in input 300"),
        (NORTH, "MILK", "M 1", "out main 550"),
    ]),
    ("6", "production", {**MADE, "line": "SEP"}, [
        (NORTH, "MILK", "M 1", "in input 550"),
        (NORTH, "SKIM", "S-1", "out main 480"),
        (NORTH, "CREAM", "C-1", "out co_product 60"),
        (NORTH, "CREAM", "", "out loss 2", "rinsing"),
    ]),
    ("7", "production", {**MADE, "line": "CUVE-1"}, [
        (NORTH, "SKIM", "S-1", "in input 400"),
        (NORTH, "RENNET", "R(1)/x", "in input 40"),
        (NORTH, "TOMME", "T/1 (é)", "out main 45"),
        (NORTH, "WHEY", "W-1", "out by_product 360"),
    ]),
    ("8", "production", {**MADE, "line": "CUVE-1"}, [
        (NORTH, "SKIM", "S-1", "in input 50"), (NORTH, "TOMME", "T/2", "out main 6"),
    ]),
    ("9", "reversal", {**MADE, "line": "CUVE-1", "reverses": "8"}, [
        (NORTH, "SKIM", "S-1", "out input 50", "typed\nin the wrong vat"), (NORTH, "TOMME", "T/2", "in main 6"),
    ]),
    ("10", "production", {**MADE, "line": "CUVE-2"}, [
        (NORTH, "SKIM", "S-1", "in input 80"), (NORTH, "TOMME", "T/3", "out main 84"),
    ]),
    ("11", "count", MADE, [(NORTH, "CREAM", "C-1", "out adjustment 1.5", "gauge")]),
    ("12", "sample", MADE, [(NORTH, "TOMME", "T/1 (é)", "in sample 1", "laboratory")]),
    ("13", "loss", MADE, [(NORTH, "CREAM", "C-1", "in loss 0.25", "sour")]),
    ("14", "transfer", {}, [
        (NORTH, "TOMME", "T/1 (é)", "in transferred 20"), (STORE, "TOMME", "T/1 (é)", "out transferred 20"),
    ]),
    ("14", "production", PACKED, [
        (STORE, "TOMME", "T/1 (é)", "in input 10"),
        (STORE, "LABEL", "ROLL/1", "in input 10"),
        (STORE, "TOMME", "T/1-BOX", "out main 10"),
    ]),
    ("15", "rework", MADE, [(NORTH, "TOMME", "T/3", "in input 4"), (NORTH, "SKIM", "S-1", "out main 3")]),
    ("15", "shipment", {"partner": "ÉPICERIE"}, [(STORE, "TOMME", "T/1-BOX", "in shipped 8")]),
    ("16", "return", {"partner": "ÉPICERIE"}, [(STORE, "TOMME", "T/1-BOX", "out returned 2", "too many")]),
    ("16", "receipt", FARM, [(NORTH, "MILK", "L/03 (b)", "out main 100")]),
]  # fmt: skip

ON_HAND = {
    "NORD|MILK|L/03 (a)": "600",
    "NORD|MILK|L/03 (a)/1": "0",
    "NORD|MILK|L/03 (a)/2": "149",
    "NORD|MILK|L/03 (b)": "300",
    "NORD|MILK|M 1": "0",
    "NORD|RENNET|R(1)/x": "160",
    "NORD|SKIM|S-1": "3",
    "NORD|CREAM|C-1": "61.25",
    "NORD|TOMME|T/1 (é)": "24",
    "NORD|TOMME|T/2": "0",
    "NORD|TOMME|T/3": "80",
    "NORD|WHEY|W-1": "360",
    "ENTREPÔT/2|LABEL|ROLL/1": "990",
    "ENTREPÔT/2|TOMME|T/1 (é)": "10",
    "ENTREPÔT/2|TOMME|T/1-BOX": "4",
}

# Worked out on paper, in kilograms.
CHEESE_MAKING = {
    "inputs": {"MILK": "721", "RENNET": "0.04"},
    "input_total": "721.04",
    "outputs": {"MILK": "153.47", "SKIM": "3.105", "CREAM": "61.8625", "TOMME": "124", "WHEY": "368.64"},
    "output_total": "711.0775",
    "losses": {"spilt, on the floor": "0.515", "rinsing": "2.02", "sour": "0.2525"},
    "loss_total": "2.7875",
    "samples": "1",
    "adjustments": "-1.515",
    "unaccounted": "7.69",
    "unaccounted_by_line": {
        "CUVE-1": {"loss": "0.915", "gain": "0"},
        "SEP": {"loss": "7.08", "gain": "0"},
        "CUVE-2": {"loss": "0", "gain": "1.2"},
        "": {"loss": "0.895", "gain": "0"},
    },
    "not_reconcilable": [],
}
LABELLING = {
    "inputs": {"TOMME": "10"},
    "outputs": {"TOMME": "10"},
    "unaccounted": "0",
    "unaccounted_by_line": {"TABLE": {"loss": "0", "gain": "0"}},
    "accountability_percent": "100",
    "not_reconcilable": ["LABEL"],
}


def dairy_rows() -> Iterator[Json]:
    products = csv.DictReader(DAIRY["products"].splitlines())
    units = {product["code"]: product["unit"] for product in products}
    start = datetime.fromisoformat("2026-03-02T06:00:00+01:00")
    for hour, (number, kind, shared, lines) in enumerate(OPERATIONS):
        head = {"operation": number, "kind": kind, "occurred_at": (start + timedelta(hours=hour)).isoformat(), **shared}
        for site, product, lot, movement, *reason in lines:
            direction, role, quantity = movement.split()
            where = {"site": site, "operator": "zoë", "product": product, "lot": lot, "unit": units[product]}
            how = {"direction": direction, "role": role, "quantity": quantity, "reason": "".join(reason)}
            yield head | where | how


@pytest.fixture
def dairy(tmp_path: Path) -> Path:
    """The dairy's log, as a spreadsheet program writes it: with a byte order mark and the line ends of Windows."""
    columns = table(SAMPLE, "movements")[0]
    for name, text in DAIRY.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8-sig", newline="\r\n")
    with (tmp_path / "movements.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(dairy_rows())
    return tmp_path


def test_the_dairy_comes_to_what_is_worked_out_by_hand(dairy: Path) -> None:
    imported(dairy)
    assert stored_on_hand() == ON_HAND
    assert stored_balance("TOMME (1)", set(CHEESE_MAKING)) == CHEESE_MAKING
    assert stored_balance("ÉTIQUETAGE", set(LABELLING)) == LABELLING


def test_the_dairy_comes_to_what_the_slow_way_says(dairy: Path) -> None:
    imported(dairy)
    assert stored_on_hand() == sum_of_movements(dairy)
    for campaign in ("TOMME (1)", "ÉTIQUETAGE"):
        balance = balance_by_hand(dairy, campaign)
        assert stored_balance(campaign, set(balance)) == balance


def test_the_dairys_campaigns_are_each_at_its_site(dairy: Path) -> None:
    imported(dairy)
    reader = Container().production.campaign_reader()
    assert {
        code: (c.site, c.line, c.state) for code in ("TOMME (1)", "ÉTIQUETAGE") if (c := reader.get(code, EVERYWHERE))
    } == {
        "TOMME (1)": (NORTH, "CUVE-1", "open"),
        "ÉTIQUETAGE": (STORE, None, "open"),
    }
