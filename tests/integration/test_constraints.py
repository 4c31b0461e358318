"""PostgreSQL keeps the rules whoever writes: a table of attempts to break them, in SQL, as the application's own role.

Each attempt differs from something that is taken in the one thing that is wrong with it.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from attrs import frozen
from django.apps import apps  # noqa: TID251 - every model is asked, none by its name
from django.db import DatabaseError, IntegrityError, connection, transaction
from psycopg.errors import ForeignKeyViolation
from pytest_django import DjangoDbBlocker

from application.shared.errors import Overtaken
from domain.shared.errors import Refused
from infrastructure.persistence.shared.refusals import OVERTAKEN, REFUSED
from tests.core.plant import (
    CAMPAIGNS,
    PRODUCTS,
    REFERENCES,
    SITES,
    arrived,
    destroyed,
    lost,
    made,
    received,
    sent,
    shipped,
    used,
)
from tests.database import Database
from tests.factories.plant import ACTOR, AT, StoredPlant, undone, unit_of_work
from tests.factories.raw import NOON, execute, insert, movement, operation

MODELS = [model for model in apps.get_models() if model.__module__.startswith("infrastructure.")]


@frozen
class Plant:
    """What is recorded before each attempt: lots, and operations of several kinds, by name."""

    lots: dict[str, UUID]
    operations: dict[str, UUID]


Attempt = Callable[[Plant], object]


@pytest.fixture(scope="module")
def plant(django_db_setup: Database, django_db_blocker: DjangoDbBlocker) -> Iterator[Plant]:
    """The same for all attempts, each of which is undone."""
    with django_db_blocker.unblock(), undone():
        yield recorded_plant()


def recorded_plant() -> Plant:
    stored = StoredPlant().furnish()
    stock = received("APPLE", "1", "100"), received("CIDER", "1", "10"), received("MYSTERY", "1", "5")
    recorded = {
        "receipt": stored.record("receipt", *stock, partner="SUPPLIER"),
        "pressing": stored.record(
            "production", used("APPLE", "1", "10"), made("JUICE", "1", "8"), lost("POMACE", "1"), campaign="SPRING"
        ),
        "shipment": stored.record("shipment", shipped("CIDER", "1", "4")),
        "loss": stored.record("loss", destroyed("APPLE", "1", "1"), campaign="SPRING"),
        "undone": stored.record("loss", destroyed("APPLE", "1", "1")),
        "transfer": stored.record("transfer", sent("CIDER", "1", "1"), arrived("CIDER", "1", "1")),
    }
    operations = {name: operation.id for name, operation in recorded.items()}
    operations["reversal"] = stored.reverse(operations["undone"]).id
    lots = {code: stored.lot(code, "1").id for code in ("APPLE", "CIDER", "JUICE", "MYSTERY")}
    return Plant({**lots, "CIDER at B": stored.lot("CIDER", "1", "B").id}, operations)


def close(campaign: str) -> None:
    """Close a campaign, past the use case but with a balance."""
    store_balance(campaign)
    execute("UPDATE campaign SET state = 'closed', closings = 1 WHERE id = %s", CAMPAIGNS[campaign].id)
    connection.check_constraints()


def store_balance(campaign: str, **columns: Any) -> None:
    document = "{}"
    sha256 = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    usual = {"version": 1, "document": document, "sha256": sha256, "closed_at": NOON}
    insert("campaign_balance", campaign_id=CAMPAIGNS[campaign].id, **{**usual, **columns})


def new_lot(code: str = "NEW", **columns: Any) -> UUID:
    lot = uuid4()
    usual = {"decided": "released", "on_hand": 0, "value": 0, "currency": "", "cost_basis": "actual"}
    stamps = {"supplier_lot": "", "version": 1, "created_at": NOON, "updated_at": NOON}
    identity = {"id": lot, "site_id": SITES["A"].id, "product_id": PRODUCTS["APPLE"].id, "code": code}
    insert("lot", **{**identity, **usual, **stamps, **columns})
    return lot


def part(plant: Plant, **columns: Any) -> UUID:
    return new_lot(**{"code": "1", "parent_id": plant.lots["APPLE"], "sub_lot": "pallet 1", **columns})


def new_campaign(**columns: Any) -> None:
    usual = {"id": uuid4(), "code": "NEW", "name": "New", "state": "open", "closings": 0, "version": 1}
    bounds = {"accountability_min": 95, "accountability_max": 100, "target_unit": ""}
    ids = {"site_id": SITES["A"].id, "product_id": PRODUCTS["CIDER"].id}
    insert("campaign", **{**usual, **bounds, **ids, "created_at": NOON, "updated_at": NOON, **columns})


def new_product(**columns: Any) -> None:
    usual = {"id": uuid4(), "code": "NEW", "name": "New", "name_fr": "", "product_class": "raw", "unit": "KGM"}
    more = {"currency": "", "date_marking": "best_before", "gtin": "", "allergens": [], "version": 1}
    insert("product", **{**usual, **more, "created_at": NOON, "updated_at": NOON, **columns})


def new_record(table: str, **columns: Any) -> None:
    stamps = {"version": 1, "created_at": NOON, "updated_at": NOON}
    insert(table, **{"id": uuid4(), "code": "NEW", "name": "New", **stamps, **columns})


def new_partner(**columns: Any) -> None:
    new_record("partner", **{"role": "both", "address": "", "gln": "", "contact": "", **columns})


def new_site(**columns: Any) -> None:
    settings = {
        "positive_release": False,
        "ships_past_best_before": True,
        "signs_decisions": False,
        "holds_returns": True,
    }
    new_record("site", **{**settings, **columns})


def new_decision(plant: Plant, **columns: Any) -> None:
    usual = {"before": "released", "after": "rejected", "reason": "smells", "decided_at": NOON, "decided_by": "x"}
    insert("decision", **{"id": uuid4(), "lot_id": plant.lots["APPLE"], **usual, **columns})


OPENING = '{"name": "x", "meaning": "I open it", "at": "2026-03-02T11:00:00.000000Z"}'
SIGNED = {"signed_by": "x", "signature_meaning": "I looked", "signed_at": NOON}


def new_hold(*lots: UUID, **columns: Any) -> UUID:
    usual = {"id": uuid4(), "reason": "smells", "scope": "apples", "placed_at": NOON, "placed_by": "x"}
    insert("hold", **{**usual, **columns})
    for lot in lots:
        insert("held_lot", hold_id={**usual, **columns}["id"], lot_id=lot)
    return {**usual, **columns}["id"]


def hold_on(*names: str) -> Attempt:
    return lambda plant: new_hold(*(plant.lots[name] for name in names))


def lifted(plant: Plant, *, times: int = 1, **columns: Any) -> None:
    hold = new_hold(plant.lots["APPLE"])
    usual = {"reason": "smells no more", "lifted_at": NOON, "lifted_by": "x", **columns}
    for _ in range(times):
        names = ", ".join(usual)
        execute(
            f"INSERT INTO lifted_hold (held_lot_id, {names}) "  # noqa: S608 - our own names
            f"SELECT id, {', '.join(['%s'] * len(usual))} FROM held_lot WHERE hold_id = %s",
            *usual.values(),
            hold,
        )


SUSPECTS = '{"campaign": "SPRING"}'
SIGNED = {"signed_by": "x", "signature_meaning": "I led it", "signed_at": NOON}


def new_recall(plant: Plant, *lots: str, **columns: Any) -> UUID:
    usual = {"id": uuid4(), "code": "R-1", "hazard": "glass", "known_at": NOON, "suspects": SUSPECTS, "mock": False}
    state = {"opened_at": NOON, "opened_by": "x", "state": "open", "conclusion": "", "closed_by": "", "version": 1}
    stated = {**usual, **state, **columns}
    insert("recall", **stated)
    for lot in lots:
        insert("recalled_lot", recall_id=stated["id"], lot_id=plant.lots[lot], depth=0, joined_at=NOON)
    return stated["id"]


def recall_with(*lots: str, **columns: Any) -> Attempt:
    return lambda plant: new_recall(plant, *lots, **columns)


CONCLUDED = {"state": "closed", "conclusion": "none drunk", "closed_at": NOON, "closed_by": "x"}


def new_report(recall: UUID, **columns: Any) -> None:
    usual = {"document": "{}", "sha256": sha256(b"{}").hexdigest(), "closed_at": NOON, "picture": "<svg/>"}
    insert("recall_report", **{"recall_id": recall, **usual, **columns})


def logged(**columns: Any) -> Attempt:
    usual = {"id": uuid4(), "step": "note", "at": NOON, "by": "x", "text": "rang", "recorded_at": NOON}
    return lambda plant: insert("recall_entry", **{**usual, "recall_id": new_recall(plant), **columns})


def new_answer(**columns: Any) -> None:
    usual = {"caller": "ana", "key": "k", "fingerprint": "0" * 64, "status": 200, "headers": "[]", "body": b""}
    insert("receipt", **{**usual, "created_at": NOON, **columns})


def apples(plant: Plant, quantity: object = 1, direction: str = "in", /, **more: Any) -> dict[str, Any]:
    return movement("APPLE", plant.lots["APPLE"], quantity, **{"direction": direction, **more})


def cider(plant: Plant, quantity: object, direction: str, role: str, /, **more: Any) -> dict[str, Any]:
    return movement("CIDER", plant.lots["CIDER"], quantity, **{"direction": direction, "role": role, **more})


def at_b(plant: Plant, quantity: object, **more: Any) -> dict[str, Any]:
    """Cider that arrives at site B."""
    there = {"site_id": SITES["B"].id, "lot_id": plant.lots["CIDER at B"]}
    return cider(plant, quantity, "out", "transferred", **{**there, **more})


def reversal(plant: Plant, of: str, *movements: dict[str, Any], **head: Any) -> None:
    operation(*movements, kind="reversal", reverses_id=plant.operations[of], **head)


def of_shop(**head: Any) -> dict[str, Any]:
    return {"partner_id": REFERENCES.partners["SHOP"], **head}


def corrected_shipment(*quantities: object, kind: str = "shipment", **head: Any) -> Attempt:
    """The four bottles that were shipped to the shop, held since, and put right as so many lines."""

    def attempt(p: Plant) -> None:
        new_hold(p.lots["CIDER"])
        reversal(p, "shipment", cider(p, 4, "out", "shipped"), **of_shop())
        lines = [cider(p, quantity, "in", "shipped") for quantity in quantities]
        operation(*lines, kind=kind, corrects_id=p.operations["shipment"], **of_shop(**head))

    return attempt


def corrected_pressing(quantity: object, **head: Any) -> Attempt:
    """The ten kilograms of apples that were pressed, held since, and put right."""

    def attempt(p: Plant) -> None:
        new_hold(p.lots["APPLE"])
        juice = movement("JUICE", p.lots["JUICE"], 8, direction="in", role="main")
        pomace = movement("POMACE", None, 1, direction="in", role="loss")
        reversal(p, "pressing", apples(p, 10, "out", role="input"), juice, pomace, **IN_SPRING)
        line = apples(p, quantity, role="input")
        operation(line, **{"kind": "production", "corrects_id": p.operations["pressing"], **head})

    return attempt


def corrected_use_of_what_is_held(*lines: Callable[[Plant], dict[str, Any]], kind: str, **head: Any) -> Attempt:
    """What was let through although the apples were held, put right as a use of one kilogram."""

    def attempt(p: Plant) -> None:
        new_hold(p.lots["APPLE"])
        rows = [line(p) for line in lines]
        let_through = operation(*rows, kind=kind, **head)
        mirrored = [{**row, "direction": "in" if row["direction"] == "out" else "out"} for row in rows]
        operation(*mirrored, kind="reversal", reverses_id=let_through)
        operation(apples(p, 1, role="input"), kind=kind, corrects_id=let_through)

    return attempt


STOPS: dict[str, Attempt] = {
    "on hold": lambda p: new_hold(p.lots["APPLE"]),
    **{
        decided: lambda p, decided=decided: execute(
            "UPDATE lot SET decided = %s WHERE id = %s", decided, p.lots["APPLE"]
        )
        for decided in ("rejected", "pending")
    },
}

IN_SPRING = {"campaign": "SPRING"}

# What is taken: no attempt below fails because of anything but what it breaks.
TAKEN: dict[str, Attempt] = {
    "a loss": lambda p: operation(apples(p)),
    "all that is left": lambda p: operation(apples(p, 89)),
    "a part set apart from what is on hold": lambda p: (
        new_hold(p.lots["APPLE"]),
        operation(apples(p, 1, "out", role="main", lot_id=part(p)), apples(p, 1, role="input"), kind="split"),
    ),
    **{
        f"{kind} of what is on hold": lambda p, kind=kind, role=role: (
            new_hold(p.lots["APPLE"]),
            operation(apples(p, 1, role=role), kind=kind),
        )
        for kind, role in (("rework", "input"), ("loss", "loss"), ("sample", "sample"), ("count", "adjustment"))
    },
    "an override of a hold": lambda p: (
        new_hold(p.lots["APPLE"]),
        operation(apples(p, 1, role="input"), kind="production", override="because"),
    ),
    "a correction of what was used before": corrected_pressing(10),
    "a correction of what was used before, to more with an override": corrected_pressing(11, override="because"),
    "a correction to what may be done with what is on hold": corrected_pressing(11, kind="loss"),
    "a correction of what was shipped before": corrected_shipment(4),
    "a correction of what was shipped before, in two lines": corrected_shipment(3, 1),
    "a correction of what was shipped before, to less": corrected_shipment("3.999999"),
    "what waits, used": lambda p: (
        STOPS["pending"](p),
        operation(apples(p, 1, role="input"), kind="production"),
    ),
    "an override": lambda p: operation(apples(p, 1, role="input"), kind="production", override="because"),
    "a loss in a campaign": lambda p: operation(apples(p), **IN_SPRING),
    "the most digits": lambda p: operation(apples(p, "999999999910.999999", "out", role="main"), kind="receipt"),
    "what has no mass": lambda p: operation(movement("MYSTERY", p.lots["MYSTERY"], 1)),
    "a loss from no lot": lambda p: operation(apples(p, 1, "out", lot_id=None), kind="production"),
    "a transfer": lambda p: operation(cider(p, 1, "in", "transferred"), at_b(p, 1), kind="transfer"),
    "a return": lambda p: operation(cider(p, 4, "out", "returned"), kind="return", **of_shop()),
    "a return to a sub-lot": lambda p: operation(
        cider(p, 4, "out", "returned", lot_id=part(p, parent_id=p.lots["CIDER"], product_id=PRODUCTS["CIDER"].id)),
        kind="return",
        **of_shop(),
    ),
    "a reversal": lambda p: reversal(p, "loss", apples(p, 1, "out"), **IN_SPRING),
    "a reversed shipment": lambda p: reversal(p, "shipment", cider(p, 4, "out", "shipped"), **of_shop()),
    "a new lot": lambda p: new_lot(),
    "a new sub-lot": part,
    "a new sub-lot of what is held": lambda p: (new_hold(p.lots["APPLE"]), part(p)),
    "a closed campaign": lambda p: close("SPRING"),
    "a new campaign": lambda p: new_campaign(target="0.000001", target_unit="C62", planned_from=NOON, planned_to=NOON),
    "a new product": lambda p: new_product(kg_per_unit="999999999.999999999", standard_cost=0, currency="EUR"),
    "a new partner": lambda p: new_partner(),
    "a new site": lambda p: new_site(),
    "a new line": lambda p: new_record("line", site_id=SITES["B"].id, code="L1"),
    "a new operator": lambda p: new_record("operator"),
    "a decision": new_decision,
    "a signed decision": lambda p: new_decision(p, **SIGNED),
    "a hold of nothing": lambda p: new_hold(),
    "a hold of several": hold_on("APPLE", "CIDER"),
    "a hold that is signed": lambda p: new_hold(**SIGNED),
    "a hold that is lifted": lifted,
    "a hold that is lifted and signed": lambda p: lifted(p, **SIGNED),
    "an answer": lambda p: new_answer(),
    "another unit of what never moved": lambda p: execute("UPDATE product SET unit = 'GRM' WHERE code = 'SUGAR'"),
    "another name": lambda p: execute("UPDATE product SET name = 'Pomme', unit = unit WHERE code = 'APPLE'"),
}


def twice(work: Callable[[], object]) -> Attempt:
    """Do again what may be done once."""
    return lambda _plant: (work(), work())


def campaign_of_spring_closed_without(*statements: str) -> Attempt:
    spring = CAMPAIGNS["SPRING"].id

    def attempt(_plant: Plant) -> None:
        for statement in (*statements, "UPDATE campaign SET state = 'closed', closings = 1 WHERE id = %s"):
            execute(statement, *([spring] if "%s" in statement else []))

    return attempt


def in_a_closed_campaign(work: Attempt) -> Attempt:
    def attempt(plant: Plant) -> None:
        close("SPRING")
        work(plant)

    return attempt


def return_and_take_the_shipment_back(p: Plant) -> None:
    operation(cider(p, 1, "out", "returned"), kind="return", **of_shop())
    reversal(p, "shipment", cider(p, 4, "out", "shipped"), **of_shop())


def receipt_of(quantity: object, /, **more: Any) -> Attempt:
    return lambda p: operation(apples(p, quantity, "out", **{"role": "main", **more}), kind="receipt")


def loss_of(quantity: object = 1, /, **more: Any) -> Attempt:
    return lambda p: operation(apples(p, quantity, **more))


def transfer_of(taken: object, put: object, **more: Any) -> Attempt:
    return lambda p: operation(cider(p, taken, "in", "transferred"), at_b(p, put, **more), kind="transfer")


def reversal_of_loss(*changes: dict[str, Any], **head: Any) -> Attempt:
    """The reversal of a loss of one in SPRING, with other lines or another head."""

    def attempt(p: Plant) -> None:
        lines = [apples(p, **{"direction": "out", **change}) for change in (changes or ({},))]
        reversal(p, "loss", *lines, **{**IN_SPRING, **head})

    return attempt


def sql(statement: str) -> Attempt:
    return lambda _plant: execute(statement)


def campaign_with(**columns: Any) -> Attempt:
    return lambda _plant: new_campaign(**columns)


def product_with(**columns: Any) -> Attempt:
    return lambda _plant: new_product(**columns)


def new_user(username: str = "x") -> int:
    never = {"password": "!", "is_superuser": False, "is_staff": False, "is_active": True, "date_joined": NOON}
    names = {"username": username, "first_name": "", "last_name": "", "email": "", "name": "", "version": 1}
    insert("identity_user", **never, **names)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM identity_user WHERE username = %s", [username])
        ((user,),) = cursor.fetchall()
    return int(user)


def grants(*columns: dict[str, Any]) -> Attempt:
    def attempt(_plant: Plant) -> None:
        user = new_user()
        for stated in columns:
            insert("identity_rolegrant", **{"user_id": user, "role": "quality", "granted_at": NOON, **stated})

    return attempt


def tokens(*columns: dict[str, Any]) -> Attempt:
    def attempt(_plant: Plant) -> None:
        user = new_user()
        for stated in columns:
            usual = {"user_id": user, "name": "scales", "digest": uuid4().bytes, "issued_at": NOON}
            insert("identity_accesstoken", **{**usual, **stated})

    return attempt


KEY = {"key": uuid4()}
DIGEST = {"digest": b"7" * 32}

UNSIGNED = {
    "nobody": {"signed_by": ""},
    "meaning nothing": {"signature_meaning": ""},
    "at no time": {"signed_at": None},
}
"""What a signature may lack."""

BROKEN: dict[str, dict[str, Attempt]] = {
    # Who gets in, and what they may do
    "identity_user_username_key": {"twice": lambda p: [new_user() for _ in range(2)]},
    "username_is_unique_in_any_case": {"once small, once large": lambda p: [new_user(username=each) for each in "aA"]},
    "role_known": {"none that there is": grants({"role": "boss"})},
    "role_granted_once": {"everywhere": grants({}, {}), "at a site": grants({"site": "A"}, {"site": "A"})},
    "role_at_a_site": {"nowhere": grants({"site": "NOWHERE"})},
    "token_expires_after_issue": {"at once": tokens({"expires_at": NOON})},
    "token_for_development_expires": {
        "never": tokens({"development": True}),
        "after 13 hours": tokens({"development": True, "expires_at": NOON + timedelta(hours=13)}),
    },
    "token_scopes_known": {"none that there is": tokens({"scopes": ["fly"]}), "none": tokens({"scopes": []})},
    "token_named": {"not at all": tokens({"name": ""})},
    "identity_accesstoken_key_key": {"twice": tokens(KEY, KEY)},
    "identity_accesstoken_digest_key": {"twice": tokens(DIGEST, DIGEST)},
    # What quality has stopped
    "operation_uses_what_may_be_used": {
        **{
            f"{kind} of what is {stopped}": lambda p, kind=kind, stopped=stopped: (
                STOPS[stopped](p),
                operation(apples(p, 1, role="input"), kind=kind),
            )
            for kind, stopped in product(("production", "split", "merge"), ("on hold", "rejected"))
        },
        **{
            f"shipment of what is {stopped}": lambda p, stopped=stopped: (
                STOPS[stopped](p),
                operation(apples(p, 1, role="shipped"), kind="shipment", **of_shop()),
            )
            for stopped in ("on hold", "rejected", "pending")
        },
        "transfer of what is on hold": lambda p: (
            new_hold(p.lots["CIDER"]),
            operation(cider(p, 1, "in", "transferred"), at_b(p, 1), kind="transfer"),
        ),
        "correction of a shipment to more": corrected_shipment("4.000001"),
        "correction of a shipment to more, in two lines": corrected_shipment(4, "0.000001"),
        "correction of a shipment to somebody else": corrected_shipment(4, partner_id=REFERENCES.partners["MARKET"]),
        "correction of a shipment to another kind": corrected_shipment(1, kind="production"),
        "correction of a production to more": corrected_pressing("10.000001"),
        "correction of a production to another kind": corrected_pressing(1, kind="merge"),
        "correction of a production to a shipment": corrected_pressing(1, kind="shipment", **of_shop()),
        "correction of what isn't taken back": lambda p: (
            new_hold(p.lots["APPLE"]),
            operation(apples(p, 1, role="input"), kind="production", corrects_id=p.operations["pressing"]),
        ),
        "correction of what never took it": lambda p: (
            new_hold(p.lots["APPLE"]),
            reversal(p, "shipment", cider(p, 4, "out", "shipped"), **of_shop()),
            operation(apples(p, 1, role="shipped"), kind="shipment", corrects_id=p.operations["shipment"], **of_shop()),
        ),
        "correction of an override": corrected_use_of_what_is_held(
            lambda p: apples(p, 1, role="input"), kind="production", override="because"
        ),
        "correction of what was set apart": corrected_use_of_what_is_held(
            lambda p: apples(p, 1, "out", role="main", lot_id=part(p)),
            lambda p: apples(p, 1, role="input"),
            kind="split",
        ),
        "a split into a part and something else": lambda p: (
            new_hold(p.lots["APPLE"]),
            operation(
                apples(p, 1, "out", role="main", lot_id=part(p)),
                movement("JUICE", p.lots["JUICE"], 1, direction="out", role="main"),
                apples(p, 2, role="input"),
                kind="split",
            ),
        ),
        "a split into a part of another": lambda p: (
            new_hold(p.lots["CIDER"]),
            operation(apples(p, 1, "out", role="main", lot_id=part(p)), cider(p, 1, "in", "input"), kind="split"),
        ),
    },
    # Quantities and masses: refused, never rounded
    "movement_quantity_is_positive": {
        "zero": loss_of(0),
        "below zero": receipt_of(-1),
    },
    "movement_quantity_fits": {
        "seven decimals": loss_of("1.0000001"),
        "thirteen digits": receipt_of("1000000000000"),
        "no number": receipt_of(1, quantity="NaN", kilograms="NaN"),
        "infinity": receipt_of(1, quantity="Infinity", kilograms="Infinity"),
    },
    "movement_mass_is_that_of_its_product": {
        "a little more": loss_of(kilograms="1.000000001"),
        "none": loss_of(kilograms=None),
        "of what has none": lambda p: operation(movement("MYSTERY", p.lots["MYSTERY"], 1, kilograms=1)),
        "of what was lost from no lot": receipt_of(1, lot_id=None, role="loss", kilograms=2),
    },
    "product_mass_is_positive": {
        "zero": product_with(kg_per_unit=0),
        "below zero": product_with(kg_per_unit=-1),
    },
    "product_mass_fits": {
        "ten decimals": product_with(kg_per_unit="1.0000000001"),
        "ten digits": product_with(kg_per_unit="1000000000"),
        "no number": product_with(kg_per_unit="NaN"),
    },
    "product_measure_is_frozen": {
        "another unit": sql("UPDATE product SET unit = 'GRM' WHERE code = 'APPLE'"),
        "another mass": sql("UPDATE product SET kg_per_unit = 1.000000001 WHERE code = 'APPLE'"),
        "no mass": sql("UPDATE product SET kg_per_unit = NULL WHERE code = 'APPLE'"),
        "a mass at last": sql("UPDATE product SET kg_per_unit = 1 WHERE code = 'MYSTERY'"),
        "all of them": sql("UPDATE product SET kg_per_unit = 2"),
        "behind a table of the same name": lambda p: (
            execute("CREATE TEMPORARY TABLE movement (product_id uuid)"),
            execute("UPDATE product SET kg_per_unit = 2 WHERE code = 'APPLE'"),
        ),
    },
    "product_cost_fits": {
        "seven decimals": product_with(standard_cost="0.0000001", currency="EUR"),
        "thirteen digits": product_with(standard_cost="1000000000000", currency="EUR"),
        "below zero": product_with(standard_cost=-1, currency="EUR"),
        "no number": product_with(standard_cost="NaN", currency="EUR"),
    },
    "product_cost_has_a_currency": {
        "a cost alone": product_with(standard_cost=1),
        "a currency alone": product_with(currency="EUR"),
    },
    "movement_cost_is_a_number": {
        "no number": loss_of(cost="NaN"),
        "infinity": loss_of(cost="Infinity"),
        "below infinity": loss_of(cost="-Infinity"),
    },
    # What is on hand
    "lot_on_hand_is_not_negative": {
        "more than there is": loss_of("89.000001"),
        "more than there is, in two lines": lambda p: operation(apples(p, 50), apples(p, 40)),
        "more than there is, taken back": lambda p: reversal(
            p,
            "receipt",
            movement("APPLE", p.lots["APPLE"], 100, role="main"),
            movement("CIDER", p.lots["CIDER"], 10, role="main"),
            movement("MYSTERY", p.lots["MYSTERY"], 5, role="main"),
        ),
    },
    "lot_on_hand_fits": {"more than a lot holds": receipt_of("999999999911")},
    "lot_on_hand_follows_from_movements": {
        "a new lot with something in it": lambda p: new_lot(on_hand=1),
        "a new lot that is worth something": lambda p: new_lot(value=1),
        "a new lot without a number": lambda p: new_lot(on_hand="NaN"),
    },
    "movement_is_of_its_lot": {
        "another site": loss_of(site_id=SITES["B"].id),
        "another product": loss_of(product_id=PRODUCTS["SUGAR"].id),
        "no lot that exists": loss_of(lot_id=uuid4()),
        "a lot that is made afterwards": lambda p: (
            operation(apples(p, 1, "out", role="main", lot_id=SITES["A"].id), kind="receipt"),
            new_lot(id=SITES["A"].id),
        ),
    },
    # Operations
    "operation_has_movements": {"none": lambda p: operation()},
    "movement_comes_with_its_operation": {
        "one more, later": lambda p: insert("movement", operation_id=p.operations["loss"], position=9, **apples(p)),
        "one more, in a closed campaign": in_a_closed_campaign(
            lambda p: insert("movement", operation_id=p.operations["loss"], position=9, **apples(p))
        ),
        "before its operation": lambda p: insert("movement", operation_id=uuid4(), position=0, **apples(p)),
    },
    "operation_campaign_is_open": {
        "planned": lambda p: operation(apples(p), campaign="PLANNED"),
        "cancelled": lambda p: operation(apples(p), campaign="CANCELLED"),
        "closed": in_a_closed_campaign(lambda p: operation(apples(p), **IN_SPRING)),
        "closed, and taking back": in_a_closed_campaign(reversal_of_loss()),
    },
    "operation_kind_may_have_a_campaign": {
        kind: lambda p, kind=kind: operation(apples(p), kind=kind, **of_shop(**IN_SPRING))
        for kind in ("receipt", "shipment", "return", "transfer")
    },
    "operation_kind_may_override": {
        kind: lambda p, kind=kind: operation(apples(p), kind=kind, override="because", **of_shop())
        for kind in ("receipt", "shipment", "return", "loss", "sample", "count", "rework")
    },
    "operation_kind_names_a_partner": {
        kind: lambda p, kind=kind: operation(apples(p), kind=kind) for kind in ("shipment", "return")
    },
    "transfer_puts_down_what_it_takes_up": {
        "less": transfer_of(1, "0.999999"),
        "more": transfer_of(1, "1.000001"),
        "nothing": lambda p: operation(cider(p, 1, "in", "transferred"), kind="transfer"),
        "something else": lambda p: operation(
            cider(p, 1, "in", "transferred"), apples(p, 1, "out", role="transferred"), kind="transfer"
        ),
    },
    "partner_returns_what_it_got": {
        "more": lambda p: operation(cider(p, "4.000001", "out", "returned"), kind="return", **of_shop()),
        "more, in two lines": lambda p: operation(
            cider(p, 3, "out", "returned"), cider(p, 2, "out", "returned"), kind="return", **of_shop()
        ),
        "from somebody else": lambda p: operation(
            cider(p, 1, "out", "returned"), kind="return", partner_id=REFERENCES.partners["MARKET"]
        ),
        "another lot": lambda p: operation(at_b(p, 1, role="returned"), kind="return", **of_shop()),
        "more, in part to a sub-lot": lambda p: operation(
            cider(p, 3, "out", "returned"),
            cider(p, 2, "out", "returned", lot_id=part(p, parent_id=p.lots["CIDER"], product_id=PRODUCTS["CIDER"].id)),
            kind="return",
            **of_shop(),
        ),
        "what is said never to have been shipped": return_and_take_the_shipment_back,
    },
    # Reversals
    "operation_reverses_if_a_reversal": {
        "nothing": lambda p: operation(apples(p), kind="reversal"),
        "though it is a loss": lambda p: operation(apples(p), reverses_id=p.operations["loss"]),
    },
    "operation_reverses_id_key": {
        "a second time": lambda p: reversal(p, "undone", apples(p, 1, "out")),
    },
    "reversal_mirrors_its_operation": {
        "less": reversal_of_loss({"quantity": "0.5"}),
        "more": reversal_of_loss({"quantity": "1.000001"}),
        "the same way": reversal_of_loss({"direction": "in"}),
        "one line too many": reversal_of_loss({}, {"role": "sample", "direction": "in"}),
        "one line too few": lambda p: reversal(p, "pressing", apples(p, 10, "out", role="input"), **IN_SPRING),
        "another role": reversal_of_loss({"role": "sample"}),
        "another lot": lambda p: reversal(p, "loss", cider(p, 1, "out", "loss"), **IN_SPRING),
        "another site": reversal_of_loss(site_id=SITES["B"].id),
        "another campaign": reversal_of_loss(campaign="SUMMER"),
        "no campaign": reversal_of_loss(campaign=None),
        "another line of the plant": reversal_of_loss(line_id=REFERENCES.lines["A", "L1"]),
        "a partner": reversal_of_loss(**of_shop()),
        "no partner": lambda p: reversal(p, "shipment", cider(p, 4, "out", "shipped")),
        "a reversal": lambda p: reversal(p, "reversal", apples(p, 1, "in")),
    },
    # Campaigns and their balances
    "campaign_is_closed_with_its_balance": {
        "without": campaign_of_spring_closed_without(),
        "with an earlier one": lambda p: (
            close("SPRING"),
            execute("UPDATE campaign SET closings = 2 WHERE code = 'SPRING'"),
        ),
        "from the beginning": campaign_with(state="closed", closings=1),
        "behind a table of the same name": campaign_of_spring_closed_without(
            "CREATE TEMPORARY TABLE campaign_balance (campaign_id uuid, version integer)",
            "INSERT INTO campaign_balance VALUES (%s, 1)",
        ),
    },
    "balance_is_that_of_a_closing": {
        "of an open campaign": lambda p: store_balance("SPRING"),
        "a version that nobody closed with": in_a_closed_campaign(lambda p: store_balance("SPRING", version=2)),
        "of another campaign": in_a_closed_campaign(lambda p: store_balance("SUMMER")),
    },
    "campaign_balance_version_is_unique": {
        "twice": in_a_closed_campaign(lambda p: store_balance("SPRING")),
    },
    "campaign_balance_hash_is_that_of_its_document": {
        "another document": lambda p: store_balance("SPRING", document="{} "),
        "another hash": lambda p: store_balance("SPRING", sha256="0" * 64),
        "none": lambda p: store_balance("SPRING", sha256=""),
    },
    "campaign_band_is_in_order": {"upside down": campaign_with(accountability_min=101)},
    "campaign_band_fits": {
        "below zero": campaign_with(accountability_min=-1),
        "above a thousand": campaign_with(accountability_max="1000.000001"),
        "no number": campaign_with(accountability_max="NaN"),
    },
    "campaign_dates_are_in_order": {
        "ends before it starts": campaign_with(planned_from="2026-03-02", planned_to="2026-03-01"),
    },
    "campaign_target_is_positive": {"zero": campaign_with(target=0, target_unit="C62")},
    "campaign_target_fits": {
        "seven decimals": campaign_with(target="1.0000001", target_unit="C62"),
        "thirteen digits": campaign_with(target="1000000000000", target_unit="C62"),
        "no number": campaign_with(target="NaN", target_unit="C62"),
    },
    "campaign_target_has_a_unit": {
        "a target alone": campaign_with(target=1),
        "a unit alone": campaign_with(target_unit="C62"),
    },
    # Words that are known
    "operation_kind_is_known": {
        "another": lambda p: operation(apples(p), kind="theft"),
        "in capitals": lambda p: operation(apples(p), kind="LOSS"),
    },
    "movement_role_is_known": {"another": loss_of(role="stolen")},
    "movement_direction_is_known": {"another": loss_of(direction="away"), "none": loss_of(direction="")},
    "movement_without_a_lot_is_a_loss": {"no lot": loss_of(lot_id=None, role="input")},
    "movement_cost_basis_is_known": {"another": loss_of(cost_basis="guessed")},
    "lot_decision_is_known": {
        "another": lambda p: new_lot(decided="eaten"),
        "another, later": sql("UPDATE lot SET decided = 'eaten'"),
    },
    "lot_cost_basis_is_known": {"another": lambda p: new_lot(cost_basis="guessed")},
    "campaign_state_is_known": {"another": campaign_with(state="done")},
    "product_class_is_known": {"another": product_with(product_class="tool")},
    "product_date_marking_is_known": {"another": product_with(date_marking="sell_by")},
    "partner_role_is_known": {"another": lambda p: new_partner(role="friend")},
    "decision_is_of_known_dispositions": {
        "before": lambda p: new_decision(p, before="eaten"),
        "after": lambda p: new_decision(p, after="eaten"),
        "a hold, which is no decision": lambda p: new_decision(p, after="on_hold"),
        "back to where it waited": lambda p: new_decision(p, after="pending"),
    },
    "decision_has_a_reason": {"none": lambda p: new_decision(p, reason="")},
    "decision_is_signed_or_not": {
        without: lambda p, nothing=nothing: new_decision(p, **SIGNED | nothing) for without, nothing in UNSIGNED.items()
    },
    "hold_has_a_reason": {"none": lambda p: new_hold(reason="")},
    "hold_is_signed_or_not": {
        without: lambda p, nothing=nothing: new_hold(**SIGNED | nothing) for without, nothing in UNSIGNED.items()
    },
    "lifted_hold_has_a_reason": {"none": lambda p: lifted(p, reason="")},
    "lifted_hold_is_signed_or_not": {
        without: lambda p, nothing=nothing: lifted(p, **SIGNED | nothing) for without, nothing in UNSIGNED.items()
    },
    "hold_stands_once_on_a_lot": {"twice": hold_on("APPLE", "APPLE")},
    "lifted_hold_pkey": {"twice": lambda p: lifted(p, times=2)},
    "lot_holds_follow_from_what_is_held": {"a new lot that is held": lambda p: new_lot(holds=1)},
    # Codes and identities
    "product_code_is_unique": {"twice": product_with(code="APPLE")},
    "site_code_is_unique": {"twice": lambda p: new_site(code="A")},
    "site_second_person_signs": {"unsigned": lambda p: new_site(code="C", second_person=True)},
    "line_code_is_unique_in_its_site": {
        "twice": lambda p: new_record("line", site_id=SITES["A"].id, code="L1"),
    },
    "partner_code_is_unique": {"twice": lambda p: new_partner(code="SHOP")},
    "operator_code_is_unique": {"twice": lambda p: new_record("operator", code="ana")},
    "campaign_code_is_unique": {"twice": campaign_with(code="SPRING")},
    "lot_code_is_unique": {"twice": lambda p: new_lot("1"), "a part, twice": lambda p: (part(p), part(p))},
    "lot_number_key": {"twice": lambda p: (new_lot("8", number=10**9), new_lot("9", number=10**9))},
    "lot_is_whole_or_part_of_one": {
        "a part of nothing": lambda p: new_lot("1", sub_lot="pallet 1"),
        "a part without a label": lambda p: part(p, sub_lot="", code="2"),
    },
    "sub_lot_is_part_of_its_lot": {
        "another code": lambda p: part(p, code="2"),
        "another site": lambda p: part(p, site_id=SITES["B"].id),
        "another product": lambda p: part(p, product_id=PRODUCTS["CIDER"].id),
        "a part of a part": lambda p: part(p, parent_id=part(p), sub_lot="pallet 2"),
    },
    "recall_code_is_unique": {"twice": lambda p: (new_recall(p), new_recall(p))},
    "recall_has_a_hazard": {"none": recall_with(hazard="")},
    "recall_is_of_a_known_hazard": {"known later": recall_with(known_at="2999-01-01T00:00:00Z")},
    "recall_is_open_or_concluded": {
        "an unknown state": recall_with(state="forgotten"),
        "open with a conclusion": recall_with(conclusion="none drunk"),
        **{f"closed without {name}": recall_with(**{**CONCLUDED, name: ""}) for name in ("conclusion", "closed_by")},
        "closed at no time": recall_with(**{**CONCLUDED, "closed_at": None}),
    },
    "recall_is_signed_or_not": {
        f"half signed without {name}": recall_with(**{**CONCLUDED, **SIGNED, name: nothing})
        for name, nothing in (("signed_by", ""), ("signature_meaning", ""), ("signed_at", None))
    },
    "recall_is_signed_on_closing": {"open and signed": recall_with(**SIGNED)},
    "recall_is_signed_before_it_is_closed": {
        "closed without": recall_with(**CONCLUDED, signature_due=True),
        "signed and due": recall_with(opening_signature=OPENING, signature_due=True),
    },
    "recall_opening_signature_is_an_object": {
        name: recall_with(opening_signature=text)
        for name, text in (("words", '"I open it"'), ("names alone", '["name", "meaning", "at"]'), ("by nobody", "{}"))
    },
    "recall_opening_is_signed_once": {
        **{
            name: lambda p, change=change: execute(
                f"UPDATE recall SET {change} WHERE id = %s",  # noqa: S608 - our own text
                new_recall(p, opening_signature=OPENING),
            )
            for name, change in (
                ("not any more", "opening_signature = NULL"),
                ("by another", "opening_signature = jsonb_set(opening_signature, '{name}', '\"y\"')"),
            )
        },
        "due no more without": lambda p: execute(
            "UPDATE recall SET signature_due = false WHERE id = %s", new_recall(p, signature_due=True)
        ),
        "due later": lambda p: execute("UPDATE recall SET signature_due = true WHERE id = %s", new_recall(p)),
    },
    "recall_suspects_are_an_object": {
        name: recall_with(suspects=text)
        for name, text in (("words", '"apples"'), ("a list", "[1]"), ("null", "null"), ("empty", "{}"))
    },
    "recall_report_hash_is_that_of_its_document": {
        "another hash": lambda p: new_report(new_recall(p, **CONCLUDED), sha256="0" * 64),
        "another document": lambda p: new_report(new_recall(p, **CONCLUDED), document="{} "),
    },
    "recall_is_closed_with_its_report": {
        "none": recall_with(**CONCLUDED),
        "of another time": lambda p: new_report(new_recall(p, **CONCLUDED), closed_at="2026-03-02T12:00:01Z"),
    },
    "report_is_of_a_closed_recall": {"an open one": lambda p: new_report(new_recall(p))},
    "recalled_lot_comes_nearer_alone": {
        name: lambda p, change=change: execute(
            f"UPDATE recalled_lot SET {change} WHERE recall_id = %s",  # noqa: S608 - our own text
            new_recall(p, "APPLE"),
        )
        for name, change in (
            ("farther", "depth = depth + 1"),
            ("as near", "depth = depth"),
        )
    },
    "recall_entry_is_of_the_past": {"to come": logged(at="2026-03-02T12:00:01Z")},
    "recall_version_check": {"below zero": recall_with(version=-1)},
    "recalled_lot_depth_check": {
        "below zero": lambda p: insert(
            "recalled_lot", recall_id=new_recall(p), lot_id=p.lots["APPLE"], depth=-1, joined_at=NOON
        )
    },
    "recall_is_open": {
        "a lot that joins": recall_with("APPLE", **CONCLUDED),
        "an entry of the log": lambda p: logged(recall_id=new_recall(p, code="R-2", **CONCLUDED))(p),
    },
    "closed_recall_stays_closed": {
        "opened again": lambda p: execute("UPDATE recall SET state = 'open' WHERE id = %s", new_recall(p, **CONCLUDED)),
        "another conclusion": lambda p: execute(
            "UPDATE recall SET conclusion = 'all drunk' WHERE id = %s", new_recall(p, **CONCLUDED)
        ),
    },
    "lot_is_once_in_a_recall": {"twice": recall_with("APPLE", "APPLE")},
    "recall_entry_names_its_customer": {
        "nobody": logged(step="notified"),
        "an unknown step": logged(step="hoped"),
    },
    "recall_entry_says_how_much_was_destroyed": {
        "nothing said": logged(step="destroyed", partner_id=REFERENCES.partners["SHOP"]),
        "nothing": logged(step="destroyed", partner_id=REFERENCES.partners["SHOP"], kilograms=0),
        "a note": logged(kilograms=1),
    },
    "receipt_key_is_used_once": {"twice": twice(new_answer)},
    "operation_pkey": {"twice": lambda p: operation(apples(p), id=p.operations["loss"])},
    "operation_number_is_unique_in_its_site": {
        "twice": lambda p: (operation(apples(p), number="1"), operation(apples(p), number="1")),
    },
    "operation_sequence_key": {
        "twice": lambda p: (operation(apples(p), sequence=10**9), operation(apples(p), sequence=10**9)),
    },
    "movement_position_is_unique": {"twice": lambda p: operation(apples(p, position=0), apples(p, position=0))},
    "movement_position_check": {"below zero": loss_of(position=-1)},
    # Numbers of versions
    "campaign_closings_check": {"below zero": campaign_with(closings=-1)},
    "campaign_version_check": {"below zero": campaign_with(version=-1)},
    "campaign_balance_version_check": {"below zero": lambda p: store_balance("SPRING", version=-1)},
    "lot_version_check": {"below zero": lambda p: new_lot(version=-1)},
    "product_version_check": {"below zero": product_with(version=-1)},
    "site_version_check": {"below zero": lambda p: new_site(version=-1)},
    "line_version_check": {"below zero": lambda p: new_record("line", site_id=SITES["A"].id, version=-1)},
    "partner_version_check": {"below zero": lambda p: new_partner(version=-1)},
    "operator_version_check": {"below zero": lambda p: new_record("operator", version=-1)},
    "receipt_status_check": {"below zero": lambda p: new_answer(status=-1)},
}


def attempt_to_commit(attempt: Attempt, plant: Plant) -> None:
    """Do it to its end, and undo it."""
    with transaction.atomic():
        attempt(plant)
        connection.check_constraints()
        transaction.set_rollback(True)


def constraint_broken(attempt: Attempt, plant: Plant) -> str | None:
    """The constraint that an attempt breaks, as PostgreSQL names it; None when it is taken."""
    try:
        attempt_to_commit(attempt, plant)
    except DatabaseError as error:
        cause = error.__cause__
        assert isinstance(cause, psycopg.Error)
        return cause.diag.constraint_name or str(cause)
    return None


@pytest.mark.parametrize("what", TAKEN)
def test_what_is_right_is_taken(plant: Plant, what: str) -> None:
    assert constraint_broken(TAKEN[what], plant) is None


@pytest.mark.parametrize(
    ("constraint", "attempt"),
    [
        pytest.param(constraint, attempt, id=f"{constraint}: {what}")
        for constraint, attempts in BROKEN.items()
        for what, attempt in attempts.items()
    ],
)
def test_what_breaks_a_rule_is_refused(plant: Plant, constraint: str, attempt: Attempt) -> None:
    assert constraint_broken(attempt, plant) == constraint


# Our tables and functions are those of the role that migrates; what triggers raise is in the text of their functions.
ALL_CONSTRAINTS = r"""
SELECT conname FROM pg_constraint
JOIN pg_class ON pg_class.oid = conrelid
WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'u', 'x') AND relname = ANY(%s)
UNION
SELECT (regexp_matches(prosrc, '(?:CONSTRAINT = |broken := )''(\w+)''', 'g'))[1] FROM pg_proc
WHERE pronamespace = 'public'::regnamespace
"""


def test_each_constraint_has_an_attempt_to_break_it(plant: Plant) -> None:
    tables = [model._meta.db_table for model in MODELS]
    with connection.cursor() as cursor:
        cursor.execute(ALL_CONSTRAINTS, [tables])
        constraints = {name for (name,) in cursor.fetchall()}
    # Lots that count below zero would take a lifting of what nobody holds, for which there is no row. The application
    # has no right to write the history, so its owner tries (test_constraints_and_rights).
    history = {"history_entry_number_is_unique", "history_chain_name_key"}
    tried_elsewhere = {"facts_are_append_only", "lot_holds_check", *history}
    # Keys, the one foreign key that no model has, and an index of what is computed are none of the kinds asked for.
    others = {"operation_pkey", "lifted_hold_pkey", "role_at_a_site", "username_is_unique_in_any_case"}
    tried_here = BROKEN.keys() - others
    assert constraints - tried_elsewhere == tried_here


# What it means to the application


@pytest.mark.parametrize("constraint", REFUSED)
def test_a_constraint_that_others_may_make_true_is_a_refusal(plant: Plant, constraint: str) -> None:
    for attempt in BROKEN[constraint].values():
        with pytest.raises(Refused) as refused:
            attempt_in_a_unit_of_work(attempt, plant)
        assert refused.value.faults == (REFUSED[constraint],)


@pytest.mark.parametrize("constraint", [*sorted(OVERTAKEN), "movement_mass_is_that_of_its_product"])
def test_an_identity_that_others_took_first_is_tried_again(plant: Plant, constraint: str) -> None:
    for attempt in BROKEN[constraint].values():
        with pytest.raises(Overtaken):
            attempt_in_a_unit_of_work(attempt, plant)


def test_a_thing_that_others_removed_is_tried_again(plant: Plant) -> None:
    with pytest.raises(Overtaken):
        attempt_in_a_unit_of_work(lambda p: operation(apples(p), operator_id=uuid4()), plant)


def test_what_only_a_developer_can_mend_is_passed_on(plant: Plant) -> None:
    with pytest.raises(IntegrityError):
        attempt_in_a_unit_of_work(BROKEN["operation_kind_is_known"]["another"], plant)


def attempt_in_a_unit_of_work(attempt: Attempt, plant: Plant) -> None:
    with unit_of_work() as work:
        attempt(plant)
        work.commit(by=ACTOR, at=AT)


# What points somewhere


@pytest.mark.parametrize(
    "attempt",
    [
        lambda p: operation(apples(p), campaign_id=uuid4()),
        lambda p: operation(apples(p), site_id=uuid4()),
        lambda p: operation(apples(p), line_id=uuid4()),
        lambda p: operation(apples(p), partner_id=uuid4()),
        lambda p: operation(apples(p), corrects_id=uuid4()),
        lambda p: operation(apples(p, product_id=uuid4())),
        lambda p: new_lot(site_id=uuid4()),
        lambda p: new_lot("1", parent_id=uuid4(), sub_lot="pallet 1"),
        lambda p: new_decision(p, lot_id=uuid4()),
        lambda p: new_hold(uuid4()),
        lambda p: insert("held_lot", hold_id=uuid4(), lot_id=p.lots["APPLE"]),
        lambda p: insert("lifted_hold", held_lot_id=-1, reason="r", lifted_at=NOON, lifted_by="x"),
        lambda p: new_campaign(line_id=uuid4()),
        lambda p: new_record("line", site_id=uuid4()),
        lambda p: execute("DELETE FROM product WHERE code = 'APPLE'"),
        lambda p: execute("DELETE FROM site WHERE code = 'A'"),
        lambda p: execute("DELETE FROM partner WHERE code = 'SHOP'"),
        lambda p: execute("DELETE FROM operator"),
        lambda p: execute("DELETE FROM campaign WHERE code = 'SPRING'"),
        lambda p: execute("UPDATE campaign SET id = gen_random_uuid() WHERE code = 'SPRING'"),
    ],
)
def test_nothing_points_to_what_is_not_there(plant: Plant, attempt: Attempt) -> None:
    with pytest.raises(IntegrityError) as refused:
        attempt_to_commit(attempt, plant)
    assert isinstance(refused.value.__cause__, ForeignKeyViolation)
