"""Opening a recall: everything that the suspects went into becomes part of it at once, whether it is signed or not."""

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

from attrs import evolve, frozen

from application.catalog.ports import Records
from application.shared.actor import Actor
from application.shared.errors import Forbidden, NotFound
from application.shared.ids import Ids
from application.shared.permissions import no_right, require_somewhere
from application.shared.signing import Signing, signed
from application.shared.unit_of_work import UnitOfWork
from application.traceability.ports import Recalls
from application.traceability.queries import GenealogyReader
from application.traceability.starting_lots import starting_lots
from application.traceability.suspects import in_words
from domain.access.rights import EVERYWHERE, Right
from domain.catalog.site import Site
from domain.shared.canonical import Json, moment
from domain.shared.errors import Fault, Invalid, raise_any
from domain.traceability.events import LotsRecalled, RecallLogged, RecallOpened
from domain.traceability.origin import Origin, origin_document
from domain.traceability.recall import LogEntry, Recall, faults_in


@frozen
class OpenRecall:
    """Recall what these suspects went into, because of this hazard; a mock recall puts nothing on hold."""

    code: str
    hazard: str
    known_at: datetime
    suspects: Origin
    mock: bool
    actor: Actor
    at: datetime
    signing: Signing | None = None


@frozen
class OpenRecallHandler:
    """Opens recalls. A process puts the lots on hold in the same transaction, and others join as they are made."""

    unit_of_work: UnitOfWork
    genealogy: GenealogyReader
    recalls: Recalls
    sites: Records[Site]
    ids: Ids

    def __call__(self, command: OpenRecall) -> Recall:
        """The recall. `Forbidden`; `Invalid`, also where there are no suspects; `Refused` for a code that is taken.

        A signature that isn't as the sites ask for it is left out, and due.
        """
        stated = Recall(
            id=self.ids.new(),
            code=command.code,
            hazard=command.hazard,
            known_at=command.known_at.astimezone(UTC),
            suspects=command.suspects,
            mock=command.mock,
            opened_at=command.at,
            opened_by=command.actor.name,
        )
        require_somewhere(command.actor, Right.RECALL)
        raise_any(faults_in(stated))
        with self.unit_of_work as work:
            suspects = self._suspects(command.suspects, command.actor)
            recall = self._signed(stated, command, suspects)
            self.recalls.add(recall, suspects)
            joined = (*sorted(suspects), *self.recalls.grow(recall.id, command.at))
            note = self._opened(recall, suspects, joined)
            self.recalls.write_down(note)
            happened = (
                RecallOpened(recall),
                RecallLogged(recall.code, note),
                recalled(recall, joined, command.at, command.actor.name),
            )
            work.commit(*happened, by=command.actor, at=command.at)
        return recall

    def _suspects(self, origin: Origin, actor: Actor) -> Collection[UUID]:
        try:
            starting_lots(self.genealogy, origin, actor.sight)
            # Where one of them is in sight a recall is of them all: one without the others would leave them in use.
            suspects = starting_lots(self.genealogy, origin, EVERYWHERE)
        except NotFound as error:
            raise Invalid(Fault("unknown_lot", str(error), ("suspects", "lots"))) from error
        except Invalid as error:
            raise error.below("suspects") from None
        if not actor.may_everywhere(Right.RECALL) and not actor.may(Right.RECALL, self.genealogy.sites_of(suspects)):
            raise Forbidden(no_right(actor, Right.RECALL, "at every site that has suspect lots").below("suspects"))
        return suspects

    def _signed(self, recall: Recall, command: OpenRecall, suspects: Collection[UUID]) -> Recall:
        """The recall with the signature under its opening, or without it; an exercise needs none."""
        signature = signed(command.actor, command.signing, command.at, opening_document(recall))
        sites = self.sites.find(self.genealogy.sites_of(suspects)).values()
        due = not recall.mock and any(fault for site in sites for fault in site.signature_faults(signature))
        return evolve(recall, opening_signature=None if due else signature, signature_due=due)

    def _opened(self, recall: Recall, suspects: Collection[UUID], joined: Collection[UUID]) -> LogEntry:
        held = "none on hold, this is an exercise" if recall.mock else "all of them on hold"
        count = f"Suspect lots: {len(suspects)}; lots in the recall: {len(joined)}, {held}."
        signature = recall.opening_signature
        signed_as = f" Signed by {signature.name}: {signature.meaning}" if signature else ""
        text = f"Opened: {in_words(recall.suspects)}. {count}{signed_as or _DUE * recall.signature_due}"
        return LogEntry.note(self.ids.new(), recall.id, text, recall.opened_at, recall.opened_by)


_DUE = " Not signed yet."


def opening_document(recall: Recall) -> dict[str, Json]:
    """What is signed of the opening of a recall, at once or afterwards."""
    return {
        "act": "open recall",
        "code": recall.code,
        "hazard": recall.hazard,
        "known_at": moment(recall.known_at),
        "suspects": origin_document(recall.suspects),
        "mock": recall.mock,
    }


def recalled(recall: Recall, lots: tuple[UUID, ...], at: datetime, by: str) -> LotsRecalled:
    """That these lots are part of the recall from now on."""
    return LotsRecalled(recall.id, recall.code, recall.hazard, recall.mock, lots, at, by)
