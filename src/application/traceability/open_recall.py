"""Opening a recall: everything that the suspects went into becomes part of it at once."""

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

from attrs import frozen

from application.shared.actor import Actor
from application.shared.errors import NotFound
from application.shared.ids import Ids
from application.shared.unit_of_work import UnitOfWork
from application.traceability.ports import Recalls
from application.traceability.queries import GenealogyReader
from application.traceability.starting_lots import starting_lots
from application.traceability.suspects import in_words
from domain.shared.errors import Fault, Invalid, raise_any
from domain.traceability.events import LotsRecalled, RecallLogged, RecallOpened
from domain.traceability.origin import Origin
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


@frozen
class OpenRecallHandler:
    """Opens recalls. A process puts the lots on hold in the same transaction, and others join as they are made."""

    unit_of_work: UnitOfWork
    genealogy: GenealogyReader
    recalls: Recalls
    ids: Ids

    def __call__(self, command: OpenRecall) -> Recall:
        """The recall. `Invalid`, also where there are no suspects; `Refused` for a code that is taken."""
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
        raise_any(faults_in(recall))
        with self.unit_of_work as work:
            suspects = self._suspects(command.suspects)
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

    def _suspects(self, origin: Origin) -> Collection[UUID]:
        try:
            return starting_lots(self.genealogy, origin)
        except NotFound as error:
            raise Invalid(Fault("unknown_lot", str(error), ("suspects", "lots"))) from error
        except Invalid as error:
            raise error.below("suspects") from None

    def _opened(self, recall: Recall, suspects: Collection[UUID], joined: Collection[UUID]) -> LogEntry:
        held = "none on hold, this is an exercise" if recall.mock else "all of them on hold"
        count = f"Suspect lots: {len(suspects)}; lots in the recall: {len(joined)}, {held}."
        text = f"Opened: {in_words(recall.suspects)}. {count}"
        return LogEntry.note(self.ids.new(), recall.id, text, recall.opened_at, recall.opened_by)


def recalled(recall: Recall, lots: tuple[UUID, ...], at: datetime, by: str) -> LotsRecalled:
    """That these lots are part of the recall from now on."""
    return LotsRecalled(recall.id, recall.code, recall.hazard, recall.mock, lots, at, by)
