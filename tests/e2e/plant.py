"""A small cider house, told to the API as its people would."""

from typing import Any

from tests.e2e.client import Answer, Api

AT = "2026-03-02T08:00:00+01:00"

CATALOG: dict[str, list[dict[str, Any]]] = {
    "sites": [{"code": "MILL", "name": "The mill"}, {"code": "DEPOT", "name": "The depot"}],
    "lines": [{"site": "MILL", "code": "PRESS"}, {"site": "MILL", "code": "FILL"}],
    "products": [
        {"code": "APPLE", "class": "raw", "unit": "KGM", "kg_per_unit": "1", "unit_cost": "0.40", "currency": "EUR"},
        {"code": "JUICE", "class": "bulk", "unit": "LTR", "kg_per_unit": "1.05"},
        {"code": "CIDER", "class": "finished", "unit": "C62", "kg_per_unit": "0.8"},
        {"code": "POMACE", "class": "by_product", "unit": "KGM", "kg_per_unit": "1"},
        {"code": "MYSTERY", "class": "finished", "unit": "LTR"},
    ],
    "partners": [
        {"code": "ORCHARD", "name": "The orchard", "role": "supplier"},
        {"code": "SHOP", "name": "The shop", "role": "customer", "address": "1 High Street"},
    ],
    "operators": [{"code": "ODILE", "name": "Odile"}],
}


def furnish(api: Api) -> Api:
    """Enter the reference data."""
    for collection, records in CATALOG.items():
        for record in records:
            answer = api.post(f"{collection}/", record)
            assert answer.status == 201, answer
    return api


def line(direction: str, role: str, product: str, lot: str | None, quantity: Any, **more: Any) -> dict[str, Any]:
    """A movement in the product's own unit."""
    units = {record["code"]: record["unit"] for record in CATALOG["products"]}
    stated = {"direction": direction, "role": role, "product": product, "quantity": quantity, "unit": units[product]}
    return {**stated, **({"lot": lot} if lot else {}), **more}


def operation(kind: str, *movements: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An operation of Odile's at the mill."""
    return {
        "kind": kind,
        "occurred_at": AT,
        "site": "MILL",
        "operator": "ODILE",
        "movements": list(movements),
        **more,
    }


def receipt(lot: str = "A-1", quantity: Any = "1000", **more: Any) -> dict[str, Any]:
    """Apples that arrive."""
    return operation("receipt", line("out", "main", "APPLE", lot, quantity), partner="ORCHARD", **more)


def pressing(campaign: str | None = None, **more: Any) -> dict[str, Any]:
    """600 kg of apples become 400 litres of juice, 150 kg of pomace and 10 kg of named loss; 20 kg are missing."""
    return operation(
        "production",
        line("in", "input", "APPLE", "A-1", "600"),
        line("out", "main", "JUICE", "J-1", "400"),
        line("out", "by_product", "POMACE", "P-1", "150"),
        line("out", "loss", "POMACE", None, "10", reason="swept up"),
        line="PRESS",
        campaign=campaign,
        **more,
    )


def record(api: Api, stated: dict[str, Any]) -> dict[str, Any]:
    """Record it, which is expected to work."""
    answer = api.post("operations/", stated)
    assert answer.status == 201, answer
    return answer.json


def plan_and_open(api: Api, code: str = "C-1", **more: Any) -> Answer:
    """Plan a campaign of cider at the mill and open it."""
    plan = {"code": code, "site": "MILL", "product": "CIDER", "line": "PRESS", **more}
    assert api.post("campaigns/", plan).status == 201
    opened = api.post(f"campaigns/{code}/open/")
    assert opened.status == 200, opened
    return opened


def lot_id(api: Api, product: str, code: str, site: str = "MILL") -> str:
    """The id of a lot, by its codes; its sub-lots are others."""
    found = api.get("lots/", f"site={site}&product={product}&code={code}").json["items"]
    (whole,) = (lot["id"] for lot in found if lot["parent"] is None)
    return whole


def sub_lots(api: Api, product: str, code: str, site: str = "MILL") -> list[dict[str, Any]]:
    """The parts of a lot that have a status of their own."""
    return api.get("lots/", f"parent={lot_id(api, product, code, site)}").json["items"]


def let_site(api: Api, **settings: bool) -> None:
    """Change settings of the mill."""
    tag = api.get("sites/MILL/").headers["ETag"]
    assert api.patch("sites/MILL/", settings, If_Match=tag).status == 200


def on_hand(api: Api, product: str, code: str, site: str = "MILL") -> str:
    """What is left of a lot."""
    return api.get(f"lots/{lot_id(api, product, code, site)}/").json["on_hand"]
