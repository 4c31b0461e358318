"""That holds of a recall were lifted stands in the recall's log."""

from collections.abc import Iterator
from uuid import UUID

from attrs import frozen

from application.shared.events import EventSink
from application.shared.ids import Ids
from application.traceability.ports import Recalls
from domain.quality.events import HoldLifted, RecallHoldsLifted
from domain.quality.holds import Lifting
from domain.shared.events import Event
from domain.traceability.events import RecallLogged
from domain.traceability.recall import LogEntry, RecallState


@frozen
class NoteLiftedHolds(EventSink):
    """Writes into the log of an open recall that holds of it were lifted; the log of a closed one is closed, too."""

    recalls: Recalls
    ids: Ids

    def take(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """The notes."""
        return tuple(note for event in events for note in self._noted(event))

    def _noted(self, event: Event) -> Iterator[RecallLogged]:
        match event:
            case HoldLifted() if event.hold.recall:
                text = f"Hold lifted from lot {event.key}: {event.lifting.reason}"
                yield from self._note(event.hold.recall, event.lifting, text)
            case RecallHoldsLifted():
                lots = f"Lots whose hold was lifted: {event.lots}; of them still on hold: {event.still_held}"
                yield from self._note(event.recall, event.lifting, f"{lots}. {event.lifting.reason}")

    def _note(self, named: UUID, lifting: Lifting, text: str) -> Iterator[RecallLogged]:
        recall = self.recalls.for_update(named)
        if recall.state is RecallState.OPEN:
            note = LogEntry.note(self.ids.new(), named, text, lifting.lifted_at, lifting.lifted_by)
            self.recalls.write_down(note)
            yield RecallLogged(recall.code, note)
