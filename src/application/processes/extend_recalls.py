"""What is made of a recalled lot becomes part of the recall, as it is recorded."""

from collections.abc import Iterator
from uuid import UUID

from attrs import evolve, frozen

from application.shared.events import EventSink
from application.shared.ids import Ids
from application.traceability.open_recall import recalled
from application.traceability.ports import Recalls, Touched
from domain.production.events import OperationRecorded
from domain.production.lot import LotKey
from domain.shared.errors import Fault, raise_any
from domain.shared.events import Event
from domain.traceability.events import RecallLogged
from domain.traceability.recall import LogEntry, Recall


@frozen
class ExtendRecalls(EventSink):
    """Lets lots join open recalls. What is reversed later stays in the recall: nobody unsays what it was."""

    recalls: Recalls
    ids: Ids

    def take(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """The lots that joined, with the notes of it, and those of the recall that got more of it.

        `Refused` where the same transaction has shipped or used what joins: it was made of a recalled lot, and the
        ledger couldn't know yet.
        """
        recorded = [event.operation for event in events if isinstance(event, OperationRecorded) and not event.reverses]
        if not recorded:
            return ()
        touched = self.recalls.touched_by(recorded)
        return tuple(event for each in touched for event in self._extend(each, recorded))

    def _extend(self, touched: Touched, recorded: list[UUID]) -> Iterator[Event]:
        recall = touched.recall
        joined = self.recalls.grow(recall.id, touched.at, recorded)
        if joined:
            if not recall.mock:
                raise_any(_taken(lot, recall) for lot in self.recalls.taken(recorded, joined))
            text = f"Lots that joined, because a recalled lot went into them: {len(joined)}."
            note = LogEntry.note(self.ids.new(), recall.id, text, touched.at, touched.by)
            self.recalls.write_down(note)
            yield RecallLogged(recall.code, note)
        again = tuple(sorted(touched.into - set(joined)))
        yield evolve(recalled(recall, joined, touched.at, touched.by), again=again)


def _taken(lot: LotKey, recall: Recall) -> Fault:
    detail = (
        f"Lot {lot} is made of a recalled lot (recall {recall.code}), so it is on hold and can't be used or shipped."
    )
    return Fault("not_usable", detail, facts={**lot.facts, "recall": recall.code}, refusal=True)
