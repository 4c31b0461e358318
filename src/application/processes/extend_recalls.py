"""What is made of a recalled lot becomes part of the recall, as it is recorded."""

from attrs import frozen

from application.shared.events import EventSink
from application.shared.ids import Ids
from application.traceability.open_recall import recalled
from application.traceability.ports import Recalls, Touched
from domain.production.events import OperationRecorded
from domain.shared.events import Event
from domain.traceability.events import LotsRecalled
from domain.traceability.recall import LogEntry


@frozen
class ExtendRecalls(EventSink):
    """Lets lots join open recalls. What is reversed later stays in the recall: nobody unsays what it was."""

    recalls: Recalls
    ids: Ids

    def take(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """The lots that joined."""
        recorded = [event.operation for event in events if isinstance(event, OperationRecorded) and not event.reverses]
        if not recorded:
            return ()
        joined = (self._extend(touched) for touched in self.recalls.touched_by(recorded))
        return tuple(event for event in joined if event.lots)

    def _extend(self, touched: Touched) -> LotsRecalled:
        recall = touched.recall
        lots = self.recalls.grow(recall.id, touched.at)
        if lots:
            text = f"Lots that joined, because a recalled lot went into them: {len(lots)}."
            self.recalls.write_down(LogEntry.note(self.ids.new(), recall.id, text, touched.at, touched.by))
        return recalled(recall, lots, touched.at, touched.by)
