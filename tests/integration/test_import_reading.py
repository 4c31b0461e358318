"""A log that isn't as it should be is refused with file, line, column and reason, and nothing has changed."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from attrs import frozen

from domain.catalog.product import ProductClass
from domain.production.entry import Kind, Role
from domain.shared.errors import Fault, Refused
from domain.shared.identity import operation_id
from interfaces.imports.csv_table import BadLog
from interfaces.imports.plant_log import read_log
from tests.adapters.memory import Memory
from tests.adapters.plant import import_log
from tests.core.plant import NOON
from tests.factories.access import somebody

GOOD = {
    "products.csv": """\
code,name,name_fr,class,unit,kg_per_unit,unit_cost,currency
APPLE,Apples,Pommes à cidre,raw,KGM,1,0.2,EUR
JUICE,"Juice, fresh","Jus ""frais"" de pomme",bulk,LTR,1.05,,
""",
    "partners.csv": """\
code,name,role
GROWER,Verger d'Été,supplier
SHOP,Shop,customer
""",
    "campaigns.csv": """\
code,product,line,planned_from,planned_to,target,unit,accountability_min,accountability_max
SPRING,JUICE,PRESS,2026-03-01,2026-03-31,50,LTR,95,100
""",
    # The loss of operation 2 has a line break in its reason; both sites have an operation 3.
    "movements.csv": """\
