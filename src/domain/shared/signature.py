"""Signatures under what people decide."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import frozen

from domain.shared.canonical import Json


@frozen
class Signature:
    """Who signed, when by the server's clock, and what the signature means in words (21 CFR 11.50).

    `document` is the SHA-256 of what was signed, as canonical JSON (RFC 8785); empty where that wasn't kept yet. It is
    `proven` where whoever signed gave their password at that moment.
    """

    name: str
    meaning: str
    at: datetime
    document: str = ""
    proven: bool = False

    def stated(self, at: str) -> dict[str, Json]:
        """The signature as part of a document that writes its time so."""
        signed: dict[str, Json] = {"document": self.document, "proven": self.proven} if self.document else {}
        return {"name": self.name, "meaning": self.meaning, "at": at, **signed}


def signature_in(stated: Mapping[str, Any] | None) -> Signature | None:
    """The signature that a document states."""
    if stated is None:
        return None
    at = datetime.fromisoformat(stated["at"])
    return Signature(stated["name"], stated["meaning"], at, stated.get("document", ""), stated.get("proven", False))
