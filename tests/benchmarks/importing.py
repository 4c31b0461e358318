"""Importing a log of some 60,000 rows, against COPY of the same rows into the same tables."""

import csv
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median

import psycopg

from interfaces.imports.movements import MOVEMENTS
from interfaces.imports.plant_log import read_log
from interfaces.imports.reference_tables import CAMPAIGNS, PARTNERS, PRODUCTS
from tests.benchmarks.by_hand import LOT_COLUMNS, MOVEMENT_COLUMNS, OPERATION_COLUMNS
from tests.benchmarks.measuring import line, seconds
from tests.benchmarks.plant import ME, Plant
from tests.benchmarks.work import NOW

RUNS = 3
RECEIPTS, PRODUCTIONS = 2_000, 10_000
PRODUCT_ROWS = (
    ("RAW", "Raw", "Brut", "raw", "KGM", "1", "", ""),
    ("MADE", "Made", "Fait", "finished", "C62", "1.319", "", ""),
    ("REST", "Rest", "Reste", "by_product", "KGM", "1", "", ""),
)

TABLES = {"operation": OPERATION_COLUMNS, "lot": LOT_COLUMNS, "movement": MOVEMENT_COLUMNS}
# What tells a row from the one that it is a copy of; and lots are empty until their movements come.
CHANGED = {
    name: f"md5(row.{name}::text)::uuid" for name in ("id", "operation_id", "lot_id", "made_by_id", "reverses_id")
}
CHANGED |= {name: f"row.{name} || '+'" for name in ("number", "code")} | {"on_hand": "0", "value": "0", "version": "1"}


def measure(plant: Plant, url: str) -> None:
    """Print rows a second of the import command's two steps, and of COPY."""
    taken: dict[str, list[float]] = {name: [] for name in ("COPY", "import", "  reading it", "  the use case")}
    with psycopg.connect(url) as connection:
        for run in range(RUNS):
            site = f"LOG-{run}"
            with tempfile.TemporaryDirectory() as folder:
                rows = _write_log(Path(folder), site)
                begin = time.perf_counter()
                log = read_log(Path(folder))
            read = time.perf_counter()
            log.imported(plant.container.production.import_log(), ME, NOW, lambda _done: None)
            end = time.perf_counter()
            spans = (_copy_again(connection, site), end - begin, read - begin, end - read)
            for times, span in zip(taken.values(), spans, strict=True):
                times.append(span)
    line(f"\nImport a log of {rows:,} movements in {len(log.operations):,} operations; {RUNS} runs")
    _print(rows, taken)


def _print(rows: int, taken: dict[str, list[float]]) -> None:
    line(f"  {'':30}{'median':>10}   {'fastest to slowest':24}{'rate':>12}{'speed':>16}")
    usual = median(taken["COPY"])
    for name, times in taken.items():
        extent = f"{min(times):.2f} to {max(times):.2f} s"
        rate = f"{rows / median(times):10,.0f}/s"
        line(f"  {name:30}{median(times):10.2f}   {extent:24}{rate}{usual / median(times):16.2f}")


def _copy_again(connection: psycopg.Connection, site: str) -> float:
    """Add all rows of a site once more, as others, by COPY alone; how many seconds that took."""
    texts = {}
    for table, columns in TABLES.items():
        changed = ", ".join(CHANGED.get(name, f"row.{name}") for name in columns.split(", "))
        rows = f"SELECT {changed} FROM {table} AS row JOIN site ON site.id = row.site_id WHERE site.code = %s"  # noqa: S608 - our own names
        with connection.cursor().copy(f"COPY ({rows} ORDER BY row.id) TO STDOUT", [site]) as copy:
            texts[table] = b"".join(copy)
    connection.commit()
    return seconds(lambda: _copy(connection, texts))


def _copy(connection: psycopg.Connection, texts: dict[str, bytes]) -> None:
    with connection.transaction(), connection.cursor() as cursor:
        for table, columns in TABLES.items():
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                copy.write(texts[table])


def _write_log(folder: Path, site: str) -> int:
    """Write a log of this site; the number of its movements."""
    _write(folder / "products.csv", PRODUCTS, PRODUCT_ROWS)
    _write(folder / "partners.csv", PARTNERS, [("FARM", "Farm", "both", "")])
    _write(folder / "campaigns.csv", CAMPAIGNS, [(f"OF-{site}", "MADE", "LINE-1", "", "", "", "", "", "")])
    movements = list(_movements(site))
    _write(folder / "movements.csv", MOVEMENTS, movements)
    return len(movements)


def _movements(site: str) -> Iterator[tuple[str, ...]]:
    """Receipts, then productions that take three lots each; half of what is made is shipped, some sampled."""
    for number in range(RECEIPTS):
        yield _row(f"R-{number}", "receipt", site, "RAW", f"RAW-{number}", "out", "main", "9000", partner="FARM")
    for number in range(PRODUCTIONS):
        head = {"campaign": f"OF-{site}", "line": "LINE-1"}
        name = f"P-{number}"
        for step in range(3):
            taken = f"RAW-{(number * 7 + step) % RECEIPTS}"
            yield _row(name, "production", site, "RAW", taken, "in", "input", "2.5", **head)
        yield _row(name, "production", site, "MADE", name, "out", "main", "5", **head)
        yield _row(name, "production", site, "REST", name, "out", "by_product", "0.5", **head)
        if number % 2:
            yield _row(f"S-{number}", "shipment", site, "MADE", name, "in", "shipped", "3", partner="FARM")
        if number % 10 == 0:
            yield _row(f"Q-{number}", "sample", site, "MADE", name, "in", "sample", "1", reason="as planned")


def _row(number: str, kind: str, site: str, *movement: str, **more: str) -> tuple[str, ...]:
    product, lot, direction, role, quantity = movement
    cells = {
        "operation": number,
        "kind": kind,
        "occurred_at": "2026-01-01T06:00:00+00:00",
        "site": site,
        "operator": "anna",
        "product": product,
        "lot": lot,
        "direction": direction,
        "role": role,
        "quantity": quantity,
        "unit": "C62" if product == "MADE" else "KGM",
        "document": "DN" if kind in ("receipt", "shipment") else "",
        **more,
    }
    return tuple(cells.get(column, "") for column in MOVEMENTS)


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
