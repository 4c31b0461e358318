"""A plant with two sites that have the same kinds of things, and one lot that went from the one to the other.

Whatever exists at the second site alone is called something that begins with its mark.
"""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from tests.e2e.client import Answer, Api
from tests.e2e.plant import AT, CATALOG, line

OWN, FOREIGN = "OWN", "ZZB"
MARK = "ZZB-"
KNOWN = "2026-03-03T09:00:00+01:00"
SIGNED = {"meaning": "I checked the book"}

Things = Mapping[str, str]
"""What the things of a site are called in the paths: codes, ids, and the tags that they have."""

NOTHING: Things = {
    "site": "QQX",
    "line": "QQX-LINE",
    **{name: f"QQX-{name.upper()}" for name in ("planned", "open", "closed")},
    "user": "QQX-user",
    **{f"{name}_tag": '"1"' for name in ("site", "line", "planned", "user")},
    **{name: str(uuid4()) for name in ("lot", "rejected", "held", "hold", "operation", "recall", "token")},
}
"""What nothing is called."""


def furnish_both(chief: Api) -> tuple[Things, Things]:
    """Fill the plant; answer what there is at the one site and at the other."""
    for collection in ("products", "partners", "operators"):
        for record in CATALOG[collection]:
            made(chief.post(f"{collection}/", record))
    for collection, more in (("products", {"class": "raw", "unit": "KGM"}), ("partners", {"role": "customer"})):
        made(chief.post(f"{collection}/", {"code": "SPARE", **more}))
    made(chief.post("operators/", {"code": "SPARE", "name": "Spare"}))
    own, foreign = (things_of(chief, site) for site in (OWN, FOREIGN))
    send(chief, OWN, FOREIGN, "SENT")
    return own, foreign


def things_of(chief: Api, site: str) -> Things:
    """Make one of each kind at this site."""
    made(chief.post("sites/", {"code": site, "name": f"{site}-place"}))
    made(chief.post("lines/", {"site": site, "code": f"{site}-LINE", "name": f"{site}-line"}))
    for name in ("PLANNED", "OPEN", "CLOSED"):
        made(chief.post("campaigns/", {"code": f"{site}-{name}", "site": site, "product": "CIDER"}))
    for name in ("OPEN", "CLOSED"):
        made(chief.post(f"campaigns/{site}-{name}/open/"))
    explained = {"explanation": f"{site}-explanation", "signature": SIGNED}
    made(chief.post(f"campaigns/{site}-CLOSED/close/", explained))
    lots = {name: received(chief, site, name) for name in ("APPLE", "REJECTED", "HELD", "RECALLED", "SPARE", "SENT")}
    ids = {name: operation["movements"][0]["lot_id"] for name, operation in lots.items()}
    pressed = [
        line("in", "input", "APPLE", f"{site}-APPLE", "600"),
        line("out", "main", "JUICE", f"{site}-JUICE", "500"),
    ]
    made(record(chief, site, "production", *pressed, campaign=f"{site}-OPEN", line=f"{site}-LINE"))
    shipped = line("in", "shipped", "APPLE", f"{site}-RECALLED", "100")
    made(record(chief, site, "shipment", shipped, partner="SHOP", document=f"{site}-SO"))
    made(chief.post(f"lots/{ids['REJECTED']}/reject/", {"reason": f"{site}-rejected"}))
    made(chief.post(f"lots/{ids['HELD']}/hold/", {"reason": f"{site}-held"}))
    user = f"{site}-user"
    made(
        chief.post("users/", {"username": user, "name": f"{site}-name", "roles": [{"role": "operator", "site": site}]})
    )
    recall = made(chief.post("recalls/", recall_of(f"{site}-RECALL", ids["RECALLED"])))
    return {
        "site": site,
        "line": f"{site}-LINE",
        "planned": f"{site}-PLANNED",
        "open": f"{site}-OPEN",
        "closed": f"{site}-CLOSED",
        "lot": ids["APPLE"],
        "rejected": ids["REJECTED"],
        "held": ids["HELD"],
        "hold": chief.get(f"lots/{ids['HELD']}/holds/").json["items"][0]["id"],
        "operation": lots["SPARE"]["id"],
        "recall": recall["id"],
        "user": user,
        "token": made(chief.post("tokens/", {"name": f"{site}-token", "user": user}))["id"],
        "site_tag": tag(chief, f"sites/{site}/"),
        "line_tag": tag(chief, f"lines/{site}-LINE/"),
        "planned_tag": tag(chief, f"campaigns/{site}-PLANNED/"),
        "user_tag": tag(chief, f"users/{user}/"),
    }


def received(chief: Api, site: str, name: str) -> dict[str, Any]:
    """A ton of apples; what was sent on has the same code at both sites."""
    code = name if name == "SENT" else f"{site}-{name}"
    if name == "SENT" and site == FOREIGN:
        return {"id": None, "movements": [{"lot_id": None}]}
    stated = line("out", "main", "APPLE", code, "1000", supplier_lot=f"{site}-SUP-{name}")
    return made(record(chief, site, "receipt", stated, partner="ORCHARD", document=f"{site}-DN-{name}"))


def send(api: Api, source: str, target: str, lot: str, quantity: str = "10", **more: Any) -> dict[str, Any]:
    """Send some of a lot to the other site."""
    stated = sending(source, target, lot, quantity, **more)
    return made(api.post("operations/", stated))


def sending(source: str, target: str, lot: str, quantity: str = "10", **more: Any) -> dict[str, Any]:
    """A transfer."""
    there = line("out", "transferred", "APPLE", lot, quantity, site=target, **more)
    return stated(source, "transfer", line("in", "transferred", "APPLE", lot, quantity, site=source), there)


def stated(site: str, kind: str, *movements: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An operation at this site."""
    head = {"kind": kind, "occurred_at": AT, "site": site, "operator": "ODILE"}
    return {**head, "movements": list(movements), **more}


def recall_of(code: str, *lots: str) -> dict[str, Any]:
    """A recall of these lots."""
    return {"code": code, "hazard": f"{code}-hazard", "known_at": KNOWN, "suspects": {"lots": list(lots)}}


def record(api: Api, site: str, kind: str, *movements: dict[str, Any], **more: Any) -> Answer:
    """Record an operation at this site."""
    return api.post("operations/", stated(site, kind, *movements, **more))


def made(answer: Answer) -> dict[str, Any]:
    """What was answered, where it worked."""
    assert answer.status in (200, 201), answer
    return answer.json


def tag(api: Api, path: str) -> str:
    """The tag of a resource."""
    return api.get(path).headers["ETag"]
