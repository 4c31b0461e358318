"""Entries chained by their hashes, and what a look along a chain finds.

The hash of an entry covers the hash of the one before it: who alters, removes, adds or moves one has to write every
later one anew. What a chain alone can't show is that its end was cut off, or that all of it was written anew: for that
its head, the last number and hash, is kept apart and published elsewhere.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from attrs import frozen

BEGINNING = "0" * 64
"""What stands for the hash of the entry before the first."""


@frozen
class Entry:
    """An entry as it is kept: its number in its chain, from 1 without gaps, its document, and its hash.

    It is `misfiled` where it is looked up by something else than its document says. `clock` is the time that the
    server's clock told as it was made, by its document; None where that doesn't say.
    """

    number: int
    document: bytes
    sha256: str
    misfiled: bool = False
    clock: datetime | None = None


@frozen
class Head:
    """Where a chain ends: the number of its last entry and the hash of it; 0 and `BEGINNING` before any."""

    chain: str
    number: int = 0
    sha256: str = BEGINNING


@frozen
class Finding:
    """Something that is wrong, in words: with which chain, or with what belongs there, and the number of the entry.

    The number is 0 where no entry tells of it.
    """

    chain: str
    number: int
    code: str
    detail: str


def hash_of(previous: str, chain: str, number: int, document: bytes) -> str:
    """The SHA-256, in lower-case hexadecimal, of three lines and the document.

    The lines, each with a line feed after it, are the hash of the entry before in the same form, the name of the chain,
    and the number in digits.
    """
    return hashlib.sha256(f"{previous}\n{chain}\n{number}\n".encode() + document).hexdigest()


def findings(head: Head, entries: Iterable[Entry], published: Mapping[int, str] | None = None) -> Iterator[Finding]:
    """What is wrong with a chain, given its entries in the order of their numbers; nothing if it is whole.

    `published` has hashes of entries by their numbers, as they were made known before: with these a chain that was
    written anew, or cut off together with its head, is found too. Reads each entry once and keeps none.
    """
    number, sha256 = 0, BEGINNING
    known = dict(published or {})
    for entry in entries:
        if entry.number != number + 1:
            yield _misplaced(Head(head.chain, number), entry)
        if hash_of(sha256, head.chain, entry.number, entry.document) != entry.sha256:
            detail = "It, or the hash of the entry before it, isn't what was hashed."
            yield Finding(head.chain, entry.number, "altered", detail)
        if entry.misfiled:
            detail = "Its time, actor, subject or action to look it up by isn't what it says."
            yield Finding(head.chain, entry.number, "misfiled", detail)
        number, sha256 = entry.number, entry.sha256
        if known and known.pop(number, sha256) != sha256:
            yield Finding(head.chain, number, "rewritten", "It isn't the entry whose hash was published.")
    for cut in sorted(known):
        yield Finding(head.chain, cut, "cut_off", "Its hash was published, and it is gone.")
    yield from _ended(head, Head(head.chain, number, sha256))


def _misplaced(last: Head, entry: Entry) -> Finding:
    if entry.number <= last.number:
        return Finding(last.chain, entry.number, "repeated", "There is another entry of this number.")
    missing = f"{last.number + 1} to {entry.number - 1}"
    return Finding(last.chain, last.number + 1, "missing", f"Entries {missing} are gone.")


def _ended(head: Head, last: Head) -> Iterator[Finding]:
    if last.number < head.number:
        missing = f"{last.number + 1} to {head.number}"
        yield Finding(head.chain, last.number + 1, "cut_off", f"Entries {missing} are gone from the end.")
    elif last != head:
        yield Finding(head.chain, last.number, "wrong_head", "The chain doesn't end where its head says.")
