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


def edit(table: str, chance: Random, *edits: str, key: str = "id") -> None:
    """Let a column of a row say something else."""
    row = one_of(chance, f"SELECT {key}::text FROM {table}")  # noqa: S608 - our own text
    execute(f"UPDATE {table} SET {chance.choice(edits)} WHERE {key}::text = %s", *row)  # noqa: S608 - our own text


def remove(table: str, chance: Random, key: str = "id") -> None:
    row = one_of(chance, f"SELECT {key}::text FROM {table}")  # noqa: S608 - our own text
    execute(f"DELETE FROM {table} WHERE {key}::text = %s", *row)  # noqa: S608 - our own text


def add(table: str, changed: str, *values: object) -> None:
    """A copy of a row, under another id."""
    execute(f"CREATE TEMPORARY TABLE copied ON COMMIT DROP AS SELECT * FROM {table} ORDER BY id LIMIT 1")  # noqa: S608 - our own text
    execute(f"UPDATE copied SET {changed}", *values)  # noqa: S608 - our own text
    execute(f"INSERT INTO {table} SELECT * FROM copied")  # noqa: S608 - our own text
    execute("DROP TABLE copied")


def edit_a_lot(chance: Random) -> None:
    edit(
        "lot",
        chance,
        "code = code || '7'",
        "made_on = coalesce(made_on, '2026-01-01') + 1",
        "best_before = coalesce(best_before, '2026-01-01') + 1",
        "supplier_lot = supplier_lot || '7'",
        "made_by_id = CASE WHEN made_by_id IS NULL THEN gen_random_uuid() END",
        "campaign_id = CASE WHEN campaign_id IS NULL THEN (SELECT id FROM campaign ORDER BY id LIMIT 1) END",
        "decided = CASE decided WHEN 'released' THEN 'pending' ELSE 'released' END",
        "currency = currency || 'X'",
        "cost_basis = CASE cost_basis WHEN 'actual' THEN 'unknown' ELSE 'actual' END",
        "code = 'forged', site_id = (SELECT id FROM site WHERE id <> site_id ORDER BY id LIMIT 1)",
        "code = 'forged', product_id = (SELECT id FROM product WHERE id <> product_id ORDER BY id LIMIT 1)",
    )


def swap_lots(chance: Random) -> None:
    """Give two lots of a product each other's codes."""
    alike = "one.site_id = other.site_id AND one.product_id = other.product_id AND one.id < other.id "
    alike += "AND one.parent_id IS NULL AND other.parent_id IS NULL"
    pairs = f"SELECT one.id, one.code, other.id, other.code FROM lot AS one JOIN lot AS other ON {alike}"  # noqa: S608 - our own text
    one, its, other, code = one_of(chance, pairs)
    for lot, name in ((one, "meanwhile"), (other, its), (one, code)):
        execute("UPDATE lot SET code = %s WHERE id = %s", name, lot)


def add_a_lot(chance: Random) -> None:
    row = one_of(chance, "SELECT site_id, product_id FROM lot")
    columns = "id, site_id, product_id, code, decided, on_hand, value, currency, cost_basis, supplier_lot, version"
    execute(
        f"INSERT INTO lot ({columns}, created_at, updated_at) "  # noqa: S608 - our own text
        "VALUES (%s, %s, %s, 'forged', 'released', 0, 0, '', 'actual', '', 1, now(), now())",
        uuid4(),
        *row,
    )


def edit_what_a_lot_is_worth(chance: Random) -> None:
    edit("lot", chance, "value = value + 1", "value = value - 0.000001")


def edit_how_many_holds_stand(chance: Random) -> None:
    edit("lot", chance, "holds = holds + 1")


def edit_a_decision(chance: Random) -> None:
    edit(
        "decision",
        chance,
        "reason = reason || '.'",
        "decided_by = 'somebody else'",
        "decided_at = decided_at - interval '1 hour'",
        "after = CASE after WHEN 'released' THEN 'rejected' ELSE 'released' END",
        "before = 'on_hold'",
        "lot_id = (SELECT id FROM lot WHERE id <> lot_id ORDER BY id LIMIT 1)",
        "signed_by = 'forged', signature_meaning = 'I agree', signed_at = now()",
    )


def delete_a_decision(chance: Random) -> None:
    remove("decision", chance)


def edit_a_hold(chance: Random) -> None:
    edit(
        "hold",
        chance,
        "reason = reason || '.'",
        "scope = scope || '.'",
        "placed_by = 'somebody else'",
        "placed_at = placed_at - interval '1 hour'",
        "recall = CASE WHEN recall IS NULL THEN gen_random_uuid() END",
        "signed_by = 'forged', signature_meaning = 'I agree', signed_at = now()",
    )


