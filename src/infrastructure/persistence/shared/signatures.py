"""Signatures to the columns of `SignedModel` and back."""

from datetime import datetime
from typing import Any

from domain.shared.signature import Signature
from infrastructure.persistence.shared.models import SignedModel


def signature_of(row: SignedModel) -> Signature | None:
    """The signature of a row, if there is one."""
    return Signature(row.signed_by, row.signature_meaning, row.signed_at) if row.signed_at else None


def signature_columns(signature: Signature | None) -> dict[str, Any]:
    """The columns of `SignedModel`."""
    name, meaning = (signature.name, signature.meaning) if signature else ("", "")
    at: datetime | None = signature.at if signature else None
    return {"signed_by": name, "signature_meaning": meaning, "signed_at": at}
