"""The same operation told twice is recognised; anything else under its id is not the same."""

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal

from attrs import evolve, fields_dict

from domain.production.entry import Direction, MovementEntry, OperationEntry, Role
from tests.core.cases import for_each
from tests.core.plant import NOON, in_euros, new_id, operation, received

LINE = received("APPLE", "A1", "12.5")
STATED = operation("receipt", LINE, received("SUGAR", "S1", "1"))
OTHER_HEAD = {
    "kind": "count",
    "occurred_at": datetime(2026, 3, 2, 12, 0, 1, tzinfo=UTC),
    "site": "B",
    "operator": "bob",
    "campaign": "SPRING",
    "line": "L1",
    "partner": "SUPPLIER",
    "document": "DN-1",
    "reverses": new_id(),
    "reason": "late",
    "override": "nothing else is left",
    "movements": (LINE,),
}
OTHER_LINE = {
    "site": "B",
    "product": "SUGAR",
    "lot": "A2",
    "direction": Direction.IN,
    "role": Role.CO_PRODUCT,
    "quantity": Decimal("12.500001"),
    "unit": "GRM",
    "reason": "late",
    "supplier_lot": "S1",
    "made_on": date(2026, 1, 1),
    "best_before": date(2026, 1, 1),
    "unit_cost": in_euros("1"),
    "sub_lot": "pallet 7",
}


def with_line(**changes: object) -> OperationEntry:
    return evolve(STATED, movements=(evolve(LINE, **changes), *STATED.movements[1:]))


def test_everything_that_is_stated_is_tried() -> None:
    assert set(OTHER_HEAD) == set(fields_dict(OperationEntry)) - {"id", "number"}
    assert set(OTHER_LINE) == set(fields_dict(MovementEntry))


def test_another_head_or_line_is_another_operation() -> None:
    others = [evolve(STATED, **{name: value}) for name, value in OTHER_HEAD.items()]
    others += [with_line(**{name: value}) for name, value in OTHER_LINE.items()]
    assert len({STATED.fingerprint, *(other.fingerprint for other in others)}) == 1 + len(others)


@for_each(
    ("name", "third"),
    [("made_on", date(2026, 1, 2)), ("best_before", date(2026, 1, 2)), ("unit_cost", in_euros("2")), ("lot", None)],
)
def test_what_may_be_left_out_counts_with_its_value(name: str, third: object) -> None:
    assert with_line(**{name: third}).fingerprint != with_line(**{name: OTHER_LINE[name]}).fingerprint


def test_what_was_recorded_before_sub_lots_keeps_its_hash() -> None:
    line = ["A", "APPLE", "A1", "out", "main", "12.5", "KGM", "", "", None, None, None]
    other = ["A", "SUGAR", "S1", "out", "main", "1", "KGM", "", "", None, None, None]
    head = ["receipt", "2026-03-02T11:00:00+00:00", "A", "ana", None, None, None, "", None, ""]
    document = json.dumps([*head, [line, other]]).encode()
    assert STATED.fingerprint == hashlib.sha256(document).hexdigest()


def test_the_order_of_lines_is_part_of_what_is_stated() -> None:
    assert evolve(STATED, movements=STATED.movements[::-1]).fingerprint != STATED.fingerprint


def test_the_same_may_be_written_in_another_way() -> None:
    again = evolve(with_line(quantity=Decimal("12.500")), occurred_at=NOON.astimezone(UTC))
    assert again.fingerprint == STATED.fingerprint


def test_what_can_t_be_stored_can_be_compared_all_the_same() -> None:
    assert with_line(lot="\ud800").fingerprint != with_line(lot="\ud801").fingerprint