def count_holds_anew() -> None:
    """Let lots say how many holds stand on them, now that these are others."""
    execute("""
        UPDATE lot SET holds = (
            SELECT count(*) FROM held_lot
            WHERE lot_id = lot.id AND NOT EXISTS (SELECT FROM lifted_hold WHERE held_lot_id = held_lot.id)
        )
    """)


def exchange_a_held_lot(chance: Random) -> None:
    edit(
        "held_lot",
        chance,
        "lot_id = (SELECT id FROM lot WHERE code = '1' AND id <> lot_id ORDER BY id LIMIT 1)",
        "hold_id = (SELECT id FROM hold WHERE id <> hold_id ORDER BY id LIMIT 1)",
    )
    count_holds_anew()


def take_a_lot_from_a_hold(chance: Random) -> None:
    remove("held_lot", chance)
    count_holds_anew()


def hold_another_lot(chance: Random) -> None:
    hold = one_of(chance, "SELECT id FROM hold")
    execute("INSERT INTO held_lot (hold_id, lot_id) SELECT %s, id FROM lot WHERE code = 'J0'", *hold)
    count_holds_anew()


def edit_a_lifting(chance: Random) -> None:
    edits = [
        "reason = reason || '.'",
        "lifted_by = 'somebody else'",
        "lifted_at = lifted_at - interval '1 hour'",
        "signed_by = 'forged', signature_meaning = 'I agree', signed_at = now()",
    ]
    edit("lifted_hold", chance, *edits, key="held_lot_id")


def delete_a_lifting(chance: Random) -> None:
    remove("lifted_hold", chance, key="held_lot_id")
    count_holds_anew()


def lift_a_hold(chance: Random) -> None:
    standing = "SELECT id FROM held_lot WHERE id NOT IN (SELECT held_lot_id FROM lifted_hold)"
    execute(
        "INSERT INTO lifted_hold (held_lot_id, reason, lifted_at, lifted_by) VALUES (%s, 'forged', now(), 'forged')",
        *one_of(chance, standing),
    )
    count_holds_anew()


def edit_a_recall(chance: Random) -> None:
    edit(
        "recall",
        chance,
        "hazard = hazard || '.'",
        "code = code || '7'",
        "known_at = known_at - interval '1 hour'",
        "opened_at = opened_at + interval '1 microsecond'",
        "opened_by = 'somebody else'",
        "mock = NOT mock",
        """suspects = '{"campaign": "SPRING"}'""",
        """opening_signature = '{"name": "forged", "meaning": "forged", "at": "2026-03-02T11:00:00.000000Z"}'""",
        "opening_signature = NULL, signature_due = NOT signature_due",
        "state = CASE state WHEN 'open' THEN 'closed' ELSE 'open' END, "
        "conclusion = CASE state WHEN 'open' THEN 'forged' ELSE '' END, "
        "closed_by = CASE state WHEN 'open' THEN 'forged' ELSE '' END, "
        "closed_at = CASE state WHEN 'open' THEN now() END",
    )


def edit_the_lots_of_a_recall(chance: Random) -> None:
    edit(
        "recalled_lot",
        chance,
        "lot_id = (SELECT id FROM lot WHERE code = 'J0')",
        "joined_at = joined_at + interval '1 microsecond'",
        "recall_id = gen_random_uuid()",
    )


def take_a_lot_from_a_recall(chance: Random) -> None:
    remove("recalled_lot", chance)


def let_a_lot_join_a_recall(_: Random) -> None:
    add("recalled_lot", "id = id + 1000000, lot_id = (SELECT id FROM lot WHERE code = 'J0')")


def edit_a_note(chance: Random) -> None:
    edit(
        "recall_entry",
        chance,
        "text = text || '.'",
        "by = 'somebody else'",
        "at = at - interval '1 microsecond'",
        "recorded_at = recorded_at + interval '1 hour'",
        "recall_id = (SELECT id FROM recall WHERE id <> recall_id ORDER BY id LIMIT 1)",
    )


def delete_a_note(chance: Random) -> None:
    remove("recall_entry", chance)


