"""Passwords may be attempted a few times only: to sign in, and apart from that by somebody signed in."""

from abc import abstractmethod
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Protocol

from attrs import frozen

from application.shared.errors import TooManyAttempts
from domain.access.attempts import NONE, Limit

IPV6_PREFIX = 64
"""Throttle IPv6 clients per /64."""

REMEMBERED = timedelta(days=30)
"""How long an address is known from which a user signed in."""


class LoginAttempts(Protocol):
    """Keeps how often passwords were attempted, by a key; shared by all processes."""

    @abstractmethod
    def take(self, who: str, limit: Limit, at: datetime) -> timedelta:
        """Count an attempt, if there is one left. Otherwise nothing changes, and the answer is how long to wait.

        Of two who ask at once for the last one, one gets it.
        """

    @abstractmethod
    def wait(self, who: str, limit: Limit, at: datetime) -> timedelta:
        """How long to wait for the next attempt; nothing is counted."""

    @abstractmethod
    def forget(self, who: str) -> None:
        """Give all attempts back."""

    @abstractmethod
    def remember(self, who: str, until: datetime) -> None:
        """Know this key until then."""

    @abstractmethod
    def remembers(self, who: str, at: datetime) -> bool:
        """Whether this key is known."""

    @abstractmethod
    def sweep(self, at: datetime) -> int:
        """Remove what has no effect any more, and answer how much there was."""


@frozen
class Throttle:
    """Counts attempts before the password is looked at, so that many at once are no more than one by one.

    An attempt to sign in counts for the name, and when it fails for the address: many people of one plant sign in from
    behind the same one. From an address where the user has signed in before, it counts for the two together instead, so
    that strangers elsewhere don't keep the user out.

    A password that somebody signed in repeats, to sign or to change it, counts for that user alone, apart from
    attempts to sign in.
    """

    attempts: LoginAttempts
    for_a_name: Limit
    for_an_address: Limit

    def begin(self, name: str, address: str, at: datetime) -> None:
        """Begin to sign in. Raises `TooManyAttempts` where none is left, even for the right password."""
        if self.attempts.remembers(_known(name, address), at):
            self._take(_from_there(name, address), at)
            return
        wait = self.attempts.wait(_address(address), self.for_an_address, at)
        if wait > NONE:
            raise TooManyAttempts(wait)
        self._take(_name(name), at)

    def failed(self, address: str, at: datetime) -> None:
        """The password was wrong, or nobody has this name."""
        self.attempts.take(_address(address), self.for_an_address, at)

    def succeeded(self, name: str, address: str, at: datetime) -> None:
        """The user signed in."""
        self.attempts.forget(_from_there(name, address))
        self.attempts.forget(_name(name))
        self.attempts.remember(_known(name, address), at + REMEMBERED)

    def begin_again(self, name: str, at: datetime) -> None:
        """Begin to look at a password of a user who is signed in. Raises `TooManyAttempts` where none is left."""
        self._take(_signed_in(name), at)

    def proven(self, name: str) -> None:
        """The password of the user who is signed in was right."""
        self.attempts.forget(_signed_in(name))

    def sweep(self, at: datetime) -> int:
        """Remove what has no effect any more, and answer how much there was."""
        return self.attempts.sweep(at)

    def _take(self, who: str, at: datetime) -> None:
        wait = self.attempts.take(who, self.for_a_name, at)
        if wait > NONE:
            raise TooManyAttempts(wait)


def _name(name: str) -> str:
    return f"name {name}"


def _signed_in(name: str) -> str:
    return f"signed in {name}"


def _known(name: str, address: str) -> str:
    return f"known at {_address(address)} {name}"


def _from_there(name: str, address: str) -> str:
    return f"from {_address(address)} {name}"


def _address(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        return f"address {address}"
    if isinstance(known, IPv6Address):
        known = known.ipv4_mapped or ip_network((int(known), IPV6_PREFIX), strict=False).network_address
    return f"address {known}"
