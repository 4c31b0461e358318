"""Recalled lots are put on hold, so that nothing more of them leaves."""

from attrs import frozen

from application.quality.ports import Holds
from application.shared.events import EventSink
from application.shared.ids import Ids
from domain.quality.events import LotsHeld
from domain.quality.holds import Hold
from domain.shared.events import Event
from domain.traceability.events import LotsRecalled


@frozen
class HoldRecalledLots(EventSink):
    """Places a hold on lots as they become part of a recall; a mock recall leaves them free."""

    holds: Holds
    ids: Ids

    def take(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """The holds that were placed."""
        return tuple(self._hold(event) for event in events if isinstance(event, LotsRecalled) and not event.mock)

    def _hold(self, event: LotsRecalled) -> LotsHeld:
        hold = Hold(
            id=self.ids.new(),
            reason=f"Recall {event.code}: {event.hazard}",
            scope=f"{len(event.lots)} lots of recall {event.code}",
            placed_at=event.at,
            placed_by=event.by,
            recall=event.recall,
        )
        return LotsHeld(hold.id, self.holds.place(hold, event.lots), hold.reason)
