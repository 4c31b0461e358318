"""Roles, and what each gives the right to do."""

from collections.abc import Mapping
from enum import StrEnum

from attrs import frozen


class Right(StrEnum):
    """What somebody may do at a site. Also the scopes of an access token: what may be done with it at most."""

    READ = "read"
    RECORD = "record"
    PLAN = "plan"
    CLOSE = "close"
    HOLD = "hold"
    DECIDE = "decide"
    OVERRIDE = "override"
    RECALL = "recall"
    CATALOG = "catalog"
    SETTINGS = "settings"
    HISTORY = "history"
    ACCESS = "access"


MEANINGS: Mapping[Right, str] = {
    Right.READ: "see what is recorded",
    Right.RECORD: "record, correct and reverse operations",
    Right.PLAN: "plan, open and cancel campaigns",
    Right.CLOSE: "close and reopen campaigns",
    Right.HOLD: "put lots on hold",
    Right.DECIDE: "release and reject lots and lift holds",
    Right.OVERRIDE: "use what is on hold or rejected",
    Right.RECALL: "open, log and close recalls",
    Right.CATALOG: "change products, lines, partners and operators",
    Right.SETTINGS: "add sites and change their settings",
    Right.HISTORY: "read the history of everything",
    Right.ACCESS: "change who may do what",
}
"""Each right, as the end of a sentence that begins with: it takes the right to."""


class Role(StrEnum):
    """What somebody is at a site."""

    OPERATOR = "operator"
    QUALITY = "quality"
    PRODUCTION_MANAGER = "production_manager"
    AUDITOR = "auditor"
    INTEGRATION = "integration"
    ADMINISTRATOR = "administrator"


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.OPERATOR: frozenset({Right.READ, Right.RECORD, Right.HOLD}),
    Role.QUALITY: frozenset(
        {
            Right.READ,
            Right.RECORD,
            Right.CLOSE,
            Right.HOLD,
            Right.DECIDE,
            Right.OVERRIDE,
            Right.RECALL,
            Right.HISTORY,
        }
    ),
    Role.PRODUCTION_MANAGER: frozenset(
        {
            Right.READ,
            Right.RECORD,
            Right.PLAN,
            Right.CLOSE,
            Right.HOLD,
            Right.OVERRIDE,
            Right.CATALOG,
            Right.HISTORY,
        }
    ),
    Role.AUDITOR: frozenset({Right.READ, Right.HISTORY}),
    Role.INTEGRATION: frozenset({Right.READ, Right.RECORD, Right.PLAN, Right.HOLD, Right.CATALOG}),
    Role.ADMINISTRATOR: frozenset(Right),
}
"""What each role may do. Anybody but an auditor may stop a lot; nobody but quality may let it go again."""


@frozen
class Grant:
    """A role that somebody has at a site; without one, at every site there is and will be."""

    role: Role
    site: str | None = None


@frozen
class Sight:
    """The sites of which somebody sees what is recorded; None is every one."""

    sites: frozenset[str] | None

    def __contains__(self, site: str) -> bool:
        """Whether what is at this site is seen."""
        return self.sites is None or site in self.sites

    def covers(self, other: "Sight") -> bool:
        """Whether whatever the other sees is seen."""
        return self.sites is None or (other.sites is not None and other.sites <= self.sites)


EVERYWHERE = Sight(None)

NOWHERE = Sight(frozenset())
