"""Who asks for something."""

from attrs import field, frozen


@frozen
class Actor:
    """A user or a program, with its roles. Rules about who may do what are policies on it.

    `channel` is what it asks through and `request` by which request of that; `on_behalf_of` is for whom, if not for
    itself.
    """

    name: str
    roles: frozenset[str] = field(default=frozenset())
    on_behalf_of: str = ""
    channel: str = ""
    request: str = ""
