"""Recalled lots are put on hold, so that nothing more of them leaves."""

from collections.abc import Iterator
from uuid import UUID

from attrs import frozen

from application.quality.ports import Holds
from application.shared.events import EventSink
from application.shared.ids import Ids
from application.traceability.ports import Recalls
from domain.quality.events import LotsHeld
from domain.quality.holds import Hold
from domain.shared.events import Event
from domain.traceability.events import LotsRecalled, RecallLogged
from domain.traceability.recall import LogEntry


@frozen
class HoldRecalledLots(EventSink):
    """Places a hold on lots as they become part of a recall; a mock recall leaves them free."""

    holds: Holds
    recalls: Recalls
    ids: Ids

    def take(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """The holds that were placed; parts of a held lot come with its hold, and may need no other."""
        recalled = [event for event in events if isinstance(event, LotsRecalled) and not event.mock]
        happened = [*map(self._hold, recalled), *map(self._hold_again, recalled)]
        return tuple(event for events in happened for event in events)

    def _hold(self, event: LotsRecalled) -> Iterator[Event]:
        yield from self._place(event, event.lots, f"Lots as they became part of recall {event.code}")

    def _hold_again(self, event: LotsRecalled) -> Iterator[Event]:
        """Whoever lifted the recall's hold from a lot didn't know what went into it later."""
        for held in self._place(event, event.again, f"Lots of recall {event.code} that more of it went into"):
            text = f"Lots on hold again, because a recalled lot went into them once more: {held.placed.lots}."
            note = LogEntry.note(self.ids.new(), event.recall, text, event.at, event.by)
            self.recalls.write_down(note)
            yield held
            yield RecallLogged(event.code, note)

    def _place(self, event: LotsRecalled, lots: tuple[UUID, ...], scope: str) -> Iterator[LotsHeld]:
        if not lots:
            return
        hold = Hold(
            id=self.ids.new(),
            reason=f"Recall {event.code}: {event.hazard}",
            scope=scope,
            placed_at=event.at,
            placed_by=event.by,
            recall=event.recall,
        )
        placed = self.holds.place(hold, lots)
        if placed.lots:
            yield LotsHeld(hold, placed)
