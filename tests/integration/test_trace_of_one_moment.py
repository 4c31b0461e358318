"""What a trace takes several reads for is all of one moment, whatever is recorded meanwhile."""

from collections.abc import Callable, Collection
from uuid import UUID

from typing_extensions import override

from application.traceability.queries import TracedLot
from application.traceability.trace_lots import TraceLots, TraceLotsHandler
from domain.access.rights import EVERYWHERE
from domain.shared.exact import canonical
from domain.traceability.genealogy import Direction, Step
from domain.traceability.origin import LotsOrigin
from infrastructure.persistence.traceability.genealogy_reader import DjangoGenealogyReader
from tests.core.plant import made, received, used
from tests.database import Database, in_threads
from tests.factories.plant import StoredPlant


class BusyPlant(DjangoGenealogyReader):
    """Lets somebody else record something between the steps and the rest of a trace."""

    def __init__(self, record: Callable[[int], object]) -> None:
        self.record = record

    @override
    def steps(self, lots: Collection[UUID], direction: Direction) -> Collection[Step]:
        steps = super().steps(lots, direction)
        in_threads(1, self.record)
        return steps


def test_what_respects_time_is_of_one_moment(committed_database: Database) -> None:
    plant = StoredPlant().furnish()
    plant.record("receipt", received("CIDER", "1", "10"))
    reader = BusyPlant(lambda _: plant.record("split", used("CIDER", "1", "4"), made("CIDER", "2", "4")))
    asked = TraceLots(
        LotsOrigin(frozenset({plant.lot("CIDER", "1").id})), (Direction.FORWARD,), respect_time=True, sight=EVERYWHERE
    )
    seen = [(row.code, canonical(row.on_hand)) for row in TraceLotsHandler(reader)(asked) if isinstance(row, TracedLot)]
    assert seen == [("1", "10")]
    assert plant.on_hand("CIDER", "1") == "6"
