"""A line: equipment of a site that a campaign or an operation runs on."""

from uuid import UUID

from attrs import frozen


@frozen
class Line:
    """A production line; its code is unique in its site."""

    id: UUID
    site: str
    code: str
    name: str
    version: int = 1
