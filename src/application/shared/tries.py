"""Passwords may be tried a few times only: for each name, and for each address that the tries come from."""

from abc import abstractmethod
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Protocol

from attrs import frozen

from application.shared.errors import TooManyTries
from domain.access.tries import NONE, Limit

HOME = 64
"""So many bits of an IPv6 address are a plant's, or an attacker's, who chooses the others freely."""


class Tries(Protocol):
    """Keeps who has tried how often, by any text that stands for who tries; shared by all processes."""

    @abstractmethod
    def take(self, who: str, limit: Limit, at: datetime) -> timedelta:
        """Count a try, if there is one left. Otherwise nothing changes, and the answer is how long to wait.

        Of two who ask at once for the last one, one gets it.
        """

    @abstractmethod
    def wait(self, who: str, limit: Limit, at: datetime) -> timedelta:
        """How long to wait for the next try; nothing is counted."""

    @abstractmethod
    def forget(self, who: str) -> None:
        """All tries are there again."""

    @abstractmethod
    def sweep(self, at: datetime) -> int:
        """Remove what has no effect any more, and answer how much there was."""


@frozen
class Throttle:
    """Counts what is tried before the password is looked at, so that many at once are no more than one by one.

    Of an address only the failures count: many people of one plant sign in from behind the same one.
    """

    tries: Tries
    for_a_name: Limit
    for_an_address: Limit

    def begin(self, name: str, address: str, at: datetime) -> None:
        """Raises TooManyTries where no try is left, even for the right password."""
        wait = self.tries.wait(_address(address), self.for_an_address, at)
        if not wait:
            wait = self.tries.take(_name(name), self.for_a_name, at)
        if wait > NONE:
            raise TooManyTries(wait)

    def failed(self, address: str, at: datetime) -> None:
        """The password was wrong, or nobody has this name."""
        self.tries.take(_address(address), self.for_an_address, at)

    def succeeded(self, name: str) -> None:
        """The password was right."""
        self.tries.forget(_name(name))

    def sweep(self, at: datetime) -> int:
        """Remove what has no effect any more, and answer how much there was."""
        return self.tries.sweep(at)


def _name(name: str) -> str:
    return f"name {name}"


def _address(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        return f"address {address}"
    if isinstance(known, IPv6Address):
        known = known.ipv4_mapped or ip_network((int(known), HOME), strict=False).network_address
    return f"address {known}"
