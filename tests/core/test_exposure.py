"""What part of a lot can come from a suspect: by hand, against plain fractions, and against every way to part."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.production.entry import Direction
from domain.traceability.exposure import Exposure, Flow, Mixing, mixings_of
from domain.traceability.genealogy import Direction as Towards
from domain.traceability.genealogy import Moment, Step, closure, steps_of
from domain.traceability.mixture import BITS, Gap, clean, suspect
from tests.core.cases import for_each
from tests.core.mixing import (
    MADE,
    SOURCES,
    Exposures,
    compositions,
    exposures,
    histories,
    lot,
    mixing,
    reachable,
    share,
)
from tests.core.plant import (
    Plant,
    arrived,
    by_product,
    destroyed,
    found,
    lost,
    made,
    missing,
    received,
    returned,
    sampled,
    sent,
    shipped,
    used,
)


class Exposed:
    """What is suspect in a plant, by what people call its lots."""

    def __init__(self, plant: Plant, *suspects: str) -> None:
        names = {
            f"{key.product} {key.code}"
            + (f"/{key.sub_lot}" if key.sub_lot else "")
            + (f" {key.site}" * (key.site != "A")): kept.id
            for key, kept in plant.lots.items()
        }
        starts = [names[name] for name in suspects]
        operations = list(plant.operations.values())
        wholes = {part.id: plant.lots[key.whole].id for key, part in plant.lots.items() if key.sub_lot}
        affected = closure(steps_of(operations, wholes), starts, Towards.FORWARD).keys()
        self.found = exposures(affected, starts, mixings_of(operations, wholes))
        self.names = names
        self.shipped = [_written(line.exposure) for line in self.found.shipped]

    def __getitem__(self, name: str) -> tuple[str | None, ...]:
        return _written(self.found.on_hand[self.names[name]])


def _written(exposed: Exposure) -> tuple[str | None, ...]:
    """The share and its bounds."""
    return tuple(None if n is None else f"{n:f}" for n in (exposed.share, exposed.lower, exposed.upper))


ALL = ("1.000000", "1.000000", "1.000000")
NONE = ("0.000000", "0.000000", "0.000000")


def stocked() -> Plant:
    """100 kg of suspect apples and 300 kg of others."""
    plant = Plant()
    plant.record("receipt", received("APPLE", "BAD", "100"), received("APPLE", "GOOD", "300"))
    return plant


def tank() -> Plant:
    """105 kg of juice (100 l), of which 25 % is suspect: 25 of 100 kg went in, and 5 kg are a gain."""
    plant = stocked()
    plant.record("production", used("APPLE", "BAD", "25"), used("APPLE", "GOOD", "80"), made("JUICE", "T", "100"))
    return plant


def test_what_is_mixed_shares_by_mass() -> None:
    plant = stocked()
    plant.record("merge", used("APPLE", "BAD", "40"), used("APPLE", "GOOD", "120"), made("APPLE", "MIX", "160"))
    exposed = Exposed(plant, "APPLE BAD")
    assert exposed["APPLE MIX"] == ("0.250000", "0.250000", "0.250000")  # 40 of 160, however it is mixed
    assert exposed["APPLE BAD"] == ALL
    assert "APPLE GOOD" not in exposed.found.on_hand


def test_what_is_drawn_can_be_any_part_of_what_is_there() -> None:
    plant = stocked()
    plant.record("merge", used("APPLE", "BAD", "40"), used("APPLE", "GOOD", "120"), made("APPLE", "MIX", "160"))
    plant.record("shipment", shipped("APPLE", "MIX", "130"))
    exposed = Exposed(plant, "APPLE BAD")
    # 40 of 160 are suspect: 130 drawn hold 40 of them at most and, as only 120 are clean, 10 at least.
    assert exposed.shipped == [("0.250000", "0.076923", "0.307693")]  # 10/130 = 0.0769230..., 40/130 = 0.3076923...
    # The 30 that are left hold nothing of it, or nothing else.
    assert exposed["APPLE MIX"] == ("0.250000", "0.000000", "1.000000")


def test_a_heel_dilutes_what_it_held() -> None:
    plant = stocked()
    plant.record("merge", used("APPLE", "BAD", "30"), made("APPLE", "HEEL", "30"))
    for _ in range(3):
        plant.record("merge", used("APPLE", "GOOD", "60"), made("APPLE", "HEEL", "60"))
        plant.record("shipment", shipped("APPLE", "HEEL", "60"))
    exposed = Exposed(plant, "APPLE BAD")
    # Each time 90 kg are there and 60 go: the suspect part is 30 of 90, then 10 of 90, then 10/3 of 90.
    assert [line[0] for line in exposed.shipped] == ["0.333333", "0.111111", "0.037037"]
    assert exposed["APPLE HEEL"] == ("0.037037", "0.000000", "1.000000")
    # All of it can have left with any of the shipments, or stayed in the heel.
    assert {line[1:] for line in exposed.shipped} == {("0.000000", "0.500000")}


def test_rework_goes_round_in_circles() -> None:
    plant = stocked()
    plant.record("merge", used("APPLE", "BAD", "50"), used("APPLE", "GOOD", "50"), made("APPLE", "TANK", "100"))
    plant.record("split", used("APPLE", "TANK", "40"), made("APPLE", "BOX", "40"))
    plant.record("merge", used("APPLE", "GOOD", "60"), made("APPLE", "TANK", "60"))
    plant.record("rework", used("APPLE", "BOX", "40"), made("APPLE", "TANK", "40"))
    exposed = Exposed(plant, "APPLE BAD")
    # 50 of 100; 40 taken hold 20, 30 of 60 stay; with 60 clean 30 of 120; the 20 of 40 come back: 50 of 160.
    assert exposed["APPLE TANK"][0] == "0.312500"
    # The box can have held 0 to 40 and the tank 10 to 50 of it. That both add up to 50 isn't remembered.
    assert exposed["APPLE TANK"][1:] == ("0.062500", "0.562500")
    assert exposed["APPLE BOX"] == (None, None, None)


def test_a_lot_may_go_into_what_it_comes_out_of() -> None:
    plant = stocked()
    plant.record("merge", used("APPLE", "BAD", "50"), used("APPLE", "GOOD", "50"), made("APPLE", "TANK", "100"))
    plant.record("rework", used("APPLE", "TANK", "60"), used("APPLE", "GOOD", "60"), made("APPLE", "TANK", "120"))
    # 60 drawn hold 30, with 60 clean 30 of 120; put back to the 20 of 40: 50 of 160.
    assert Exposed(plant, "APPLE BAD")["APPLE TANK"][0] == "0.312500"


def test_what_comes_back_is_of_what_that_customer_holds() -> None:
    plant = stocked()
    plant.record("merge", used("APPLE", "BAD", "50"), used("APPLE", "GOOD", "50"), made("APPLE", "TANK", "100"))
    plant.record("shipment", shipped("APPLE", "TANK", "80"))
    plant.record("merge", used("APPLE", "GOOD", "60"), made("APPLE", "TANK", "60"))
    plant.record("shipment", shipped("APPLE", "TANK", "40"), partner="MARKET")
    plant.record("shipment", shipped("APPLE", "TANK", "20"))
    plant.record("return", returned("APPLE", "TANK", "50"))
    exposed = Exposed(plant, "APPLE BAD")
    # To the shop 40 of 80. In the tank 10 of 20, with 60 clean 10 of 80. 40 of them to the market hold 5, 20 to the
    # shop 2.5, and 2.5 of 20 stay. The shop holds 42.5 of 100 and sends half of it back: 21.25 + 2.5 of 70.
    assert [line[0] for line in exposed.shipped] == ["0.500000", "0.125000", "0.125000"]
    assert exposed["APPLE TANK"][0] == "0.339286"  # 23.75/70 = 0.33928571...


def test_what_comes_back_may_be_kept_apart() -> None:
    plant = stocked()
    plant.record("merge", used("APPLE", "BAD", "20"), used("APPLE", "GOOD", "80"), made("APPLE", "TANK", "100"))
    plant.record("shipment", shipped("APPLE", "TANK", "50"))
    plant.record("merge", used("APPLE", "BAD", "50"), made("APPLE", "TANK", "50"))
    plant.record("split", used("APPLE", "TANK", "50"), made("APPLE", "TANK", "50", sub_lot="APART"))
    plant.record("shipment", shipped("APPLE", "TANK", "50", sub_lot="APART"))
    plant.record("return", returned("APPLE", "TANK", "10", sub_lot="BACK"))
    exposed = Exposed(plant, "APPLE BAD")
    # 10 of 50 went to the shop, then 60 of 100 are suspect and 30 of 50 go: of the lot it holds 40 of 100.
    assert [line[0] for line in exposed.shipped] == ["0.200000", "0.600000"]
    assert exposed["APPLE TANK/BACK"] == ("0.400000", "0.000000", "1.000000")


def test_a_named_loss_takes_its_share_and_a_gain_is_more_of_the_same() -> None:
    plant = stocked()
    inputs = [used("APPLE", "BAD", "20"), used("APPLE", "GOOD", "80")]
    plant.record("production", *inputs, made("POMACE", "LESS", "50"), lost("POMACE", "30"))
    plant.record("production", *inputs, made("POMACE", "MORE", "125"))
    exposed = Exposed(plant, "APPLE BAD")
    # 50 of 100 kg, of which 20 are suspect: nothing to all 20 of it.
    assert exposed["POMACE LESS"] == ("0.200000", "0.000000", "0.400000")
    # 125 kg of 100: 20 are suspect for sure, and the 25 that came from nowhere may be.
    assert exposed["POMACE MORE"] == ("0.200000", "0.160000", "0.360000")


def test_what_leaves_by_itself_takes_its_share() -> None:
    plant = stocked()
    plant.record("merge", used("APPLE", "BAD", "50"), used("APPLE", "GOOD", "50"), made("APPLE", "TANK", "100"))
    for kind, movement in (("loss", destroyed), ("sample", sampled), ("count", missing)):
        plant.record(kind, movement("APPLE", "TANK", "10"))
    exposed = Exposed(plant, "APPLE BAD")
    assert exposed["APPLE TANK"] == ("0.500000", "0.285714", "0.714286")  # 20 to 50 of 70
    assert exposed.shipped == []


def test_what_is_counted_up_is_more_of_what_is_there_or_was_there_last() -> None:
    plant = stocked()
    plant.record("merge", used("APPLE", "BAD", "50"), used("APPLE", "GOOD", "50"), made("APPLE", "TANK", "100"))
    plant.record("count", found("APPLE", "TANK", "100"))
    exposed = Exposed(plant, "APPLE BAD")
    assert exposed["APPLE TANK"] == ("0.500000", "0.250000", "0.750000")  # 50 of 200, and 100 from nowhere
    plant.record("shipment", shipped("APPLE", "TANK", "200"))
    plant.record("count", found("APPLE", "TANK", "10"))
    assert Exposed(plant, "APPLE BAD")["APPLE TANK"] == ("0.500000", "0.000000", "1.000000")


def test_what_is_found_in_an_emptied_lot_is_not_surely_suspect() -> None:
    plant = stocked()
    plant.record("split", used("APPLE", "BAD", "50"), made("APPLE", "BOX", "50"))
    plant.record("shipment", shipped("APPLE", "BOX", "50"))
    plant.record("count", found("APPLE", "BOX", "10"))
    assert Exposed(plant, "APPLE BAD")["APPLE BOX"] == ("1.000000", "0.000000", "1.000000")


def test_what_was_made_from_nothing_is_clean_or_a_source_of_its_own() -> None:
    plant = Plant()
    plant.record("production", made("JUICE", "T", "100"))
    plant.record("count", found("JUICE", "U", "100"))
    plant.record("merge", used("JUICE", "T", "50"), used("JUICE", "U", "100"), made("JUICE", "V", "150"))
    assert Exposed(plant, "JUICE T")["JUICE V"][0] == "0.333333"
    assert Exposed(plant, "JUICE U")["JUICE V"][0] == "0.666667"
    assert Exposed(plant, "JUICE T", "JUICE U")["JUICE V"] == ALL


def test_a_suspect_lot_is_suspect_in_all_that_it_ever_holds() -> None:
    plant = stocked()
    plant.record("merge", used("APPLE", "BAD", "25"), used("APPLE", "GOOD", "75"), made("APPLE", "TANK", "100"))
    plant.record("merge", used("APPLE", "TANK", "50"), used("APPLE", "GOOD", "50"), made("APPLE", "BOX", "100"))
    assert Exposed(plant, "APPLE BAD")["APPLE BOX"][0] == "0.125000"
    both = Exposed(plant, "APPLE BAD", "APPLE TANK")
    assert both["APPLE TANK"] == ALL
    assert both["APPLE BOX"] == ("0.500000", "0.500000", "0.500000")
    plant.record("merge", used("APPLE", "GOOD", "50"), made("APPLE", "TANK", "50"))
    assert Exposed(plant, "APPLE TANK")["APPLE TANK"] == ALL


def test_a_transfer_mixes_each_product_by_itself() -> None:
    plant = tank()
    plant.record("receipt", received("SUGAR", "S", "50"))
    rows = [("APPLE", "BAD", "60"), ("APPLE", "GOOD", "40"), ("JUICE", "T", "10"), ("SUGAR", "S", "50")]
    plant.record(
        "transfer",
        *(sent(*row) for row in rows),
        arrived("APPLE", "X", "100"),
        arrived("JUICE", "T", "10"),
        arrived("SUGAR", "S", "50"),
    )
    exposed = Exposed(plant, "APPLE BAD")
    assert exposed["APPLE X B"] == ("0.600000", "0.600000", "0.600000")
    assert exposed["SUGAR S B"] == NONE  # the trace links all that arrives with all that leaves
    assert exposed["JUICE T B"][0] == exposed["JUICE T"][0] == "0.238095"  # 25 of 105


def test_all_that_a_press_gives_is_of_one_mixture() -> None:
    plant = stocked()
    plant.record(
        "production",
        used("APPLE", "BAD", "50"),
        used("APPLE", "GOOD", "150"),
        made("CIDER", "C", "100"),
        by_product("POMACE", "P", "70"),
    )
    exposed = Exposed(plant, "APPLE BAD")
    assert exposed["CIDER C"] == ("0.250000", "0.000000", "0.384616")  # 50 of 130 kg at most
    assert exposed["POMACE P"] == ("0.250000", "0.000000", "0.714286")  # 50 of 70


def test_a_correction_stands_where_what_it_corrects_stood() -> None:
    plant = stocked()
    first = plant.record("merge", used("APPLE", "GOOD", "50"), made("APPLE", "TANK", "50"))
    plant.record("shipment", shipped("APPLE", "TANK", "20"))
    second = plant.correct(first, used("APPLE", "GOOD", "10"), used("APPLE", "BAD", "20"), made("APPLE", "TANK", "30"))
    third = plant.correct(second, used("APPLE", "GOOD", "20"), used("APPLE", "BAD", "20"), made("APPLE", "TANK", "40"))
    exposed = Exposed(plant, "APPLE BAD")
    assert exposed.shipped == [("0.500000", "0.000000", "1.000000")]
    assert [step.operation for step in mixings_of(plant.operations.values(), {})][1] == third.id


def test_what_was_drawn_before_it_was_put_in_is_not_known() -> None:
    plant = stocked()
    wrong = plant.record("merge", used("APPLE", "GOOD", "50"), made("APPLE", "TANK", "50"))
    plant.record("receipt", received("APPLE", "TANK", "30"))
    plant.record("shipment", shipped("APPLE", "TANK", "40"))
    plant.record("receipt", received("APPLE", "TANK", "10"))
    plant.reverse(wrong)
    plant.record("merge", used("APPLE", "BAD", "20"), made("APPLE", "TANK", "20"))
    exposed = Exposed(plant, "APPLE BAD")
    (line,) = exposed.found.shipped
    # 30 were there and are clean; of the 10 that weren't nothing is known. The receipt made up for them.
    assert (_written(line.exposure), line.exposure.gap) == ((None, "0.000000", "0.250000"), Gap.TAKEN_BEFORE)
    assert exposed["APPLE TANK"] == ALL


def test_what_was_counted_up_while_something_was_owed_is_not_known_either() -> None:
    mixings = [mixing("shipment", {4: 10}, {}), mixing("count", {}, {4: 15}), mixing("merge", {1: 5}, {4: 5})]
    found = exposures([lot(1), lot(4)], [lot(1)], mixings).on_hand[lot(4)]
    assert _written(found) == (None, "0.500000", "1.000000")  # 5 of 10 for sure


def labelled(plant: Plant, *inputs: Any) -> Plant:
    """Bottle cider with a label of which nobody knows the mass."""
    plant.record("receipt", received("MYSTERY", "LABEL", "1000"))
    plant.record("production", *inputs, used("MYSTERY", "LABEL", "100"), made("CIDER", "C", "100"))
    return plant


def test_what_has_no_mass_leaves_open_what_it_is_mixed_with() -> None:
    plant = labelled(stocked(), used("APPLE", "BAD", "26"), used("APPLE", "GOOD", "104"))
    exposed = Exposed(plant, "APPLE BAD")
    assert exposed["CIDER C"] == (None, "0.000000", "0.200000")  # 26 of 130 at most
    assert exposed.found.on_hand[exposed.names["CIDER C"]].gap is Gap.NO_MASS
    labels = Exposed(plant, "MYSTERY LABEL")
    assert labels["CIDER C"] == (None, "0.000000", "1.000000")
    assert labels["MYSTERY LABEL"] == ALL
    assert labels.found.on_hand[labels.names["MYSTERY LABEL"]].kilograms is None


def test_what_has_no_mass_is_no_matter_where_all_is_suspect_or_nothing() -> None:
    plant = labelled(stocked(), used("APPLE", "BAD", "100"))
    assert Exposed(plant, "APPLE BAD", "MYSTERY LABEL")["CIDER C"] == ALL
    early = labelled(tank(), used("APPLE", "GOOD", "100"))
    early.record("shipment", shipped("CIDER", "C", "10"))
    early.record("rework", used("JUICE", "T", "1"), made("CIDER", "C", "1"))
    (line,) = Exposed(early, "APPLE BAD").found.shipped
    assert (_written(line.exposure), line.exposure.gap) == (NONE, None)


def test_one_product_is_reckoned_in_its_own_unit() -> None:
    plant = Plant()
    plant.record("receipt", received("MYSTERY", "BAD", "30"), received("MYSTERY", "GOOD", "90"))
    plant.record("merge", used("MYSTERY", "BAD", "30"), used("MYSTERY", "GOOD", "90"), made("MYSTERY", "MIX", "120"))
    plant.record("transfer", sent("MYSTERY", "MIX", "60"), arrived("MYSTERY", "MIX", "60"))
    exposed = Exposed(plant, "MYSTERY BAD")
    assert exposed["MYSTERY MIX"] == ("0.250000", "0.000000", "0.500000")
    assert exposed["MYSTERY MIX B"] == ("0.250000", "0.000000", "0.500000")


def test_what_is_made_without_a_mass_has_the_share_of_its_mixture() -> None:
    plant = stocked()
    plant.record("production", used("APPLE", "BAD", "50"), used("APPLE", "GOOD", "150"), made("MYSTERY", "M", "7"))
    assert Exposed(plant, "APPLE BAD")["MYSTERY M"] == ("0.250000", "0.000000", "1.000000")
    plant.record("production", used("APPLE", "BAD", "50"), made("MYSTERY", "N", "7"))
    assert Exposed(plant, "APPLE BAD")["MYSTERY N"] == ALL


def test_nothing_in_an_operation_needs_a_mass() -> None:
    taken = (
        Flow(Direction.IN, lot(1), lot(1), "BOX", Decimal(5), None),
        Flow(Direction.IN, lot(2), lot(2), "LID", Decimal(5), None),
    )
    put = Flow(Direction.OUT, lot(3), lot(3), "PACK", Decimal(5), None)
    step = evolve(mixing("production", {}, {}), flows=(*taken, put))
    for suspects, expected in (([lot(1), lot(2)], ALL), ([lot(1)], (None, "0.000000", "1.000000"))):
        found = exposures([lot(1), lot(2), lot(3)], suspects, [step]).on_hand[lot(3)]
        assert _written(found) == expected


def test_a_half_goes_to_the_even_neighbour() -> None:
    found = {}
    for number, bad in ((3, 1), (4, 3)):  # 1/3200 = 0.0003125, 3/3200 = 0.0009375
        mixings = [mixing("merge", {1: bad, 2: 3200 - bad}, {number: 3200})]
        found[bad] = exposures([lot(1), lot(number)], [lot(1)], mixings).on_hand[lot(number)].share
    assert found == {1: Decimal("0.000312"), 3: Decimal("0.000938")}


def test_the_last_places_are_rounded_once() -> None:
    plant = Plant()
    plant.record("receipt", received("APPLE", "BAD", "1"), received("APPLE", "GOOD", "3199"))
    plant.record("merge", used("APPLE", "BAD", "1"), used("APPLE", "GOOD", "2"), made("APPLE", "X", "3"))
    plant.record("split", used("APPLE", "X", "1"), made("APPLE", "Y", "1"))  # a third of a kilogram is suspect
    parts = used("APPLE", "X", "2"), used("APPLE", "Y", "1")
    plant.record("merge", *parts, used("APPLE", "GOOD", "3197"), made("APPLE", "MIX", "3200"))
    # 1/3200 = 0.0003125 lies half way, and goes to the even neighbour, although a third has no end.
    assert Exposed(plant, "APPLE BAD")["APPLE MIX"][0] == "0.000312"


def test_gains_upon_gains_add_no_doubt() -> None:
    speck = "0.000000000000001"  # a picogram
    mixings = [mixing("receipt", {}, {1: 1, 2: 2}), mixing("merge", {1: 1, 2: 2}, {3: 3}), mixing("loss", {3: 3}, {})]
    for _ in range(30):
        mixings += [mixing("count", {}, {3: speck}), mixing("count", {}, {3: 7}), mixing("loss", {3: 7}, {})]
        mixings += [mixing("loss", {3: speck}, {})]
    mixings += [mixing("count", {}, {3: 1})]
    lots = [lot(1), lot(2), lot(3)]
    assert exposures(lots, lots[:1], mixings).on_hand[lot(3)].share == Decimal("0.333333")


numbers = st.lists(st.integers(0, 2**17 - 1), max_size=9)
some = settings(max_examples=settings().max_examples // 2)


def reckoned(mixings: list[Mixing], *suspects: int) -> Exposures:
    return exposures([lot(number) for number in (*SOURCES, *MADE)], [lot(number) for number in suspects], mixings)


@given(drawn=numbers, chosen=st.integers(1, 7))
@some
def test_shares_are_the_fractions_of_the_sources_and_within_their_bounds(drawn: list[int], chosen: int) -> None:
    mixings = list(histories(drawn))
    suspects = [number for number in SOURCES if chosen >> (number - 1) & 1]
    parts, lines = compositions(mixings)
    found = reckoned(mixings, *suspects)
    expected = [(parts[key.int], exposed) for key, exposed in found.on_hand.items()]
    expected += [(part, line.exposure) for (_, part), line in zip(lines, found.shipped, strict=True)]
    for part, exposed in expected:
        if not sum(part.values()):
            assert exposed == Exposure(Decimal(0), None, None, None, Gap.EMPTY)
            continue
        exact = share(part, suspects)
        assert sum(share(part, [source]) for source in SOURCES) == 1
        assert Fraction(exposed.share) == round(exact, 6)
        assert 0 <= exposed.lower <= exact <= exposed.upper <= 1


@given(masses=st.lists(st.integers(1, 10**18), min_size=3, max_size=3))
@some
def test_what_is_drawn_and_what_is_left_are_all_there_was(masses: list[int]) -> None:
    bad, good, wanted = masses
    drawn = 1 + wanted % (bad + good)
    whole = suspect(bad).with_(clean(good))
    part, rest = whole.part(drawn), whole.without(drawn)
    again = part.with_(rest)
    assert again.mass == whole.mass == bad + good
    assert whole.least - 1 <= again.least <= whole.least == whole.most <= again.most <= whole.most + 1
    assert again.lower <= whole.lower == bad == whole.upper <= again.upper
    assert part.lower << BITS <= part.most
    assert part.least <= part.upper << BITS


@given(drawn=numbers)
@some
def test_what_was_put_in_is_on_hand_or_was_shipped(drawn: list[int]) -> None:
    found = reckoned(list(histories(drawn, parting=True)), 1)
    there = [*found.on_hand.values(), *(line.exposure for line in found.shipped)]
    suspect = sum(Fraction(e.share) * Fraction(e.kilograms) for e in there if e.share is not None)
    masses = sum(Fraction(exposed.kilograms) for exposed in there)
    assert masses == 180
    assert abs(suspect - 60) <= masses * Fraction(1, 2_000_000)


@given(drawn=numbers, chosen=st.integers(1, 127))
@some
def test_more_suspects_never_make_anything_less_suspect(drawn: list[int], chosen: int) -> None:
    mixings = list(histories(drawn))
    fewer = [number for number in range(1, 8) if chosen >> (number - 1) & 1]
    less, more = reckoned(mixings, *fewer), reckoned(mixings, *fewer, 2, 5)
    for few, many in zip(everything(less), everything(more), strict=True):
        if few.lower is not None:
            assert (few.lower <= many.lower, few.share <= many.share, few.upper <= many.upper) == (True, True, True)


def everything(found: Exposures) -> list[Exposure]:
    return [*(found.on_hand[lot(number)] for number in (*SOURCES, *MADE)), *(line.exposure for line in found.shipped)]


@given(drawn=numbers, order=st.permutations(range(1, 8)))
@some
def test_names_and_lines_have_no_order(drawn: list[int], order: list[int]) -> None:
    mixings = list(histories(drawn))
    renamed = [evolve(step, flows=tuple(_renamed(reversed(step.flows), order))) for step in mixings]
    plain, other = reckoned(mixings, 1), reckoned(renamed, order[0])
    assert [plain.on_hand[lot(number)] for number in range(1, 8)] == [other.on_hand[lot(number)] for number in order]


def _renamed(flows: Iterable[Any], order: list[int]) -> Iterable[Any]:
    for flow in flows:
        name = flow.lot and lot(order[flow.lot.int - 1])
        yield flow._replace(lot=name, whole=name)


@given(drawn=numbers)
@some
def test_what_does_not_touch_the_closure_changes_nothing(drawn: list[int]) -> None:
    mixings = list(histories(drawn))
    steps = [
        Step(step.operation, step.kind, Moment(step.at, 0), _lots(step, "in"), _lots(step, "out")) for step in mixings
    ]
    affected = closure(steps, [lot(1)], Towards.FORWARD).keys()
    fewer = [step for step in mixings if affected & {flow.lot for flow in step.flows}]
    found, whole = exposures(affected, [lot(1)], fewer), reckoned(mixings, 1)
    assert found.on_hand == {key: whole.on_hand[key] for key in affected}
    nothing = [whole.on_hand[key] for key in whole.on_hand.keys() - affected]
    assert all(exposed.upper in (None, 0) for exposed in nothing)


def _lots(step: Mixing, direction: str) -> frozenset[UUID]:
    return frozenset(flow.lot for flow in step.flows if flow.lot and flow.direction == direction)


tiny = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4), st.integers(1, 4), st.integers(3, 4)), max_size=4)


def tinily(drawn: Collection[tuple[int, int, int, int]]) -> list[Mixing]:
    """A few kilograms in four lots, merged and parted."""
    on_hand = {1: 3, 2: 3, 3: 0, 4: 0}
    steps = [mixing("receipt", {}, {1: 3, 2: 3})]
    for amount, one, two, target in drawn:
        taken = {number: min(1 + amount, on_hand[number]) for number in {one, two} if on_hand[number]}
        if taken:
            total = sum(taken.values())
            put = {target: total - total // 3, 7 - target: total // 3} if amount % 2 else {target: total}
            put = {number: kg for number, kg in put.items() if kg}
            steps.append(mixing("production", taken, put))
            for number, kg in taken.items():
                on_hand[number] -= kg
            for number, kg in put.items():
                on_hand[number] += kg
    return steps


@given(drawn=tiny)
@some
def test_no_way_to_part_leads_beyond_the_bounds(drawn: list[tuple[int, int, int, int]]) -> None:
    mixings = tinily(drawn)
    found = exposures([lot(number) for number in range(1, 5)], [lot(1)], mixings).on_hand
    for number, possible in reachable(mixings, [1]).items():
        exposed = found[lot(number)]
        if exposed.kilograms:
            shares = [Fraction(kg) / Fraction(exposed.kilograms) for kg in possible]
            assert exposed.lower <= min(shares) <= max(shares) <= exposed.upper


@for_each("draws", [[2, 5], [4, 1, 3], [1, 1, 1, 1], [7, 2], [6, 3, 1]])
def test_along_one_chain_the_bounds_are_reached(draws: list[int]) -> None:
    mixings = [mixing("receipt", {}, {1: 4, 2: 6}), mixing("merge", {1: 4, 2: 6}, {3: 10})]
    mixings += [mixing("split", {3: kg}, {10 + index: kg}) for index, kg in enumerate(draws)]
    ends = [3, *(10 + index for index in range(len(draws)))]
    found = exposures([lot(number) for number in (1, *ends)], [lot(1)], mixings).on_hand
    possible = reachable(mixings, [1])
    for number in ends:
        exposed = found[lot(number)]
        if exposed.kilograms:  # the last decimal of a bound is worth less than a half kilogram here
            bounds = [round(Fraction(bound) * Fraction(exposed.kilograms)) for bound in (exposed.lower, exposed.upper)]
            assert bounds == [min(possible[number]), max(possible[number])]
