"""Goods that come back are put on hold until quality has looked at them."""

from attrs import frozen

from application.quality.ports import Holds
from application.shared.events import EventSink
from application.shared.ids import Ids
from domain.production.events import GoodsReturned
from domain.quality.events import LotsHeld
from domain.quality.holds import Hold
from domain.shared.events import Event


@frozen
class HoldReturnedGoods(EventSink):
    """Places a hold on what a partner returned, where the site asks for it."""

    holds: Holds
    ids: Ids

    def take(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """The holds that were placed."""
        return tuple(self._hold(event) for event in events if isinstance(event, GoodsReturned))

    def _hold(self, event: GoodsReturned) -> LotsHeld:
        who = ", ".join(filter(None, (event.partner, event.document)))
        hold = Hold(
            id=self.ids.new(),
            reason=f"returned by {who}",
            scope=f"What came back by operation {event.operation}",
            placed_at=event.at,
            placed_by=event.by,
        )
        return LotsHeld(hold, self.holds.place(hold, event.lots))
