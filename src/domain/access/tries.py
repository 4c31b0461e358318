"""How often a password may be tried."""

from datetime import datetime, timedelta

from attrs import frozen

NONE = timedelta(0)


@frozen
class Limit:
    """So many tries at once, and one more whenever `each` has passed: what is tried goes into a bucket that leaks.

    All that has to be kept is when the bucket is empty, for each name or address.
    """

    most: int
    each: timedelta

    def after(self, empty_at: datetime, at: datetime) -> datetime:
        """When the bucket will be empty, once it has taken this try as well."""
        return max(empty_at, at) + self.each

    def full_at(self, at: datetime) -> datetime:
        """The latest that a bucket may be empty; a try that would go beyond is one too many."""
        return at + self.most * self.each

    def wait(self, empty_at: datetime, at: datetime) -> timedelta:
        """How long until the next try; nothing where it may be made now."""
        return max(self.after(empty_at, at) - self.full_at(at), NONE)
