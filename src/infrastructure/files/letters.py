"""How wide texts are, about, in whatever sans-serif there is: rather a little too wide than too narrow."""

import unicodedata
from itertools import accumulate

NARROW, WIDE = frozenset("iljIJtfr.,:;|!'()[]{}/\\ "), frozenset("mwMW@%—…")
ELLIPSIS = "…"


def width_of(text: str) -> float:
    """How wide the text is, in ems."""
    return sum(map(_width, text))


def shortened(text: str, most: float) -> str:
    """The text, or its beginning and its end with an ellipsis between them, in at most so many ems."""
    if width_of(text) <= most:
        return text
    half = (most - _width(ELLIPSIS)) / 2
    return text[: _fitting(text, half)] + ELLIPSIS + text[len(text) - _fitting(text[::-1], half) :]


def _fitting(text: str, most: float) -> int:
    return sum(width <= most for width in accumulate(map(_width, text)))


def _width(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    if unicodedata.combining(character):
        return 0.0
    if character in WIDE:
        return 1.0
    return 0.4 if character in NARROW else 0.72 if character.isupper() else 0.64
