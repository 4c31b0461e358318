"""Heads of chains made known outside the database, signed.

Whoever has a checkpoint sees that a chain was cut off or written anew since, even if its head was too.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from attrs import field, frozen

from application.history.ports import Seals
from domain.history.chain import Finding, Head
from domain.shared.canonical import Json, canonical_json, moment

CHECKPOINTS = "checkpoints"
"""What findings in the checkpoints themselves are said to be in; their number is that of the line."""

Published = Mapping[str, Mapping[int, str]]
"""Hashes by the numbers of their entries, by chain."""


@frozen
class ReadCheckpoints:
    """What was published, and what is wrong with how it was kept."""

    published: Published = field(factory=dict)
    findings: tuple[Finding, ...] = ()


@frozen
class Checkpoints:
    """Writes and reads checkpoints, a line of canonical JSON each."""

    seals: Seals

    def line(self, heads: Iterable[Head], at: datetime) -> str:
        """A checkpoint of these heads: the signature is under the rest of the line."""
        document: dict[str, Json] = {
            "at": moment(at),
            "heads": [
                {"chain": head.chain, "number": head.number, "sha256": head.sha256}
                for head in sorted(heads, key=lambda head: head.chain)
                if head.number
            ],
            "key": self.seals.public_key,
        }
        signature = self.seals.sign(canonical_json(document))
        return canonical_json({**document, "signature": signature}).decode()

    def read(self, lines: Iterable[str]) -> ReadCheckpoints:
        """What the lines published. Of two hashes of one entry the first one counts: the other was made up later."""
        published: dict[str, dict[int, str]] = defaultdict(dict)
        findings = []
        for number, line in enumerate(lines, 1):
            try:
                heads = list(self._heads(line))
            except (ValueError, TypeError, KeyError):
                detail = "This line isn't a checkpoint that was signed here."
                findings.append(Finding(CHECKPOINTS, number, "forged", detail))
                continue
            for head in heads:
                published[head.chain].setdefault(head.number, head.sha256)
        return ReadCheckpoints(published, tuple(findings))

    def _heads(self, line: str) -> Iterator[Head]:
        document = json.loads(line)
        if not isinstance(document, dict):
            raise TypeError(line)
        signature = document.pop("signature")
        if not self.seals.signed(canonical_json(document), signature):
            raise ValueError(signature)
        for head in document["heads"]:
            yield Head(head["chain"], head["number"], head["sha256"])
