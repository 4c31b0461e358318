"""What happened, told to whoever needs to know."""

from attrs import frozen


@frozen
class Event:
    """Something that happened in the plant and can't be unsaid. Named in the past tense."""
