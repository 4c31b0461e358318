"""A partner: who supplies lots, and who receives them."""

from enum import StrEnum
from uuid import UUID

from attrs import frozen


class PartnerRole(StrEnum):
    """Which way goods go between a partner and the plant."""

    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    BOTH = "both"


@frozen
class Partner:
    """A supplier or a customer, with what a recall needs to reach it (`gln` is its GS1 location number)."""

    id: UUID
    code: str
    name: str
    role: PartnerRole
    address: str = ""
    gln: str = ""
    contact: str = ""
    version: int = 1
