"""Codes, texts, and ids derived from a plant's own numbers."""

import json
from uuid import UUID, uuid5

from domain.shared.identity import code_fault, operation_id, text_fault
from tests.core.cases import for_each


@for_each("code", ["A", "x" * 100, "LOT/2026(3) n° 7", "été", "日本", "a  b", "'; DROP TABLE lot"])
def test_a_plant_s_own_codes_are_accepted(code: str) -> None:
    assert code_fault(code) is None


@for_each(
    ("code", "fault"),
    [
        ("", "bad_code"),
        (" ", "bad_code"),
        (" A", "bad_code"),
        ("A\t", "bad_code"),
        ("A\u00a0", "bad_code"),
        ("A\nB", "bad_code"),
        ("A\x00B", "bad_code"),
        ("A\u200eB", "bad_code"),
        ("\ud800", "bad_code"),
        ("x" * 101, "too_long"),
    ],
)
def test_a_code_that_can_t_be_printed_on_a_label_is_refused(code: str, fault: str) -> None:
    found = code_fault(code, "movements", 0, "lot")
    assert found is not None
    assert (found.code, found.path) == (fault, ("movements", 0, "lot"))


@for_each(
    ("text", "fault"),
    [
        ("", None),
        ("spilt\nby the door\tagain", None),
        ("é" * 1000, None),
        ("é" * 1001, "too_long"),
        ("a\x00b", "bad_text"),
        ("a\x1bb", "bad_text"),
        ("a\ud800b", "bad_text"),
    ],
)
def test_a_text_can_be_stored_and_printed(text: str, fault: str | None) -> None:
    found = text_fault(text, "reason")
    assert (found and found.code) == fault


def test_the_id_of_a_log_s_operation_follows_from_its_site_and_number() -> None:
    known = operation_id("PLANT-1", "OP-1")
    assert known == operation_id("PLANT-1", "OP-1")
    assert known.version == 5
    # The pair counts, not the letters one after the other.
    assert len({known, operation_id("PLANT", "-1OP-1"), operation_id("OP-1", "PLANT-1")}) == 3
    # A stranger can derive it: ids of imported logs are for ever.
    namespace = UUID("6f0d3c1e-7a54-5b1f-9a1c-3c6b0e5d2f47")
    assert known == uuid5(namespace, json.dumps(["PLANT-1", "OP-1"]))