def edit_a_record(chance: Random) -> None:
    table, edits = chance.choice(
        [
            (
                "product",
                ["name = name || '.'", "unit = 'XYZ'", "kg_per_unit = 7", "allergens = '{milk}'", "gtin = '7'"],
            ),
            ("product", ["standard_cost = 7, currency = 'USD'", "product_class = 'water'", "code = code || '7'"]),
            ("site", ["name = name || '.'", "positive_release = NOT positive_release", "code = code || '7'"]),
            ("site", ["signs_decisions = NOT signs_decisions", "holds_returns = NOT holds_returns"]),
            ("line", ["name = name || '.'", "site_id = (SELECT id FROM site WHERE id <> site_id ORDER BY id LIMIT 1)"]),
            ("partner", ["name = name || '.'", "address = 'elsewhere'", "contact = 'nobody'", "role = 'customer'"]),
            ("operator", ["name = name || '.'", "code = code || '7'"]),
        ]
    )
    edit(table, chance, *edits)


def delete_a_record(chance: Random) -> None:
    remove(chance.choice(["product", "site", "line", "partner", "operator", "campaign"]), chance)


def add_a_record(chance: Random) -> None:
    table = chance.choice(["product", "site", "line", "partner", "operator", "campaign"])
    add(table, "id = %s, code = 'FORGED'", uuid4())


def edit_a_campaign(chance: Random) -> None:
    edit(
        "campaign",
        chance,
        "name = name || '.'",
        "code = code || '7'",
        "state = CASE state WHEN 'open' THEN 'planned' ELSE 'open' END",
        "closings = closings + 1",
        "target = coalesce(target, 0) + 1",
        "target_unit = 'KGM'",
        "accountability_min = accountability_min - 1",
        "planned_to = '2030-01-01'",
        "line_id = CASE WHEN line_id IS NULL THEN (SELECT id FROM line ORDER BY id LIMIT 1) END",
        "product_id = (SELECT id FROM product WHERE id <> product_id ORDER BY id LIMIT 1)",
        "site_id = (SELECT id FROM site WHERE id <> site_id ORDER BY id LIMIT 1)",
    )


def delete_a_link(chance: Random) -> None:
    link_ = one_of(chance, "SELECT source, target FROM passage")
    execute("DELETE FROM passage WHERE source = %s AND target = %s", *link_)


def add_a_link(chance: Random) -> None:
    ((source, _), (_, target)) = chance.sample(sorted(rows("SELECT source, target FROM passage WHERE source > 0")), 2)
    execute("INSERT INTO passage (source, target) VALUES (%s, %s) ON CONFLICT DO NOTHING", source, target + 1000000)


def number_a_lot_anew(chance: Random) -> None:
    lot = one_of(chance, "SELECT number FROM lot WHERE number IN (SELECT source FROM passage)")
    execute("UPDATE lot SET number = number + 1000000 WHERE number = %s", *lot)


def add_a_user(chance: Random) -> None:
    add("identity_user", "id = id + 1000000, username = %s", f"intruder{chance.randrange(10)}")


def edit_a_user(chance: Random) -> None:
    edit("identity_user", chance, "name = name || '.'", "is_active = NOT is_active", "username = username || '7'")


def delete_a_user(chance: Random) -> None:
    remove("identity_user", chance)


def mark_a_user(chance: Random) -> None:
    edit("identity_user", chance, "is_staff = NOT is_staff", "is_superuser = NOT is_superuser")


def permit_a_user_something(chance: Random) -> None:
    user = one_of(chance, "SELECT id FROM identity_user")
    table, column = chance.choice([("groups", "group_id"), ("user_permissions", "permission_id")])
    execute(f"INSERT INTO identity_user_{table} (user_id, {column}) VALUES (%s, 1)", *user)  # noqa: S608 - our own text


def give_a_role(chance: Random) -> None:
    users = "SELECT id FROM identity_user WHERE username = 'odile'"
    role, site = chance.choice([("administrator", None), ("operator", "A"), ("quality", "B")])
    execute(
        "INSERT INTO identity_rolegrant (user_id, role, site, granted_at) VALUES (%s, %s, %s, now())",
        *one_of(chance, users),
        role,
        site,
    )


def edit_a_role(chance: Random) -> None:
    edits = ["role = 'production_manager'", "site = 'B'", "user_id = user_id + 1000"]
    edit("identity_rolegrant", chance, *edits)


def take_a_role(chance: Random) -> None:
    remove("identity_rolegrant", chance)


def set_a_password(chance: Random) -> None:
    edit("identity_user", chance, "password = 'argon2$argon2id$v=19$m=102400,t=2,p=8$forged'")


def bring_an_old_password_back(_: Random) -> None:
    execute("UPDATE identity_user SET password = password || '=' WHERE username = 'paul'")


def take_a_password(_: Random) -> None:
    execute("UPDATE identity_user SET password = '!' WHERE username = 'paul'")


