"""An operator: the person who did it, who isn't always the one who typed it."""

from uuid import UUID

from attrs import frozen


@frozen
class Operator:
    """A person of the plant."""

    id: UUID
    code: str
    name: str
    version: int = 1
