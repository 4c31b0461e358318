"""A site: a plant or a warehouse, where lots are."""

from uuid import UUID

from attrs import frozen


@frozen
class Site:
    """A place with its own lots and settings.

    With `positive_release` its new lots start pending and wait for quality; otherwise they start released.
    `ships_past_best_before` tells whether a best-before date that has passed may still ship (a use-by date never may).
    With `holds_returns` what comes back goes to a sub-lot of its lot, on hold until quality has looked at it.
    With `signs_decisions` whoever releases or rejects a lot or lifts a hold signs.
    """

    id: UUID
    code: str
    name: str
    positive_release: bool = False
    ships_past_best_before: bool = True
    signs_decisions: bool = False
    holds_returns: bool = True
    version: int = 1
