"""Signing what one asks for."""

from datetime import datetime

from application.shared.actor import Actor
from domain.shared.errors import raise_any
from domain.shared.identity import text_fault
from domain.shared.signature import Signature


def signed(actor: Actor, meaning: str | None, at: datetime) -> Signature | None:
    """The actor's signature; None where none was given. `Invalid` for a meaning that can't be printed."""
    if meaning is None or not meaning.strip():
        return None
    raise_any(fault for fault in (text_fault(meaning, "signature", "meaning"),) if fault)
    return Signature(actor.name, meaning, at)