def add_a_token(chance: Random) -> None:
    add("identity_accesstoken", "id = id + 1000000, key = %s, digest = %s", uuid4(), chance.randbytes(32))


def edit_a_token(chance: Random) -> None:
    edit(
        "identity_accesstoken",
        chance,
        "digest = sha256(digest)",
        "name = name || '.'",
        "scopes = CASE WHEN scopes IS NULL THEN '{read}' END",
        "expires_at = CASE WHEN expires_at IS NULL THEN now() + interval '1 day' END",
        "expires_at = issued_at + interval '1 hour', development = NOT development",
        "revoked_at = CASE WHEN revoked_at IS NULL THEN now() END",
        "issued_at = issued_at - interval '1 hour'",
        "key = gen_random_uuid()",
        "user_id = (SELECT max(id) FROM identity_user WHERE id <> user_id)",
    )


def delete_a_token(chance: Random) -> None:
    remove("identity_accesstoken", chance)


def link_an_account(chance: Random) -> None:
    changed = chance.choice(["uid = 'forged'", "provider = 'forged'"])
    user = one_of(chance, "SELECT id FROM identity_user")
    add("socialaccount_socialaccount", f"id = id + 1000000, {changed}, user_id = %s", *user)


def edit_an_account(chance: Random) -> None:
    edits = ["uid = 'forged'", "provider = 'forged'", "user_id = (SELECT min(id) FROM identity_user)"]
    edit("socialaccount_socialaccount", chance, *edits)


def unlink_an_account(chance: Random) -> None:
    remove("socialaccount_socialaccount", chance)


def add_a_provider(_: Random) -> None:
    execute(
        "INSERT INTO socialaccount_socialapp (provider, name, client_id, secret, key, provider_id, settings) "
        "VALUES ('openid', 'forged', 'forged', '', '', 'forged', '{}')"
    )


def edit_a_picture(chance: Random) -> None:
    edits = ["picture = picture || ' '", "closed_at = closed_at - interval '1 hour'"]
    edit("recall_report", chance, *edits, key="recall_id")


CATALOG = {"product", "site", "line", "partner", "operator"}

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
    edit_a_lot: {"lot_altered"},
    swap_lots: {"lot_altered"},
    add_a_lot: {"lots_not_entered"},
    edit_what_a_lot_is_worth: {"wrong_value"},
    edit_how_many_holds_stand: {"wrong_holds"},
    edit_a_decision: {"decision_gone"},
    delete_a_decision: {"decision_gone"},
    edit_a_hold: {"hold_gone"},
    exchange_a_held_lot: {"held_lots_altered"},
    take_a_lot_from_a_hold: {"held_lots_altered"},
    hold_another_lot: {"held_lots_altered"},
    edit_a_lifting: {"lifting_gone", "liftings_gone"},
    delete_a_lifting: {"lifting_gone", "liftings_gone"},
    lift_a_hold: {"lifting_not_entered"},
    edit_a_recall: {"recall_altered"},
    edit_the_lots_of_a_recall: {"recalled_lots_altered", "recalled_lots_gone"},
    take_a_lot_from_a_recall: {"recalled_lots_altered", "recalled_lots_gone"},
    let_a_lot_join_a_recall: {"recalled_lots_altered"},
    edit_a_note: {"note_gone"},
    delete_a_note: {"note_gone"},
    edit_a_record: {f"{kind}_altered" for kind in CATALOG},
    delete_a_record: {f"{kind}_gone" for kind in (*CATALOG, "campaign")},
    add_a_record: {"records_not_entered"},
    edit_a_campaign: {"campaign_altered"},
    delete_a_link: {"links_missing"},
    add_a_link: {"links_astray"},
    number_a_lot_anew: {"links_missing"},
    add_a_user: {"user_not_entered"},
    edit_a_user: {"user_altered", "user_gone"},
    delete_a_user: {"user_gone"},
    mark_a_user: {"user_marks_altered"},
    permit_a_user_something: {"permissions_not_entered"},
    give_a_role: {"role_not_entered"},
    edit_a_role: {"role_gone"},
    take_a_role: {"role_gone"},
    set_a_password: {"password_altered", "password_not_entered"},
    bring_an_old_password_back: {"password_altered"},
    take_a_password: {"password_gone"},
    add_a_token: {"token_not_entered"},
    edit_a_token: {"token_altered", "token_gone"},
    delete_a_token: {"token_gone"},
    link_an_account: {"account_not_entered"},
    edit_an_account: {"account_gone"},
    unlink_an_account: {"account_gone"},
    add_a_provider: {"provider_not_entered"},
    edit_a_picture: {"picture_altered"},
}
