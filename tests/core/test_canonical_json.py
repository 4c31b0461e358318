"""Canonical JSON is that of RFC 8785, so that a stranger can recompute what was signed."""

import hashlib
import json
from decimal import Decimal

import pytest

from domain.shared.canonical import canonical_json, sha256_of
from tests.core.cases import for_each


def test_names_are_sorted_by_their_utf_16_code_units() -> None:
    # The example of RFC 8785, section 3.2.3: by code points the smiley (U+1F600) would come after U+FB33.
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    written = json.loads(canonical_json(dict.fromkeys(names, 0)), object_pairs_hook=lambda pairs: [p[0] for p in pairs])
    assert written == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_only_what_must_be_escaped_is_escaped() -> None:
    # The strings of RFC 8785, section 3.2.2.
    assert canonical_json('€$\u000f\nA\'B"\\\\"/') == b'"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'
    assert canonical_json({"b": [1, True, None], "a": {}}) == b'{"a":{},"b":[1,true,null]}'


@for_each("value", [0.5, 1.0, float("nan"), Decimal("0.5"), {1}, b"x", object()])
def test_nothing_but_json_without_floats_has_a_place(value: object) -> None:
    for document in (value, {"a": value}, [[value]]):
        with pytest.raises(TypeError):
            canonical_json(document)


def test_a_document_survives_and_its_hash_ignores_the_order_of_names() -> None:
    document = {"b": ["2", {"z": None, "a": [True, False, -7]}], "a": {"\U0001f600": "", "\ufb33": "\x7f\u2028"}}
    written = canonical_json(document)
    assert json.loads(written) == document
    backwards = json.loads(written, object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    assert list(backwards) == ["b", "a"]
    assert sha256_of(backwards) == hashlib.sha256(written).hexdigest()
