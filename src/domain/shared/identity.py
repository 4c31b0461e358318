"""What makes a thing itself: codes that the plant gives, and ids derived from them."""

import json
import unicodedata
from uuid import UUID, uuid5

from domain.shared.errors import Fault

CODE_LENGTH = 100
TEXT_LENGTH = 1000

_LOG_NAMESPACE = UUID("6f0d3c1e-7a54-5b1f-9a1c-3c6b0e5d2f47")


def operation_id(site: str, number: str) -> UUID:
    """The id of the operation that a plant's log calls `number` at `site`: a version 5 UUID (RFC 9562) of the pair."""
    return uuid5(_LOG_NAMESPACE, json.dumps([site, number], ensure_ascii=False))


def code_fault(code: str, *path: str | int) -> Fault | None:
    """What is wrong with a code: it must have 1 to 100 printable characters and no white space at its ends."""
    if not code or code != code.strip():
        return Fault("bad_code", "A code isn't empty and neither starts nor ends with white space.", path)
    if len(code) > CODE_LENGTH:
        return Fault("too_long", f"A code has at most {CODE_LENGTH} characters.", path)
    if not code.isprintable():
        return Fault("bad_code", "A code has printable characters only.", path)
    return None


def address_fault(code: str, *path: str | int) -> Fault | None:
    """What is wrong with a code that stands in addresses, between slashes: browsers take a dot or two for places."""
    if "/" in code or code in (".", ".."):
        return Fault("bad_code", "This code stands in addresses, so it has no slash, and isn't a dot or two.", path)
    return code_fault(code, *path)


def text_fault(text: str, *path: str | int) -> Fault | None:
    """What is wrong with free text: at most 1,000 characters, which can be stored and printed."""
    if len(text) > TEXT_LENGTH:
        return Fault("too_long", f"A text has at most {TEXT_LENGTH} characters.", path)
    if text.isprintable():
        return None
    if any(unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\r\t" for character in text):
        return Fault("bad_text", "A text has no control characters but new lines and tabs.", path)
    return None
