"""Every order of a list is that of an index: a page costs what it holds, however long the list is."""

import json
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from application.catalog.queries import RecordOrder
from application.production.queries import CampaignOrder, LotFilters, LotOrder, OperationFilters, OperationOrder
from application.shared.paging import Page, PageRequest, Sort
from config.container import Container
from domain.access.rights import EVERYWHERE
from tests.database import Database
from tests.factories.checks import LONG

LOTS = 100_000 if LONG else 3_000

FURTHER_ROWS = f"""
INSERT INTO product (id, code, name, name_fr, product_class, unit, currency, date_marking, gtin, allergens, version,
                     created_at, updated_at)
SELECT gen_random_uuid(), 'P-' || n, 'Name ' || n * 7919 % 1000, '', 'raw', 'KGM', '', 'best_before', '', '{{}}', 1,
       now(), now()
FROM generate_series(1, {LOTS}) AS n;
INSERT INTO partner (id, code, name, role, address, gln, contact, version, created_at, updated_at)
SELECT gen_random_uuid(), 'P-' || n, 'Name ' || n * 7919 % 1000, 'both', '', '', '', 1, now(), now()
FROM generate_series(1, {LOTS}) AS n;
INSERT INTO operator (id, code, name, version, created_at, updated_at)
SELECT gen_random_uuid(), 'P-' || n, 'Name ' || n * 7919 % 1000, 1, now(), now()
FROM generate_series(1, {LOTS}) AS n;
INSERT INTO campaign (id, code, name, site_id, product_id, planned_from, target_unit, accountability_min,
                      accountability_max, state, closings, version, created_at, updated_at)
SELECT gen_random_uuid(), 'C-' || n, 'Name ' || n * 7919 % 1000, site.id, product.id,
       CASE WHEN n % 10 > 0 THEN date '2000-01-01' + n * 7919 % 9000 END, '', 95, 100, 'planned', 0, 1, now(), now()
FROM generate_series(1, {LOTS}) AS n,
     (SELECT id FROM site LIMIT 1) AS site, (SELECT id FROM product LIMIT 1) AS product;
"""  # noqa: S608 - our own text

Read = Callable[[PageRequest], Page[Any]]


def everywhere(page: Callable[..., Page[Any]], filters: object) -> Read:
    """What reads pages of all that is there."""
    return lambda request: page(filters, request, EVERYWHERE)


@pytest.fixture
def lists(committed_database: Database) -> dict[str, tuple[type[StrEnum], Read]]:
    """What reads each long list, with its orders."""
    call_command("make_reference_plant", "--lots", str(LOTS), "--edges", str(5 * LOTS), "--verbosity", "0")
    with psycopg.connect(committed_database.owner, autocommit=True) as owner:
        owner.execute(FURTHER_ROWS)
        owner.execute("ANALYZE")
    container = Container()
    catalog, production = container.catalog, container.production
    lots, operations = production.lot_reader(), production.operation_reader()
    return {
        "product": (RecordOrder, everywhere(catalog.product_reader().page, {})),
        "partner": (RecordOrder, everywhere(catalog.partner_reader().page, {})),
        "operator": (RecordOrder, everywhere(catalog.operator_reader().page, {})),
        "campaign": (CampaignOrder, everywhere(production.campaign_reader().page, {})),
        "lot": (LotOrder, everywhere(lots.page, LotFilters())),
        "operation": (OperationOrder, everywhere(operations.page, OperationFilters())),
    }


def test_every_order_goes_by_an_index(lists: dict[str, tuple[type[StrEnum], Read]], subtests: pytest.Subtests) -> None:
    for table, (orders, read) in lists.items():
        for by in orders:
            for backwards in (False, True):
                with subtests.test(f"{table} {by} {backwards}"):
                    sort = Sort(by, backwards)
                    assert_by_index(table, read, PageRequest(50, None, sort))
                    further = read(PageRequest(500, None, sort)).next
                    assert_by_index(table, read, PageRequest(50, further, sort))


def assert_by_index(table: str, read: Read, request: PageRequest) -> None:
    """The statement that finds the page neither reads the whole table nor sorts it."""
    with CaptureQueriesContext(connection) as queries:
        assert len(read(request).items) == request.limit
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {queries[0]['sql']}")
        ((plan,),) = cursor.fetchall()
    nodes = list(nodes_of((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))
    scans = [node for node in nodes if node.get("Relation Name") == table]
    assert {node["Node Type"] for node in scans} <= {"Index Scan", "Index Only Scan"}, nodes
    # The reversals of a page are looked up in the same table, under another name.
    own = [node for node in scans if node["Alias"] == table]
    assert len(own) == 1, nodes
    assert not [node for node in nodes if node["Node Type"] == "Sort"], nodes
    # Beside the page itself, those that are equal to its first and last in the first column.
    assert own[0]["Actual Rows"] + own[0].get("Rows Removed by Filter", 0) < 4 * request.limit, own


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes_of(inner)
