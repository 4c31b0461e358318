"""Money: an exact amount in a currency of ISO 4217."""

import re
from decimal import Decimal

from attrs import field, frozen

from domain.shared.errors import Fault, Invalid
from domain.shared.exact import canonical
from domain.shared.quantity import checked_amount

_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


def _checked_currency(code: str) -> str:
    if not _CURRENCY.fullmatch(code):
        raise Invalid(Fault("unknown_currency", "A currency is three capital letters of ISO 4217, such as EUR."))
    return code


@frozen
class Money:
    """An exact amount of money, up to 12 digits before the point and 6 after. Currencies don't mix."""

    amount: Decimal = field(converter=checked_amount)
    currency: str = field(converter=_checked_currency)

    def __str__(self) -> str:
        return f"{canonical(self.amount)} {self.currency}"
