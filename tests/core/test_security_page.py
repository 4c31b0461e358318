"""What the documentation says of roles and rights is what is so."""

from pathlib import Path

from domain.access.rights import MEANINGS, RIGHTS, Right, Role
from tests.factories.access import MAY

PAGE = Path(__file__).parents[2] / "docs" / "security.md"


def test_the_table_of_rights_is_that_of_the_program() -> None:
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in PAGE.read_text().splitlines() if "|" in line]
    head = next(row for row in rows if row[0] == "right")
    roles = [Role(name.replace(" ", "_")) for name in head[1:]]
    documented: dict[Role, set[Right]] = {role: set() for role in roles}
    meanings = {}
    for first, *cells in (row for row in rows if len(row) == len(head) and row[0].startswith("`")):
        name, _, meaning = first.partition("`: ")
        right = Right(name.strip("`"))
        meanings[right] = meaning
        for role in (role for role, cell in zip(roles, cells, strict=True) if cell == "yes"):
            documented[role].add(right)
    assert documented == RIGHTS
    assert meanings == MEANINGS


def test_the_tests_of_access_are_written_for_these_rights() -> None:
    assert {role: set(rights) for role, rights in RIGHTS.items()} == MAY
