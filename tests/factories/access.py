"""Actors to make tests of."""

import hashlib
import json
from datetime import datetime

from application.shared.actor import Actor
from application.shared.signing import Signing
from domain.access.rights import Grant, Role
from domain.shared.canonical import Json
from domain.shared.signature import Signature

MAY: dict[str, set[str]] = {
    "operator": {"read", "record", "hold"},
    "quality": {"read", "record", "close", "hold", "decide", "override", "recall", "history"},
    "production_manager": {"read", "record", "plan", "close", "hold", "override", "catalog", "history"},
    "auditor": {"read", "history"},
    "integration": {"read", "record", "plan", "hold", "catalog"},
    "administrator": {
        *("read", "record", "plan", "close", "hold", "decide", "override", "recall"),
        *("catalog", "settings", "history", "access"),
    },
}
"""What each role may do, as `docs/security.md` has it: written out, and compared with it and the program."""


def somebody(name: str = "ana", role: Role | None = Role.ADMINISTRATOR, site: str | None = None) -> Actor:
    """Whoever has this role, at every site unless one is named; without a role, nobody in particular."""
    return Actor(name, frozenset({Grant(role, site)} if role else ()))


def signing(meaning: str | None) -> Signing | None:
    """That whoever asks signs with their password, and what it means; that they don't sign, where it means nothing."""
    return None if meaning is None else Signing(meaning, proven=True)


def signature(name: str, meaning: str, at: datetime, **document: Json) -> Signature:
    """A signature with its user's password under this document, hashed as a stranger would hash it (RFC 8785)."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return Signature(name, meaning, at, hashlib.sha256(canonical.encode()).hexdigest(), proven=True)
