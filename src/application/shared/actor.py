"""Who asks for something."""

from attrs import field, frozen


@frozen
class Actor:
    """A user or a program, with its roles. Rules about who may do what are policies on it."""

    name: str
    roles: frozenset[str] = field(default=frozenset())
