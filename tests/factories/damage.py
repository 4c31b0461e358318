"""What somebody who is a superuser may do to the database, by chance, and what has to be found of each.

Triggers rest meanwhile, and whoever does it hides what he can.
"""

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any
from uuid import uuid4

from domain.history.chain import BEGINNING, hash_of
from tests.factories.checks import rows
from tests.factories.raw import execute


def one_of(chance: Random, statement: str) -> tuple[Any, ...]:
    """A row that a query gives."""
    return chance.choice(sorted(rows(statement)))


def an_entry(chance: Random) -> tuple[Any, ...]:
    return one_of(chance, "SELECT id, chain_id, number, document FROM history_entry")


def forge(chance: Random, entry: int) -> None:
    """Let a document say something else."""
    member = chance.choice(["actor", "at", "channel", "request", "reason"])
    forged = "UPDATE history_entry SET document = jsonb_set(document::jsonb, %s, '\"forged\"')::text WHERE id = %s"
    execute(forged, [member], entry)


def link(chain: int, first: int) -> tuple[int, str]:
    """Hash a chain anew from a number on; its new end."""
    ((name,),) = rows(f"SELECT name FROM history_chain WHERE id = {chain}")  # noqa: S608 - our own text
    last, sha256 = 0, BEGINNING
    for id_, number, document, hashed in rows(
        f"SELECT id, number, document, sha256 FROM history_entry WHERE chain_id = {chain} ORDER BY number"  # noqa: S608 - our own text
    ):
        previous, last, sha256 = sha256, number, hashed
        if number >= first:
            sha256 = hash_of(previous, name, number, document.encode())
            execute("UPDATE history_entry SET sha256 = %s WHERE id = %s", sha256, id_)
    return last, sha256


def move_head(chain: int, number: int, sha256: str) -> None:
    execute("UPDATE history_chain SET number = %s, sha256 = %s WHERE id = %s", number, sha256, chain)


def cut(chance: Random) -> int:
    """Take entries from the end of a chain."""
    _, chain, number, _ = an_entry(chance)
    execute("DELETE FROM history_entry WHERE chain_id = %s AND number >= %s", chain, number)
    return chain


def break_an_entry(chance: Random) -> None:
    entry, _, _, document = an_entry(chance)
    broken = chance.choice([document[: chance.randrange(len(document))], "[7]", '{"after":"\\u0000"}'])
    execute("UPDATE history_entry SET document = %s WHERE id = %s", broken, entry)


def misfile_an_entry(chance: Random) -> None:
    column = chance.choice(["at", "actor", "subject_kind", "subject_id", "subject_code", "action"])
    execute(f"UPDATE history_entry SET {column} = 'forged' WHERE id = %s", an_entry(chance)[0])  # noqa: S608 - our own text


def edit_an_entry(chance: Random) -> None:
    forge(chance, an_entry(chance)[0])


def edit_an_entry_and_its_hash(chance: Random) -> None:
    entry, chain, number, _ = an_entry(chance)
    forge(chance, entry)
    after = rows(f"SELECT id, sha256 FROM history_entry WHERE chain_id = {chain} AND number > {number}")  # noqa: S608 - our own text
    link(chain, number)
    for other, sha256 in after:
        execute("UPDATE history_entry SET sha256 = %s WHERE id = %s", sha256, other)


def edit_a_hash(chance: Random) -> None:
    execute("UPDATE history_entry SET sha256 = %s WHERE id = %s", chance.randbytes(32).hex(), an_entry(chance)[0])


def delete_an_entry(chance: Random) -> None:
    execute("DELETE FROM history_entry WHERE id = %s", an_entry(chance)[0])


def swap_entries(chance: Random) -> None:
    one, other = chance.sample(sorted(rows("SELECT id, document FROM history_entry")), 2)
    execute("UPDATE history_entry SET document = %s WHERE id = %s", other[1], one[0])
    execute("UPDATE history_entry SET document = %s WHERE id = %s", one[1], other[0])


def add_an_entry(chance: Random) -> None:
    entry, chain, _, _ = an_entry(chance)
    last = "SELECT max(number) + 1 FROM history_entry WHERE chain_id = %s"
    columns = "at, actor, subject_kind, subject_id, subject_code, action"
    insert = (
        f"INSERT INTO history_entry (chain_id, number, document, sha256, {columns}) "  # noqa: S608 - our own text
        f"SELECT %s, ({last}), document, '', {columns} FROM history_entry WHERE id = %s"
    )
    execute(insert, chain, chain, entry)
    link(chain, rows(f"SELECT max(number) FROM history_entry WHERE chain_id = {chain}")[0][0])  # noqa: S608 - our own text


def cut_a_tail(chance: Random) -> None:
    cut(chance)


