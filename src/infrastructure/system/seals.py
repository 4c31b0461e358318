"""Signatures by Ed25519 (RFC 8032)."""

from collections.abc import Callable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typing_extensions import override

from application.history.ports import Seals


def new_key() -> str:
    """A new private key, of 32 bytes in hexadecimal."""
    return Ed25519PrivateKey.generate().private_bytes_raw().hex()


class Ed25519Seals(Seals):
    """Signs with a private key that is asked for when it's needed. Keys and signatures are in hexadecimal."""

    def __init__(self, key: Callable[[], str]) -> None:
        self._kept = key

    @property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self._kept()))

    @property
    @override
    def public_key(self) -> str:
        return self._key.public_key().public_bytes_raw().hex()

    @override
    def sign(self, text: bytes) -> str:
        return self._key.sign(text).hex()

    @override
    def signed(self, text: bytes, signature: str) -> bool:
        try:
            self._key.public_key().verify(bytes.fromhex(signature), text)
        except (InvalidSignature, ValueError):
            return False
        return True
