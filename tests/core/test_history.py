"""A chain of entries shows whatever was done to it."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from domain.history.chain import BEGINNING, Entry, Head, findings, hash_of
from domain.history.entry import Change, Subject, Whence, campaign_chain, document_of, not_before, told_in
from domain.history.times import Times
from domain.shared.canonical import moment
from domain.shared.signature import Signature

AT = datetime(2026, 3, 2, 12, 0, 0, 500, tzinfo=UTC)
CHAIN = campaign_chain("SPRING")


def chain(size: int = 6, text: str = "no.") -> tuple[Head, list[Entry]]:
    """A whole chain: each entry covers the hash of the one before."""
    head, entries = Head(CHAIN), []
    for number in range(1, size + 1):
        document = f"{text} {number}".encode()
        head = Head(CHAIN, number, hash_of(head.sha256, CHAIN, number, document))
        entries.append(Entry(number, document, head.sha256))
    return head, entries


def codes(head: Head, entries: list[Entry], published: dict[int, str] | None = None) -> list[tuple[int, str]]:
    return [(finding.number, finding.code) for finding in findings(head, entries, published)]


def rehashed(entries: list[Entry], index: int) -> Entry:
    """An entry with another document, and the hash that belongs to it there."""
    number = entries[index].number
    return Entry(number, b"other", hash_of(entries[index - 1].sha256, CHAIN, number, b"other"))


def test_an_entry_says_who_when_from_where_what_and_why() -> None:
    signature = Signature("ana", "I checked the cellar book.", AT)
    states = {"is": "pending"}, {"is": "released"}
    change = Change(CHAIN, Subject("lot", "7", "L-7"), "released", *states, "good", signature)
    there = AT.astimezone(timezone(timedelta(hours=2)))
    assert document_of(change, Whence("ana", "plant", "api", "r-1"), there).decode() == (
        '{"action":"released","actor":"ana","after":{"is":"released"},"at":"2026-03-02T12:00:00.000500Z",'
        '"before":{"is":"pending"},"channel":"api","on_behalf_of":"plant","reason":"good","request":"r-1",'
        '"signature":{"at":"2026-03-02T12:00:00.000500Z","meaning":"I checked the cellar book.","name":"ana"},'
        '"subject":{"code":"L-7","id":"7","kind":"lot"}}'
    )


def test_a_hash_is_that_of_three_lines_and_the_document() -> None:
    hashed = b"0" * 64 + b"\ncampaign/SPRING\n1\n{}"
    assert hash_of(BEGINNING, CHAIN, 1, b"{}") == hashlib.sha256(hashed).hexdigest()


def test_a_whole_chain_has_no_findings() -> None:
    assert codes(*chain()) == []
    assert codes(Head(CHAIN), []) == []


DAMAGE: dict[str, tuple[Callable[[list[Entry]], list[Entry]], list[tuple[int, str]]]] = {
    "altered": (lambda kept: [*kept[:2], evolve(kept[2], document=b"other"), *kept[3:]], [(3, "altered")]),
    "altered, with its hash": (lambda kept: [*kept[:2], rehashed(kept, 2), *kept[3:]], [(4, "altered")]),
    "misfiled": (lambda kept: [*kept[:2], evolve(kept[2], misfiled=True), *kept[3:]], [(3, "misfiled")]),
    "removed": (lambda kept: kept[:2] + kept[3:], [(3, "missing"), (4, "altered")]),
    "removed, and moved up": (
        lambda kept: [*kept[:2], *(evolve(one, number=one.number - 1) for one in kept[3:])],
        [(3, "altered"), (4, "altered"), (5, "altered"), (6, "cut_off")],
    ),
    "repeated": (lambda kept: [*kept[:3], *kept[2:]], [(3, "repeated"), (3, "altered")]),
    "swapped": (
        lambda kept: [*kept[:2], evolve(kept[3], number=3), evolve(kept[2], number=4), *kept[4:]],
        [(3, "altered"), (4, "altered"), (5, "altered")],
    ),
    "cut off": (lambda kept: kept[:4], [(5, "cut_off")]),
    "all gone": (lambda _kept: [], [(1, "cut_off")]),
    "the last one altered, with its hash": (lambda kept: [*kept[:5], rehashed(kept, 5)], [(6, "wrong_head")]),
    "one more": (lambda kept: [*kept, chain(7)[1][6]], [(7, "wrong_head")]),
}


@pytest.mark.parametrize(("damage", "found"), DAMAGE.values(), ids=DAMAGE.keys())
def test_what_was_done_to_a_chain_is_found(
    damage: Callable[[list[Entry]], list[Entry]], found: list[tuple[int, str]]
) -> None:
    head, entries = chain()
    assert codes(head, damage(entries)) == found


def test_only_what_was_published_shows_that_all_was_written_anew() -> None:
    head, entries = chain()
    published = {4: entries[3].sha256}
    others, shorter = chain(6, "other"), chain(3)
    assert codes(*others) == codes(*shorter) == []
    assert codes(*others, published) == [(4, "rewritten")]
    assert codes(*shorter, published) == [(4, "cut_off")]
    assert codes(head, entries, published) == []


@given(st.permutations(range(6)), st.sets(st.integers(0, 5)))
def test_no_other_order_and_no_part_is_whole(order: list[int], left_out: set[int]) -> None:
    head, entries = chain()
    placed = [evolve(entries[index], number=place) for place, index in enumerate(order, 1) if index not in left_out]
    assert (codes(head, placed) == []) == (placed == entries)


# Times


def test_an_entry_is_never_before_the_one_before_it() -> None:
    change = Change(CHAIN, Subject("recall", "7"), "logged", None, {"at": "2026-01-01"})
    document = document_of(change, Whence("ana"), AT)
    assert not_before(moment(AT), document) == document
    assert not_before(moment(AT - timedelta(hours=1)), document) == document
    later = AT + timedelta(hours=1)
    said = json.loads(not_before(moment(later), document))
    assert (said.pop("at"), said.pop("clock")) == ("2026-03-02T13:00:00.000500Z", "2026-03-02T12:00:00.000500Z")
    assert said == {name: value for name, value in json.loads(document).items() if name != "at"}
    told = told_in(CHAIN, not_before(moment(later), document))
    assert (told.at, told.clock, told.change) == (later, AT, change)


def noted(*seconds: float | None) -> list[tuple[int, str]]:
    """What is noted of entries whose clocks said these seconds, in this order; None says nothing."""
    times = Times(CHAIN)
    entries = [
        Entry(number, b"", "", clock=None if second is None else AT + timedelta(seconds=second))
        for number, second in enumerate(seconds, 1)
    ]
    assert list(times.along(iter(entries))) == entries
    return [(note.number, note.detail.partition(": ")[0]) for note in times.notes()]


def test_it_is_noted_where_the_clock_ran_back() -> None:
    assert noted() == noted(0, 0, 1, 5) == []
    assert noted(10, None, 7, 11) == [(3, "This entry says a time up to 0:00:03 before that of an entry ahead")]


def test_entries_in_a_row_are_one_note_until_the_clock_has_caught_up() -> None:
    assert noted(3600, 5, 7, 9, 3600, 3601, 1) == [
        (2, "Entries up to no. 4 say a time up to 0:59:55 before that of an entry ahead"),
        (7, "This entry says a time up to 1:00:00 before that of an entry ahead"),
    ]


def test_requests_side_by_side_are_not_noted() -> None:
    assert noted(1, 0.5, 2, 1.25, 9, 8, 10, 9.5) == [
        (6, "This entry says a time up to 0:00:01 before that of an entry ahead")
    ]


def test_moments_sort_as_text() -> None:
    assert moment(datetime(2026, 3, 2, 12, tzinfo=UTC)) == "2026-03-02T12:00:00.000000Z"
    assert moment(AT) < moment(AT + timedelta(microseconds=1))
