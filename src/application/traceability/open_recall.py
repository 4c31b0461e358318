"""Opening a recall: everything that the suspects went into becomes part of it at once."""

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

from attrs import frozen

from application.catalog.ports import Records
from application.shared.actor import Actor
from application.shared.errors import Forbidden, NotFound
from application.shared.ids import Ids
from application.shared.permissions import no_right, require_somewhere
from application.shared.signing import Signing, check_signed, signed
from application.shared.unit_of_work import UnitOfWork
from application.traceability.ports import Recalls
from application.traceability.queries import GenealogyReader
from application.traceability.starting_lots import starting_lots
from application.traceability.suspects import in_words
from domain.access.rights import EVERYWHERE, Right
from domain.catalog.site import Site
from domain.shared.canonical import Json, moment
from domain.shared.errors import Fault, Invalid, raise_any
from domain.shared.signature import Signature
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
        """The recall. `Forbidden`; `Invalid`, also where there are no suspects; `Refused` for a code that is taken."""
        recall = Recall(
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
        raise_any(faults_in(recall))
        with self.unit_of_work as work:
            suspects = self._suspects(command.suspects, command.actor)
            self.recalls.add(recall, suspects)
            joined = (*sorted(suspects), *self.recalls.grow(recall.id, command.at))
            signature = self._signature(command, suspects)
            note = self._opened(recall, suspects, joined, signature)
            self.recalls.write_down(note)
            happened = (
                RecallOpened(recall, signature),
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

    def _signature(self, command: OpenRecall, suspects: Collection[UUID]) -> Signature | None:
        """The signature under what is opened, as the sites of the suspects ask for it; an exercise needs none."""
        document: dict[str, Json] = {
            "act": "open recall",
            "code": command.code,
            "hazard": command.hazard,
            "known_at": moment(command.known_at),
            "suspects": origin_document(command.suspects),
            "mock": command.mock,
        }
        signature = signed(command.actor, command.signing, command.at, document)
        if not command.mock:
            check_signed(self.sites.find(self.genealogy.sites_of(suspects)).values(), signature)
        return signature

    def _opened(
        self, recall: Recall, suspects: Collection[UUID], joined: Collection[UUID], signature: Signature | None
    ) -> LogEntry:
        held = "none on hold, this is an exercise" if recall.mock else "all of them on hold"
        count = f"Suspect lots: {len(suspects)}; lots in the recall: {len(joined)}, {held}."
        signed_as = f" Signed by {signature.name}: {signature.meaning}" if signature else ""
        text = f"Opened: {in_words(recall.suspects)}. {count}{signed_as}"
        return LogEntry.note(self.ids.new(), recall.id, text, recall.opened_at, recall.opened_by)


def recalled(recall: Recall, lots: tuple[UUID, ...], at: datetime, by: str) -> LotsRecalled:
    """That these lots are part of the recall from now on."""
    return LotsRecalled(recall.id, recall.code, recall.hazard, recall.mock, lots, at, by)
