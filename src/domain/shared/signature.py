"""Signatures under what people decide."""

from datetime import datetime

from attrs import frozen


@frozen
class Signature:
    """Who signed, when by the server's clock, and what the signature means in words (21 CFR 11.50)."""

    name: str
    meaning: str
    at: datetime
