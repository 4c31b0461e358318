"""A site: a plant or a warehouse, where lots are."""

from collections.abc import Collection, Iterator
from uuid import UUID

from attrs import frozen

from domain.shared.errors import Fault
from domain.shared.signature import Signature


@frozen
class Site:
    """A place with its own lots and settings.

    With `positive_release` its new lots start pending and wait for quality; otherwise they start released.
    `ships_past_best_before` tells whether a best-before date that has passed may still ship (a use-by date never may).
    With `holds_returns` what comes back goes to a sub-lot of its lot, on hold until quality has looked at it.
    With `signs_decisions` whoever releases or rejects a lot, lifts a hold, closes or reopens a campaign or opens or
    closes a recall signs, with their password. With `second_person` whoever releases, rejects or closes isn't one of
    those who recorded it.
    """

    id: UUID
    code: str
    name: str
    positive_release: bool = False
    ships_past_best_before: bool = True
    signs_decisions: bool = False
    holds_returns: bool = True
    second_person: bool = False
    version: int = 1

    def signature_faults(self, signature: Signature | None) -> Iterator[Fault]:
        """What is wrong with a decision here under this signature, or under none."""
        if not self.signs_decisions:
            return
        if signature is None:
            yield Fault("signature_required", f"At {self.code} whoever decides signs.", ("signature",))
        elif not signature.proven:
            detail = f"At {self.code} whoever signs proves with their password that it is them."
            yield Fault("password_required", detail, ("signature", "password"))

    def second_person_fault(self, name: str, recorded_by: Collection[str]) -> Fault | None:
        """What is wrong with a decision here by somebody of this name about what these recorded."""
        if not self.second_person or name not in recorded_by:
            return None
        detail = f"At {self.code} somebody else decides than those who recorded it, and you did."
        return Fault("second_person", detail)
