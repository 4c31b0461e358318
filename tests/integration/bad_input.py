"""How the table of bad input is written: a request, and what is said of it."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, NamedTuple

from tests.e2e.client import Answer, Api
from tests.e2e.plant import line, operation, pressing, receipt

Send = Callable[[Api], Answer]
Places = dict[str, str]

#: An operation that is recorded before any of it is sent, and an id that nothing has.
RECORDED = "0199f0a5-8a51-7c3e-9d2b-5a0f6f6f2a12"
UNKNOWN = "0199f0a5-8a51-7c3e-9d2b-5a0f6f6f2a11"


class Case(NamedTuple):
    """A request, and what is said of it: the code of each fault by its place."""

    name: str
    status: int
    places: Places
    send: Send


def unread(name: str, place: str, code: str, send: Send) -> Case:
    """What can't be understood."""
    return Case(name, 400, {place: code}, send)


def wrong(name: str, place: str, code: str, send: Send) -> Case:
    """A value that breaks a rule."""
    return Case(name, 422, {place: code}, send)


def refused(name: str, place: str, code: str, send: Send) -> Case:
    """What the present state doesn't allow."""
    return Case(name, 409, {place: code}, send)


def missing(name: str, send: Send) -> Case:
    """What isn't there."""
    return Case(name, 404, {"": "not_found"}, send)


def post(path: str, body: Any) -> Send:
    """Post a document."""
    return lambda api: api.post(path, body)


def raw(body: bytes, path: str = "operations/", **headers: str) -> Send:
    """Post bytes."""
    return lambda api: api.call("POST", path, raw=body, **headers)


def get(path: str, query: str = "") -> Send:
    """Read."""
    return lambda api: api.get(path, query)


def call(method: str, path: str, body: Any = None, **headers: str) -> Send:
    """Anything else."""
    return lambda api: api.call(method, path, body, **headers)


def changed(stated: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """The same with other values; `...` leaves a field out."""
    return {name: value for name, value in {**stated, **fields}.items() if value is not ...}


def received(**fields: Any) -> Send:
    """A receipt with something wrong in its head."""
    return post("operations/", changed(receipt("A-2"), fields))


def receipt_of(**fields: Any) -> dict[str, Any]:
    """A receipt with something else in its movement."""
    (movement,) = receipt("A-2")["movements"]
    return receipt("A-2") | {"movements": [changed(movement, fields)]}


def moved(**fields: Any) -> Send:
    """A receipt with something wrong in its movement."""
    return post("operations/", receipt_of(**fields))


def pressed(position: int, **fields: Any) -> Send:
    """A production with something wrong in one of its movements."""
    stated = deepcopy(pressing())
    taken, *made = stated["movements"]
    taken["quantity"] = "6"
    for movement in made[:2]:
        movement["lot"] = "NEW"
    stated["movements"][position] = changed(stated["movements"][position], fields)
    return post("operations/", stated)


def lone(kind: str, direction: str, role: str, lot: str = "A-1", quantity: str = "1", **more: Any) -> Send:
    """An operation with one movement, of apples."""
    stated = line(direction, role, "APPLE", lot, quantity, reason=more.pop("why", ""))
    return post("operations/", operation(kind, stated, **more))


def transfer(taken: str, put: str, lot: str, **place: str) -> Send:
    """A transfer of apples."""
    there = line("out", "transferred", "APPLE", lot, put, **place)
    return post("operations/", operation("transfer", line("in", "transferred", "APPLE", "A-1", taken), there))


def reverse(**body: Any) -> Send:
    """Taking the recorded receipt back."""
    return post(f"operations/{RECORDED}/reverse/", body)


def correct(replacement: Any) -> Send:
    """Putting something in the place of the recorded receipt."""
    return post(f"operations/{RECORDED}/correct/", changed({"reason": "r"}, {"operation": replacement}))


def batch(size: int) -> Send:
    """So many receipts at once."""
    return post("operations/batch/", {"operations": [receipt()] * size})


def close(**body: Any) -> Send:
    """Closing the open campaign."""
    return post("campaigns/C-1/close/", body)


def site(**fields: Any) -> Send:
    """A site with something wrong with it."""
    return post("sites/", {"code": "X", **fields})


def campaign(**fields: Any) -> Send:
    """A plan with something wrong in it."""
    return post("campaigns/", {"code": "C-3", "site": "MILL", "product": "CIDER", **fields})


def product(**fields: Any) -> Send:
    """A product with something wrong with it."""
    return post("products/", {"code": "X", "class": "raw", "unit": "KGM", **fields})
