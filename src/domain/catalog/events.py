"""What happens in the catalog."""

from attrs import frozen

from domain.catalog.record import Record
from domain.shared.events import Event


@frozen
class RecordAdded(Event):
    """A record was added to the catalog."""

    record: Record


@frozen
class RecordChanged(Event):
    """A record of the catalog was changed."""

    before: Record
    after: Record


@frozen
class RecordRemoved(Event):
    """A record was removed from the catalog."""

    record: Record