def cut_a_tail_and_its_head(chance: Random) -> None:
    chain = cut(chance)
    move_head(chain, *link(chain, 10**9))


def remove_a_chain(chance: Random) -> None:
    ((chain,),) = [one_of(chance, "SELECT id FROM history_chain")]
    execute("DELETE FROM history_entry WHERE chain_id = %s", chain)
    execute("DELETE FROM history_chain WHERE id = %s", chain)


def rewrite_a_chain(chance: Random) -> None:
    entry, chain, number, _ = an_entry(chance)
    forge(chance, entry)
    move_head(chain, *link(chain, number))


def edit_a_head(chance: Random) -> None:
    chain, number, sha256 = one_of(chance, "SELECT id, number, sha256 FROM history_chain")
    if chance.random() < 0.5:
        move_head(chain, number + chance.choice([-1, 1, 7]), sha256)
    else:
        move_head(chain, number, chance.randbytes(32).hex())


def remove_a_head(chance: Random) -> None:
    execute("DELETE FROM history_chain WHERE id = %s", *one_of(chance, "SELECT id FROM history_chain"))


def an_operation(chance: Random) -> Any:
    return one_of(chance, "SELECT id FROM operation")[0]


def a_movement(chance: Random) -> Any:
    return one_of(chance, "SELECT id FROM movement")[0]


def cover_up(chance: Random) -> None:
    """Now and then let what is on hand follow, as far as it can."""
    if chance.random() < 0.5:
        execute("""
            UPDATE lot SET on_hand = greatest(0, (
                SELECT coalesce(sum(CASE direction WHEN 'out' THEN quantity ELSE -quantity END), 0)
                FROM movement WHERE lot_id = lot.id
            ))
        """)


def edit_an_operation(chance: Random) -> None:
    edit = chance.choice(
        [
            "occurred_at = occurred_at + interval '1 microsecond'",
            "recorded_at = recorded_at - interval '1 hour'",
            "recorded_by = 'somebody else'",
            "document = document || '7'",
            "reason = reason || '.'",
            "number = 'forged'",
            "site_id = (SELECT id FROM site WHERE id <> site_id ORDER BY id LIMIT 1)",
            "operator_id = gen_random_uuid()",
            "campaign_id = CASE WHEN campaign_id IS NULL THEN (SELECT id FROM campaign ORDER BY id LIMIT 1) END",
            "corrects_id = CASE WHEN corrects_id IS NULL THEN id END",
            "partner_id = (SELECT id FROM partner WHERE id IS DISTINCT FROM partner_id ORDER BY id LIMIT 1)",
        ]
    )
    kinds = "('loss', 'production')" if edit.startswith("campaign") else "(kind)"
    found = one_of(chance, f"SELECT id FROM operation WHERE kind IN {kinds}")  # noqa: S608 - our own text
    execute(f"UPDATE operation SET {edit} WHERE id = %s", *found)  # noqa: S608 - our own text


def delete_an_operation(chance: Random) -> None:
    operation_id = an_operation(chance)
    execute("DELETE FROM movement WHERE operation_id = %s", operation_id)
    execute("DELETE FROM operation WHERE id = %s", operation_id)
    cover_up(chance)


def delete_an_operation_alone(chance: Random) -> None:
    execute("DELETE FROM operation WHERE id = %s", an_operation(chance))


def add_an_operation(chance: Random) -> None:
    original = one_of(chance, "SELECT id FROM operation WHERE reverses_id IS NULL AND corrects_id IS NULL")[0]
    added = uuid4()
    execute("CREATE TEMPORARY TABLE copied ON COMMIT DROP AS SELECT * FROM operation WHERE id = %s", original)
    execute("UPDATE copied SET id = %s, number = NULL, sequence = nextval('operation_sequence')", added)
    execute("INSERT INTO operation SELECT * FROM copied")
    execute("DROP TABLE copied")
    copy_movements("operation_id = %s", added, "operation_id = %s", original)
    cover_up(chance)


def copy_movements(changed: str, value: object, which: str, key: object) -> None:
    execute(f"CREATE TEMPORARY TABLE copied ON COMMIT DROP AS SELECT * FROM movement WHERE {which}", key)  # noqa: S608 - our own text
    execute(f"UPDATE copied SET id = id + 1000000, {changed}", value)  # noqa: S608 - our own text
    execute("INSERT INTO movement SELECT * FROM copied")
    execute("DROP TABLE copied")


