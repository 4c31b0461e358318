"""The walks that a trace is specified by, against the plainest ways to say the same."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.production.entry import Direction as Movement
from domain.production.entry import Kind, Role
from domain.production.operation import Operation
from domain.shared.exact import EXACT, ZERO, canonical
from domain.traceability.genealogy import Direction, Moment, Step, closure, closure_in_time, steps_of
from tests.core import sample_log
from tests.core.cases import for_each
from tests.core.plant import Plant, arrived, by_product, co_product, made, received, sent, shipped, used

DAY = datetime(2026, 3, 2, tzinfo=UTC)
FORWARD, BACKWARD = Direction.FORWARD, Direction.BACKWARD


def lot(number: int) -> UUID:
    return UUID(int=number)


def step(sources: set[int], targets: set[int], hour: int = 0, sequence: int = 0) -> Step:
    moment = Moment(DAY + timedelta(hours=hour), sequence)
    return Step(
        UUID(int=1000 + sequence), Kind.MERGE, moment, frozenset(map(lot, sources)), frozenset(map(lot, targets))
    )


def chain(*links: tuple[set[int], set[int]]) -> list[Step]:
    """Steps an hour apart."""
    return [step(*link, hour=hour, sequence=hour) for hour, link in enumerate(links)]


def depths(steps: list[Step], start: int, direction: Direction = FORWARD) -> dict[int, int]:
    return {reached.int: depth for reached, depth in closure(steps, [lot(start)], direction).items()}


def test_a_walk_takes_every_branch_and_counts_the_fewest_operations() -> None:
    steps = chain(({1}, {2, 3}), ({2}, {4}), ({3, 9}, {5}), ({4, 5}, {6}), ({1}, {6}))
    assert depths(steps, 1) == {1: 0, 2: 1, 3: 1, 4: 2, 5: 2, 6: 1}
    assert depths(steps, 6, BACKWARD) == {6: 0, 1: 1, 4: 1, 5: 1, 2: 2, 3: 2, 9: 2}


def test_a_walk_ends_in_a_circle_and_comes_back_to_where_it_began() -> None:
    steps = chain(({1}, {2}), ({2}, {3}), ({3, 7}, {1}))
    assert depths(steps, 1) == depths(list(reversed(steps)), 1) == {1: 0, 2: 1, 3: 2}
    assert depths(steps, 7) == {7: 0, 1: 1, 2: 2, 3: 3}


def test_a_heel_is_followed_as_deep_as_it_goes() -> None:
    heel = chain(*(({number}, {number + 1}) for number in range(1000)))
    assert depths(heel, 0)[1000] == 1000
    assert depths(heel, 1000, BACKWARD)[0] == 1000


def test_time_plays_no_part_but_in_the_view_that_respects_it() -> None:
    later, earlier = step({1}, {2}, hour=9, sequence=1), step({2}, {3}, hour=8, sequence=2)
    steps = [later, earlier]
    assert depths(steps, 1) == {1: 0, 2: 1, 3: 2}
    in_time = closure_in_time(steps, [lot(1)], FORWARD)
    assert {reached.int for reached in in_time.arrivals} == {1, 2}
    assert in_time.includes(later.operation, lot(1), lot(2))
    assert not in_time.includes(earlier.operation, lot(2), lot(3))
    assert {reached.int for reached in closure_in_time(steps, [lot(3)], BACKWARD).arrivals} == {3, 2}


def test_what_left_a_lot_before_it_was_reached_is_no_concern() -> None:
    in_time = closure_in_time([step({1}, {2}, hour=5)], [lot(1)], FORWARD)
    assert in_time.concerns(lot(2), Moment(DAY + timedelta(hours=6), 0))
    assert not in_time.concerns(lot(2), Moment(DAY + timedelta(hours=4), 0))
    assert in_time.concerns(lot(1), Moment(DAY, 0))
    assert not in_time.concerns(lot(3), Moment(DAY, 0))


lots = st.integers(1, 7)
# One draw for a whole step: its lots are bits, because drawing sets is most of the time that such a test takes.
drawn_steps = st.integers(0, 2**17 - 1)
graphs = st.lists(drawn_steps, max_size=9).map(
    lambda drawn: [
        step(_bits(bits & 127), _bits(bits >> 7 & 127), hour=bits >> 14, sequence=sequence)
        for sequence, bits in enumerate(drawn)
    ]
)


def _bits(bits: int) -> set[int]:
    """The lots of these bits, the two lowest at most."""
    return set([number for number in range(1, 8) if bits >> (number - 1) & 1][:2])


few = settings(max_examples=max(15, settings().max_examples // 3))


def relaxed(steps: list[Step], start: int) -> dict[int, int]:
    """The fewest operations to each lot, by relaxing all pairs until nothing changes."""
    best = {start: 0}
    for _ in range(len(steps) + 1):
        for taken in steps:
            for source, target in product(taken.sources, taken.targets):
                if source.int in best:
                    best[target.int] = min(best.get(target.int, 99), best[source.int] + 1)
    return best


def paths_in_time(steps: list[Step], start: int, after: Moment | None = None) -> Iterator[tuple[int, int]]:
    """The end and the length of every path whose steps come one after the other."""
    yield start, 0
    for taken in steps:
        if lot(start) in taken.sources and (after is None or taken.moment > after):
            for target in taken.targets:
                yield from ((end, length + 1) for end, length in paths_in_time(steps, target.int, taken.moment))


@few
@given(steps=graphs, start=lots)
def test_a_walk_is_what_relaxing_finds(steps: list[Step], start: int) -> None:
    assert depths(steps, start) == relaxed(steps, start)


@few
@given(steps=graphs, start=lots, order=st.randoms(use_true_random=False))
def test_order_changes_nothing(steps: list[Step], start: int, order: object) -> None:
    shuffled = list(steps)
    order.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    for direction in Direction:
        assert depths(shuffled, start, direction) == depths(steps, start, direction)
        assert closure_in_time(shuffled, [lot(start)], direction) == closure_in_time(steps, [lot(start)], direction)


@few
@given(steps=graphs)
def test_backward_is_forward_the_other_way(steps: list[Step]) -> None:
    there = {(start, end, depth) for start in range(1, 8) for end, depth in depths(steps, start).items()}
    back = {(end, start, depth) for start in range(1, 8) for end, depth in depths(steps, start, BACKWARD).items()}
    assert there == back


@few
@given(steps=graphs, start=lots)
def test_in_time_are_the_paths_that_go_with_time(steps: list[Step], start: int) -> None:
    in_time = closure_in_time(steps, [lot(start)], FORWARD)
    shortest: dict[int, int] = {}
    for end, length in paths_in_time(steps, start):
        shortest[end] = min(shortest.get(end, 99), length)
    assert {reached.int: arrival.depth for reached, arrival in in_time.arrivals.items()} == shortest


@few
@given(steps=graphs, start=lots)
def test_what_respects_time_is_part_of_the_whole(steps: list[Step], start: int) -> None:
    for direction in Direction:
        in_time = closure_in_time(steps, [lot(start)], direction)
        whole = closure(steps, [lot(start)], direction)
        assert in_time.arrivals.keys() <= whole.keys()
        assert all(whole[reached] <= arrival.depth for reached, arrival in in_time.arrivals.items())


def test_operations_that_turn_lots_into_lots_link_all_that_goes_in_with_all_that_comes_out() -> None:
    plant = Plant()
    plant.record("receipt", received("APPLE", "1", "100"), received("SUGAR", "1", "10"))
    plant.record(
        "production",
        used("APPLE", "1", "50"),
        used("SUGAR", "1", "5"),
        made("JUICE", "T", "40"),
        co_product("JUICE", "U", "4"),
        by_product("POMACE", "1", "5"),
    )
    plant.record("transfer", sent("JUICE", "T", "10"), arrived("JUICE", "T", "10"))
    plant.record("shipment", shipped("JUICE", "T", "1"))
    undone = plant.record("split", used("JUICE", "T", "5"), made("CIDER", "1", "5"))
    plant.reverse(undone)
    steps = list(steps_of(plant.operations.values(), {}))
    assert [linking.kind for linking in steps] == [Kind.PRODUCTION, Kind.TRANSFER]
    keys = {kept.id: (kept.key.site, kept.key.product, kept.key.code) for kept in plant.lots.values()}
    reached = closure(steps, [plant.lot("SUGAR", "1").id], FORWARD)
    assert {keys[found]: depth for found, depth in reached.items()} == {
        ("A", "SUGAR", "1"): 0,
        ("A", "JUICE", "T"): 1,
        ("A", "JUICE", "U"): 1,
        ("A", "POMACE", "1"): 1,
        ("B", "JUICE", "T"): 2,
    }


def standing_in_the_sample_log() -> list[Operation]:
    operations = sample_log.taken().operations
    reversed_ids = {operation.reverses for operation in operations}
    return [o for o in operations if o.id not in reversed_ids and o.kind is not Kind.REVERSAL]


@for_each("direction", Direction)
def test_the_sample_log_is_traced_as_it_says(direction: Direction) -> None:
    keys = {kept.id: "|".join(kept.key[:3]) for kept in sample_log.taken().new_lots}
    steps = list(steps_of(standing_in_the_sample_log(), {}))
    for start, key in keys.items():
        found = {keys[reached] for reached in closure(steps, [start], direction)} - {key}
        assert sorted(found) == sorted(sample_log.expected()["trace"][key][direction])


def test_the_sample_log_goes_to_the_customers_that_it_says() -> None:
    keys = {kept.id: "|".join(kept.key[:3]) for kept in sample_log.taken().new_lots}
    standing = standing_in_the_sample_log()
    steps = list(steps_of(standing, {}))
    for start, key in keys.items():
        reached = closure(steps, [start], FORWARD)
        handed = {}
        for operation in standing:
            for row in operation.movements:
                if row.lot_id in reached and row.role in (Role.SHIPPED, Role.RETURNED):
                    sums = handed.setdefault(
                        f"{operation.partner}|{keys[row.lot_id]}", {"shipped": ZERO, "returned": ZERO}
                    )
                    name = "shipped" if row.direction is Movement.IN else "returned"
                    sums[name] = EXACT.add(sums[name], row.quantity)
        written = {who: {name: canonical(sum_) for name, sum_ in sums.items()} for who, sums in handed.items()}
        assert written == sample_log.expected()["trace"][key]["customers"]
