"""What a program does with the generated client: record, read, change, and be refused.

Run with the server's address and a token. Imports what the test generates.
"""

import sys
from datetime import datetime
from typing import Any, TypeVar

from lignage import AuthenticatedClient
from lignage.api.lots import lot_list, lot_picture
from lignage.api.operations import operation_create, operation_list
from lignage.api.partners import partner_create, partner_partial_update, partner_retrieve
from lignage.models import (
    Direction,
    MovementRole,
    MovementWrite,
    OperationKind,
    OperationPage,
    OperationRead,
    OperationWrite,
    PartnerRead,
    PartnerRole,
    PartnerWrite,
    PatchedPartnerWrite,
    Problem,
)
from lignage.types import Response

Shape = TypeVar("Shape")


def main(address: str, token: str) -> None:
    """Do all of it."""
    with AuthenticatedClient(address, token, raise_on_unexpected_status=True) as client:
        make_and_change_a_record(client)
        record_under_a_key(client)
        read_page_by_page(client)
        be_refused(client)


def make_and_change_a_record(client: AuthenticatedClient) -> None:
    """A patch changes what it names and nothing else, and only what the caller has seen."""
    stated = PartnerWrite(code="FAIR", role=PartnerRole.CUSTOMER, name="The fair", contact="Ana")
    made = here(PartnerRead, partner_create.sync_detailed(client=client, body=stated), 201)
    assert (made.name, made.role, made.address) == ("The fair", PartnerRole.CUSTOMER, "")

    seen = partner_retrieve.sync_detailed("FAIR", client=client)
    tag = seen.headers["ETag"]
    patch = PatchedPartnerWrite(address="2 Low Street")
    changed = partner_partial_update.sync_detailed("FAIR", client=client, body=patch, if_match=tag)
    partner = here(PartnerRead, changed, 200)
    assert (partner.name, partner.contact, partner.address) == ("The fair", "Ana", "2 Low Street")

    stale = partner_partial_update.sync_detailed("FAIR", client=client, body=patch, if_match=tag)
    assert here(Problem, stale, 412).errors[0].code == "stale"
    known = partner_retrieve.sync_detailed("FAIR", client=client, if_none_match=changed.headers["ETag"])
    assert (known.status_code, known.parsed) == (304, None)


def receipt(lot: str, quantity: str = "1000.5") -> OperationWrite:
    """Apples that arrive."""
    apples = MovementWrite(
        direction=Direction.OUT, role=MovementRole.MAIN, product="APPLE", lot=lot, quantity=quantity, unit="KGM"
    )
    return OperationWrite(
        kind=OperationKind.RECEIPT,
        occurred_at=datetime.fromisoformat("2026-03-02T08:00:00+01:00"),
        site="MILL",
        operator="ODILE",
        partner="ORCHARD",
        movements=[apples],
    )


def record_under_a_key(client: AuthenticatedClient) -> None:
    """The same request again has no second effect, and the same answer."""
    first = operation_create.sync_detailed(client=client, body=receipt("A-1"), idempotency_key="delivery 1")
    again = operation_create.sync_detailed(client=client, body=receipt("A-1"), idempotency_key="delivery 1")
    recorded = here(OperationRead, first, 201)
    assert here(OperationRead, again, 201) == recorded
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (recorded.kind, recorded.movements[0].quantity) == (OperationKind.RECEIPT, "1000.5")
    assert recorded.occurred_at.utcoffset() is not None


def read_page_by_page(client: AuthenticatedClient) -> None:
    """Each operation once; a lot's picture comes as text."""
    here(OperationRead, operation_create.sync_detailed(client=client, body=receipt("A-2")), 201)
    page = here(OperationPage, operation_list.sync_detailed(client=client, limit=1), 200)
    assert page.next_ is not None
    rest = here(OperationPage, operation_list.sync_detailed(client=client, limit=1, cursor=page.next_), 200)
    found = page.items + rest.items
    assert [operation.movements[0].lot for operation in found] == ["A-1", "A-2"]
    assert rest.next_ is None

    lots = lot_list.sync(client=client, site="MILL", code="A-1")
    assert lots is not None
    assert not isinstance(lots, Problem)
    picture = here(str, lot_picture.sync_detailed(lots.items[0].id, client=client), 200)
    assert "<svg" in picture


def be_refused(client: AuthenticatedClient) -> None:
    """Everything that is wrong comes at once, each at its place."""
    problem = here(Problem, operation_create.sync_detailed(client=client, body=receipt("A 3", quantity="-1")), 422)
    assert {fault.pointer: fault.code for fault in problem.errors} == {"/movements/0/quantity": "not_positive"}
    stranger = AuthenticatedClient(str(client.get_httpx_client().base_url), "nobody's")
    assert here(Problem, operation_list.sync_detailed(client=stranger), 401).status == 401


def here(shape: type[Shape], response: Response[Any], status: int) -> Shape:
    """The answer of this shape; there is no other."""
    assert response.status_code == status, response.content
    assert isinstance(response.parsed, shape), response.content
    return response.parsed


if __name__ == "__main__":
    main(*sys.argv[1:])
