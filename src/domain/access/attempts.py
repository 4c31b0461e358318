"""How often a password may be attempted."""

from datetime import datetime, timedelta

from attrs import frozen

NONE = timedelta(0)


@frozen
class Limit:
    """Leaky bucket: `most` attempts at once, one refilled every `each`.

    All that has to be kept for a key is when its bucket is empty.
    """

    most: int
    each: timedelta

    def after(self, empty_at: datetime, at: datetime) -> datetime:
        """When the bucket will be empty, once it has taken this attempt as well."""
        return max(empty_at, at) + self.each

    def full_at(self, at: datetime) -> datetime:
        """The latest that a bucket may be empty; an attempt that would go beyond is one too many."""
        return at + self.most * self.each

    def wait(self, empty_at: datetime, at: datetime) -> timedelta:
        """How long until the next attempt; nothing where it may be made now."""
        return max(self.after(empty_at, at) - self.full_at(at), NONE)
