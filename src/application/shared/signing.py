"""Signing what one asks for."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

from attrs import frozen

from application.shared.actor import Actor
from application.shared.errors import Forbidden
from domain.catalog.site import Site
from domain.shared.canonical import Json, sha256_of
from domain.shared.errors import raise_any
from domain.shared.identity import text_fault
from domain.shared.signature import Signature


@frozen
class Signing:
    """That whoever asks signs, and what that means; `proven` where they have just given their password."""

    meaning: str
    proven: bool = False


def signed(actor: Actor, signing: Signing | None, at: datetime, document: Mapping[str, Json]) -> Signature | None:
    """The actor's signature under this document; None where none was given. `Invalid` for a bad meaning."""
    if signing is None or not signing.meaning.strip():
        return None
    raise_any(fault for fault in (text_fault(signing.meaning, "signature", "meaning"),) if fault)
    return Signature(actor.name, signing.meaning, at, sha256_of(document), signing.proven)


def check_signed(sites: Iterable[Site], signature: Signature | None) -> None:
    """Raises `Invalid` unless the signature is as one of these sites asks for it."""
    for site in sites:
        raise_any(site.signature_faults(signature))


def check_second_person(site: Site, actor: Actor, recorded_by: Callable[[], Collection[str]]) -> None:
    """Raises `Forbidden` where the site asks for somebody else than those who recorded it, and the actor is of them."""
    fault = site.second_person_fault(actor.name, recorded_by()) if site.second_person else None
    if fault:
        raise Forbidden(fault)
