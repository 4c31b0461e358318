"""A step of a walk over passages, in a recursive query."""

# A recursive UNION goes breadth first and keeps, of equal rows, the one that came first. To numeric, 7 and 7.00 are
# equal but not alike: a node carries its depth as the digits after its point, all of them zero, so that the database
# finds each lot once, and by the fewest operations. (No number has more than 16,383 digits there; what lies deeper is
# found all the same, and is said to lie at that depth.)
_ONWARD = """
    SELECT passage.{there} + walk.node * CASE WHEN passage.{there} > 0 THEN 0.0 ELSE 0 END
    FROM {walk} AS walk JOIN passage ON passage.{here} = walk.node::bigint
"""


def onward(walk: str, here: str = "source", there: str = "target") -> str:
    """The recursive term of the query called `walk`; from targets to sources it goes backward."""
    return _ONWARD.format(walk=walk, here=here, there=there)