def edit_a_movement(chance: Random) -> None:
    edit = chance.choice(
        [
            f"quantity = quantity + {Decimal(chance.randint(1, 10**6)) / 10**6}",
            "kilograms = coalesce(kilograms, 0) + 0.000001",
            "cost = cost + 1",
            "currency = currency || 'X'",
            "reason = reason || 'x'",
            "position = position + 100",
            "direction = CASE direction WHEN 'in' THEN 'out' ELSE 'in' END",
            "role = CASE role WHEN 'main' THEN 'by_product' ELSE 'main' END",
            "lot_id = (SELECT id FROM lot WHERE id <> lot_id ORDER BY id LIMIT 1)",
            "site_id = (SELECT id FROM site WHERE id <> site_id ORDER BY id LIMIT 1)",
            "product_id = (SELECT id FROM product WHERE id <> product_id ORDER BY id LIMIT 1)",
        ]
    )
    execute(f"UPDATE movement SET {edit} WHERE id = %s", a_movement(chance))  # noqa: S608 - our own text
    cover_up(chance)


def swap_movements(chance: Random) -> None:
    one, other = chance.sample(sorted(rows("SELECT id, operation_id, position FROM movement")), 2)
    for movement, operation_id, position in ((one[0], uuid4(), 0), (other[0], *one[1:]), (one[0], *other[1:])):
        execute("UPDATE movement SET operation_id = %s, position = %s WHERE id = %s", operation_id, position, movement)


def delete_a_movement(chance: Random) -> None:
    execute("DELETE FROM movement WHERE id = %s", a_movement(chance))
    cover_up(chance)


def add_a_movement(chance: Random) -> None:
    copy_movements("position = position + %s", 50, "id = %s", a_movement(chance))
    cover_up(chance)


def add_a_movement_of_no_operation(chance: Random) -> None:
    copy_movements("operation_id = %s", uuid4(), "id = %s", a_movement(chance))
    cover_up(chance)


def edit_what_is_on_hand(chance: Random) -> None:
    more = Decimal(chance.randint(1, 10**6)) / 10**6
    execute("UPDATE lot SET on_hand = on_hand + %s WHERE id = %s", more, *one_of(chance, "SELECT id FROM lot"))


def remove_a_lot(chance: Random) -> None:
    execute("DELETE FROM lot WHERE id = %s", *one_of(chance, "SELECT id FROM lot WHERE on_hand > 0"))


DOCUMENT = """
UPDATE {table} SET document = replace(document, '}}', ' }}'),
    sha256 = encode(sha256(convert_to(replace(document, '}}', ' }}'), 'UTF8')), 'hex')
WHERE {key}::text = %s
"""


def a_document(chance: Random) -> tuple[str, str, str]:
    return one_of(
        chance,
        "SELECT 'campaign_balance', 'id', id::text FROM campaign_balance "
        "UNION ALL SELECT 'recall_report', 'recall_id', recall_id::text FROM recall_report",
    )


def edit_a_document(chance: Random) -> None:
    table, key, value = a_document(chance)
    execute(DOCUMENT.format(table=table, key=key), value)


def delete_a_document(chance: Random) -> None:
    table, key, value = a_document(chance)
    execute(f"DELETE FROM {table} WHERE {key}::text = %s", value)  # noqa: S608 - our own text


def add_a_balance(chance: Random) -> None:
    version = chance.randint(3, 9)
    execute(
        "INSERT INTO campaign_balance (campaign_id, version, document, sha256, closed_at) "
        "SELECT campaign_id, %s, document, sha256, closed_at FROM campaign_balance ORDER BY id LIMIT 1",
        version,
    )


DAMAGE: dict[Callable[[Random], None], set[str]] = {
    edit_an_entry: {"altered"},
    break_an_entry: {"altered"},
    misfile_an_entry: {"misfiled"},
    edit_an_entry_and_its_hash: {"altered", "wrong_head"},
    edit_a_hash: {"altered"},
    delete_an_entry: {"missing", "cut_off"},
    swap_entries: {"altered"},
    add_an_entry: {"wrong_head"},
    cut_a_tail: {"cut_off"},
    cut_a_tail_and_its_head: {"cut_off"},
    remove_a_chain: {"cut_off"},
    rewrite_a_chain: {"rewritten"},
    edit_a_head: {"cut_off", "wrong_head"},
    remove_a_head: {"altered"},
    edit_an_operation: {"operation_altered", "operation_gone"},
    delete_an_operation: {"operation_gone"},
    delete_an_operation_alone: {"operation_gone"},
    add_an_operation: {"operations_not_entered"},
    edit_a_movement: {"operation_altered"},
    swap_movements: {"operation_altered"},
    delete_a_movement: {"operation_altered"},
    add_a_movement: {"operation_altered"},
    add_a_movement_of_no_operation: {"movements_without_operation"},
    edit_what_is_on_hand: {"wrong_on_hand"},
    remove_a_lot: {"lot_gone"},
    edit_a_document: {"document_altered"},
    delete_a_document: {"document_gone"},
    add_a_balance: {"document_not_entered"},
}
