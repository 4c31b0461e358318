"""Bounds of a JSON document, checked on its bytes before any value is made of them."""

import re
from collections.abc import Iterator
from itertools import accumulate

MOST_VALUES = 300_000
"""Values of one document, or some 40,000 movements, of which the shortest has 7. They take up to 60 MB once made."""

MOST_NAMES = 5_000
"""Different names of one document. The requests of the API have some hundred."""

MOST_LEVELS = 32
"""How deep lists and objects may be nested. A batch has five levels."""

LONGEST_NAME = 100
"""Characters of a name."""

PIECE = 64 * 1024
"""Bytes that are looked at together, so that it takes no memory to speak of."""

_NAME = re.compile(rb'"([^"]*)"[ \t\r\n]*:')
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in _STEPS)


class TooManyValues(Exception):
    """The document has more values, or different names, than any request of the API."""


class TooDeep(Exception):
    """The document is nested deeper than any request of the API."""


def check_bounds(document: bytes) -> None:
    """Raise TooManyValues or TooDeep, in time proportional to the length, for what isn't JSON too.

    Commas, brackets and quotes that stand inside a string don't count.
    """
    values, level, last = 1, 0, b""
    names: set[bytes] = set()
    for piece in _pieces(document):
        names.update(_NAME.findall(piece))
        structure = b'"'.join(piece.split(b'"')[::2]).translate(None, b" \t\r\n")
        values += _values(structure, last)
        last = (last + structure)[-1:]
        # A bracket at the end of a piece may yet be closed at once.
        if values > MOST_VALUES + 1 or len(names) > MOST_NAMES:
            raise TooManyValues
        brackets = structure.translate(None, _NO_BRACKETS)
        levels = list(accumulate(map(_STEPS.__getitem__, brackets), initial=level))
        level = levels[-1]
        if max(levels) > MOST_LEVELS:
            raise TooDeep
    if values > MOST_VALUES:
        raise TooManyValues


def _values(structure: bytes, last: bytes) -> int:
    """How many values begin here: one after each comma and each opening bracket, unless that closes at once.

    `last` is the byte before.
    """
    empty = sum((last + structure).count(pair) for pair in (b"[]", b"{}"))
    return sum(structure.count(mark) for mark in (b",", b"[", b"{")) - empty


def _pieces(document: bytes) -> Iterator[bytes]:
    """The document in pieces, each with the quotes of its strings alone; one that begins in a string has a quote more.

    NUL and SOH, which no JSON has, stand for an escaped backslash and an escaped quote.
    """
    before = b""
    for start in range(0, len(document), PIECE):
        piece = (before + document[start : start + PIECE]).replace(rb"\\", b"\0")
        escape = b"\\" if piece.endswith(b"\\") else b""
        piece = piece.removesuffix(escape).replace(rb"\"", b"\1")
        yield piece
        before = (b'"' if piece.count(b'"') % 2 else b"") + escape