operation,kind,occurred_at,campaign,site,line,operator,product,lot,direction,role,quantity,unit,reason,partner,document,supplier_lot,made_on,best_before,reverses
1,receipt,2026-03-01T06:00:00+01:00,,A,,ana,APPLE,A/1,out,main,100,KGM,,GROWER,DN-1,S-1,2026-02-28,,
2,production,2026-03-01T07:00:00+01:00,SPRING,A,PRESS,ana,APPLE,A/1,in,input,60,KGM,,,,,,,
2,production,2026-03-01T07:00:00+01:00,SPRING,A,PRESS,ana,JUICE,J (1),out,main,50,LTR,,,,,2026-03-01,2026-09-01,
2,production,2026-03-01T07:00:00+01:00,SPRING,A,PRESS,ana,APPLE,,out,loss,2.5,KGM,"spilt,
on the floor",,,,,,
3,transfer,2026-03-02T07:00:00Z,,A,,ana,JUICE,J (1),in,transferred,20,LTR,,,,,,,
3,transfer,2026-03-02T07:00:00Z,,B,,ana,JUICE,J (1),out,transferred,20,LTR,,,,,,,
3,receipt,2026-03-02T08:00:00Z,,B,,bob,APPLE,A/1,out,main,5,KGM,,GROWER,DN-2,S-2,,,
4,shipment,2026-03-03T07:00:00.5+01:00,,A,,ana,JUICE,J (1),in,shipped,8,LTR,,SHOP,BL-1,,,,
5,count,2026-03-04T07:00+01:00,,A,,ana,JUICE,J (1),out,adjustment,0.5,LTR,gauge,,,,,,
6,reversal,2026-03-05T07:00:00+01:00,,A,,ana,JUICE,J (1),in,adjustment,0.5,LTR,misread,,,,,,5
""",
}


def written(directory: Path, files: dict[str, str]) -> Path:
    """The files in a directory. Surrogates become the bytes that they stand for, which aren't UTF-8."""
    for name, text in files.items():
        (directory / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    return directory


def error_of(directory: Path) -> str:
    """What an import of the directory is told; nothing has changed then."""
    memory = Memory()
    with pytest.raises(BadLog) as raised:
        read_log(directory).imported(import_log(memory), somebody("test"), NOON, lambda _: None)
    assert memory.contents() == Memory().contents()
    return str(raised.value)


# Logs that are fine


def test_partners_may_have_addresses(tmp_path: Path) -> None:
    assert [partner.address for partner in read_log(written(tmp_path, GOOD)).partners] == ["", ""]
    addressed = 'address,code,name,role\n"4 quai du Pont\n14100 Lisieux",GROWER,Verger,supplier\n,SHOP,Shop,customer\n'
    partners = read_log(written(tmp_path, GOOD | {"partners.csv": addressed})).partners
    assert [(partner.code, partner.address) for partner in partners] == [
        ("GROWER", "4 quai du Pont\n14100 Lisieux"),
        ("SHOP", ""),
    ]


def test_a_log_is_read_as_it_is_written(tmp_path: Path) -> None:
    log = read_log(written(tmp_path, GOOD))
    assert [product.name_fr for product in log.products] == ["Pommes à cidre", 'Jus "frais" de pomme']
    assert [str(product.standard_cost) for product in log.products] == ["0.2 EUR", "None"]
    assert [(entry.kind, entry.site, len(entry.movements)) for entry in log.operations] == [
        (Kind.RECEIPT, "A", 1),
        (Kind.PRODUCTION, "A", 3),
        (Kind.TRANSFER, "A", 2),
        (Kind.RECEIPT, "B", 1),
        (Kind.SHIPMENT, "A", 1),
        (Kind.COUNT, "A", 1),
        (Kind.REVERSAL, "A", 1),
    ]
    assert log.operations[1].movements[2].reason == "spilt,\non the floor"


def test_ids_follow_from_site_and_number(tmp_path: Path) -> None:
    log = read_log(written(tmp_path, GOOD))
    named = [("A", "1"), ("A", "2"), ("A", "3"), ("B", "3"), ("A", "4"), ("A", "5"), ("A", "6")]
    assert [entry.id for entry in log.operations] == [operation_id(site, number) for site, number in named]
    assert log.operations[-1].reverses == operation_id("A", "5")


@frozen
class Harmless:
    """A way to write the same log."""

    name: str
    rewrite: Callable[[str], str]


def _columns_turned(text: str) -> str:
    """The same columns in another order, in files whose cells have no commas."""
    return "".join(",".join(reversed(line.split(","))) + "\n" for line in text.splitlines())


HARMLESS = [
    Harmless("a byte order mark", lambda text: "\ufeff" + text),
    Harmless("line ends of Windows", lambda text: text.replace("\n", "\r\n").replace("spilt,\r\n", "spilt,\n")),
    Harmless("no line end at the end", lambda text: text.removesuffix("\n")),
    Harmless("blank lines", lambda text: "\n" + text.replace("\n", "\n\n").replace("spilt,\n\n", "spilt,\n")),
    Harmless(
        "columns in another order",
        lambda text: text if '"' in text else _columns_turned(text),
    ),
    Harmless("cells in quotes", lambda text: text.replace("2,production", '"2","production"')),
]


@pytest.mark.parametrize("harmless", HARMLESS, ids=lambda harmless: harmless.name)
def test_the_same_log_written_otherwise_is_the_same(tmp_path: Path, harmless: Harmless) -> None:
    (tmp_path / "otherwise").mkdir()
    plain = read_log(written(tmp_path, GOOD))
    other = read_log(written(tmp_path / "otherwise", {name: harmless.rewrite(text) for name, text in GOOD.items()}))
    assert (other.products, other.partners, other.campaigns) == (plain.products, plain.partners, plain.campaigns)
    assert other.operations == plain.operations


def test_a_log_without_operations_may_bring_a_catalog(tmp_path: Path) -> None:
    header_only = {name: text.partition("\n")[0] for name, text in GOOD.items()}
    log = read_log(written(tmp_path, header_only | {"products.csv": GOOD["products.csv"]}))
    memory = Memory()
    log.imported(import_log(memory), somebody("test"), NOON, lambda _: None)
    assert sum(map(len, memory.records.values())) == 2


def test_the_good_log_is_imported(tmp_path: Path) -> None:
    memory = Memory()
    read_log(written(tmp_path, GOOD)).imported(import_log(memory), somebody("test"), NOON, lambda _: None)
    assert len(memory.operations) == 7


# Logs that aren't


@frozen
class Broken:
    """One change to one file of the good log, and what the import says of it: line, column and reason."""

    file: str
    before: str
    after: str
    line: int | None
    column: str | None
    why: str

    def __str__(self) -> str:
        line, column = f", line {self.line}", f", column {self.column}"
        return f"{self.file}{line if self.line else ''}{column if self.column else ''}: {self.why}"


products, partners, campaigns, movements = (partial(Broken, name) for name in GOOD)

EMPTY = "It is empty; its first line names the columns."
LACKS = "The header lacks this column."
NUMBER = "A plain decimal number is expected, such as 12.5: digits and one point, no exponent."
DATE = "A date is expected, such as 2026-03-01."
TIME = "A time with its offset is expected, such as 2026-03-01T06:00:00+01:00."
YEAR = "The year is between 1900 and 2999."
MASS = "A mass per unit is above zero; leave it empty when it isn't known."
CURRENCY = "A currency is three capital letters of ISO 4217, such as EUR."
POSITIVE = "A quantity is above zero; the direction says which way."
CODE = "A code isn't empty and neither starts nor ends with white space."
MIRROR = "The operation that it reverses has no such line: a reversal mirrors all of it, and nothing more."
ONE_SITE = "The operation is at A; only a transfer's rows differ in site."

SHAPES = [
    products(GOOD["products.csv"], "", None, None, EMPTY),
    movements(GOOD["movements.csv"], "\n\n", None, None, EMPTY),
    partners(",role", "", 1, "role", LACKS),
    partners("name,role", "name,role,role", 1, "role", "The header names this column twice."),
    partners("name,role", "name,role,rank", 1, "rank", "There is no such column; there are code, name, role, address."),
    partners("code,name", "code;name", 1, "code;name", "There is no such column; there are code, name, role, address."),
    partners("Shop,c", "Shop, on the farm,c", 3, "role", "The row has 4 cells, the header names 3 columns."),
    movements(",bob", "", 9, "reverses", "The row has 19 cells, the header names 20 columns."),
    products("1.05", "1,05", 3, "currency", "The row has 9 cells, the header names 8 columns."),
    partners("Shop,c", '"Shop"s,c', 3, None, "This isn't CSV: ',' expected after '\"'."),
    partners("Shop,c", '"Shop,c', 3, None, "This isn't CSV: unexpected end of data."),
    partners("Été", "\udcc9t\udce9", 2, "name", "This isn't UTF-8."),
    partners("name,role", "n\udce9me,role", 1, "n\udce9me", "This isn't UTF-8."),
    movements("DN-2", "DN\0", 9, "document", "There is a NUL character."),
]

VALUES = [
    products("raw", "rare", 2, "class", f"'rare' isn't one of {', '.join(ProductClass)}."),
    products("1.05", "0", 3, "kg_per_unit", MASS),
    products("0.2,EUR", "cheap,EUR", 2, "unit_cost", NUMBER),
    products("0.2,EUR", "0.2,euro", 2, "currency", CURRENCY),
    products("0.2,EUR", "0.2,", 2, "currency", CURRENCY),
    partners("supplier", "", 2, "role", "'' isn't one of supplier, customer, both."),
    partners("customer", 'customer"', 3, "role", "'customer\"' isn't one of supplier, customer, both."),
    campaigns("2026-03-31", "31/03/2026", 2, "planned_to", DATE),
    campaigns("2026-03-01", "2026-W09-7", 2, "planned_from", DATE),
    campaigns("50", "1e3", 2, "target", NUMBER),
    campaigns("95", "-1", 2, "accountability_min", "A percentage of the band is between 0 and 1000."),
    campaigns("95,100", "95,90", 2, "accountability_max", "The band's minimum is above its maximum."),
    movements("1,receipt", "1,reception", 2, "kind", f"'reception' isn't one of {', '.join(Kind)}."),
    movements("1,receipt,2026-03-01T06:00:00+01:00", "1,receipt,2026-03-01T06:00:00", 2, "occurred_at", TIME),
    movements("1,receipt,2026-03-01T06", "1,receipt,2026-02-30T06", 2, "occurred_at", TIME),
    movements("1,receipt,2026-03-01T06:00:00+01:00", "1,receipt,20260301T060000Z", 2, "occurred_at", TIME),
    movements("1,receipt,2026-03-01T06", "1,receipt,0001-01-01T00", 2, "occurred_at", YEAR),
    movements("in,transferred", "into,transferred", 7, "direction", "'into' isn't one of in, out."),
    movements("in,shipped", "in,sent", 10, "role", f"'sent' isn't one of {', '.join(Role)}."),
    movements("2026-09-01", "2026-9-1", 4, "best_before", DATE),
    *(
        movements(",8,LTR", f",{quantity},LTR", 10, "quantity", NUMBER)
        for quantity in ("", "8e0", "NaN", "Infinity", "8 ", "+8", "8.", "0x8", "\u0668", "8" * 61)
    ),
]

SECOND = (
    "production,2026-03-01T07:00:00+01:00,SPRING,A,PRESS,ana,JUICE,J (1),out,main,50,LTR,,,,,2026-03-01,2026-09-01,"
)
SAMPLE = "7,sample,2026-03-01T07:00:00Z,,A,,ana,APPLE,A/1,in,sample,1,KGM,taste,,,,,,"

GROUPS = [
    *(
        movements(SECOND, SECOND.replace(before, after), 4, column, f"The rows of an operation agree here; {first}.")
        for column, before, after, first in (
            ("kind", "production", "split", "its first row says 'production'"),
            ("occurred_at", "T07:00:00+01:00", "T06:00:00Z", "its first row says '2026-03-01T07:00:00+01:00'"),
            ("campaign", "SPRING", "", "its first row says 'SPRING'"),
            ("line", "PRESS", "", "its first row says 'PRESS'"),
            ("operator", "ana", "bob", "its first row says 'ana'"),
            ("partner", "LTR,,", "LTR,,SHOP", "its first row says ''"),
            ("document", "LTR,,,", "LTR,,,DN", "its first row says ''"),
            ("reverses", "2026-09-01,", "2026-09-01,1", "its first row says ''"),
        )
    ),
    movements(SECOND, SECOND.replace(",A,", ",B,"), 4, "site", ONE_SITE),
    movements(
        "\n5,c", "\n1,c", 11, "operation",
        "The rows of an operation stand together; '1' of A is on line 2 already.",
    ),
    movements(
        f"2,{SECOND}", f"{SAMPLE}\n2,{SECOND}", 5, "operation",
        "The rows of an operation stand together; '2' of A is on line 3 already.",
    ),
]  # fmt: skip

RULES = [
    products("JUICE", "JUICE ", 3, "code", CODE),
    products("JUICE", "APPLE", 3, "code", "'APPLE' stands here a second time."),
    products("Apples", "", 2, "name", "A name isn't empty."),
    campaigns("JUICE", "WINE", 2, "product", "No product has the code 'WINE'."),
    campaigns("LTR", "KGM", 2, "unit", "JUICE is counted in LTR, the target in KGM."),
    campaigns("2026-03-31", "2026-02-01", 2, "planned_to", "A campaign isn't planned to end before it starts."),
    campaigns("SPRING", "SUMMER", 2, "code", "No operation is in this campaign; its site would be theirs."),
    movements(",,B,,bob", ",,B,,", 9, "operator", CODE),
    movements("\n1,receipt", "\n,receipt", 2, "operation", CODE),
    movements(",8,LTR", ",0,LTR", 10, "quantity", POSITIVE),
    movements(",8,LTR", ",-8,LTR", 10, "quantity", POSITIVE),
    movements(",8,LTR", ",8,KGM", 10, "unit", "JUICE is counted in LTR, not in KGM."),
    movements(",8,LTR", ",31,LTR", 10, "quantity", "Lot JUICE J (1) at A has 30 LTR left; 31 LTR is asked for."),
    movements("SHOP,BL-1", "STORE,BL-1", 10, "partner", "No partner has the code 'STORE'."),
    movements("J (1),in,shipped", "J (2),in,shipped", 10, "lot", "Site A has no lot 'J (2)' of JUICE."),
    movements('"spilt,\non the floor"', "", 5, "reason", "This line gives its reason."),
    movements(
        "out,transferred,20", "out,transferred,21", 7, "operation",
        "A transfer puts down what it takes up; of JUICE the difference is 1.",
    ),
    movements("misread,,,,,,5", "misread,,,,,,7", 12, "reverses", "There is no operation with this id to reverse."),
    movements("0.5,LTR,misread", "0.4,LTR,misread", 12, "quantity", MIRROR),
]  # fmt: skip


@pytest.mark.parametrize("broken", [*SHAPES, *VALUES, *GROUPS, *RULES], ids=str)
def test_a_broken_log_is_told_where_and_why(tmp_path: Path, broken: Broken) -> None:
    assert GOOD[broken.file].count(broken.before) == 1
    changed = GOOD | {broken.file: GOOD[broken.file].replace(broken.before, broken.after)}
    assert error_of(written(tmp_path, changed)) == str(broken)


def test_a_campaign_at_two_sites_is_told_at_the_campaign(tmp_path: Path) -> None:
    elsewhere = GOOD["movements.csv"].replace("08:00:00Z,,B,,bob", "08:00:00Z,SPRING,B,,bob")
    says = error_of(written(tmp_path, GOOD | {"movements.csv": elsewhere}))
    place = "campaigns.csv, line 2, column code"
    assert says == f"{place}: A campaign is at one site; the operations in this one are at A, B."


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    (written(tmp_path, GOOD) / name).unlink()
    assert error_of(tmp_path) == f"{name}: There is no such file."


def test_a_folder_isn_t_a_file(tmp_path: Path) -> None:
    (written(tmp_path, GOOD) / "partners.csv").unlink()
    (tmp_path / "partners.csv").mkdir()
    assert error_of(tmp_path) == "partners.csv: It can't be read: Is a directory."


def test_a_file_in_utf_16_is_no_log(tmp_path: Path) -> None:
    (written(tmp_path, GOOD) / "partners.csv").write_text(GOOD["partners.csv"], encoding="utf-16")
    assert error_of(tmp_path).endswith("This isn't UTF-8.")


def test_a_cell_without_end_isn_t_read_to_the_end(tmp_path: Path) -> None:
    endless = GOOD["partners.csv"] + 'MORE,"' + "x" * 200_000 + '",customer\n'
    says = error_of(written(tmp_path, GOOD | {"partners.csv": endless}))
    assert says == "partners.csv, line 4: This isn't CSV: field larger than field limit (131072)."


def test_the_first_bad_row_counts(tmp_path: Path) -> None:
    text = GOOD["movements.csv"].replace("2.5,KGM", "two,KGM").replace(",8,LTR", ",eight,LTR")
    assert (
        error_of(written(tmp_path, GOOD | {"movements.csv": text}))
        == f"movements.csv, line 5, column quantity: {NUMBER}"
    )


def test_what_the_database_refuses_as_a_whole_is_told_of_the_log(tmp_path: Path) -> None:
    def refuse(*_: object) -> None:
        raise Refused(Fault("already_reversed", "This operation has been reversed already.", refusal=True))

    with pytest.raises(BadLog) as raised:
        read_log(written(tmp_path, GOOD)).imported(refuse, somebody("test"), NOON, lambda _: None)
    assert str(raised.value) == "the log: This operation has been reversed already."
