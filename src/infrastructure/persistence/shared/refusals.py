"""What an error of PostgreSQL means to the application: one table of constraints and codes."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error as DatabaseFailure
from psycopg import Error, InterfaceError, OperationalError, errors

from application.shared.errors import Overtaken, Unavailable
from domain.shared.errors import Fault, Refused


def _taken(what: str) -> Fault:
    return Fault("code_taken", f"There is a {what} with this code already.", ("code",), refusal=True)


REFUSED = {
    "product_code_is_unique": _taken("product"),
    "site_code_is_unique": _taken("site"),
    "line_code_is_unique_in_its_site": _taken("line"),
    "partner_code_is_unique": _taken("partner"),
    "operator_code_is_unique": _taken("operator"),
    "campaign_code_is_unique": _taken("campaign"),
    "recall_code_is_unique": _taken("recall"),
    "identity_user_username_key": Fault(
        "code_taken", "There is a user with this name already.", ("username",), refusal=True
    ),
    "recall_is_open": Fault("wrong_state", "The recall is closed.", refusal=True),
    "operation_reverses_id_key": Fault("already_reversed", "This operation has been reversed already.", refusal=True),
    "operation_campaign_is_open": Fault(
        "campaign_not_open", "The campaign isn't open; operations are recorded in an open campaign only.", refusal=True
    ),
    "lot_on_hand_is_not_negative": Fault("not_enough", "A lot would have less than nothing on hand.", refusal=True),
    "operation_uses_what_may_be_used": Fault(
        "not_usable", "A lot is on hold, rejected or not released yet, and can't be used so.", refusal=True
    ),
    "lot_on_hand_fits": Fault("too_many_digits", "A lot would hold more than a lot can.", refusal=True),
    "product_measure_is_frozen": Fault(
        "frozen", "The product has movements, so its unit and mass can't change any more.", refusal=True
    ),
    "partner_returns_what_it_got": Fault(
        "more_than_shipped", "More of a lot would have come back than was shipped.", refusal=True
    ),
}
"""Constraints that another request may have made true between our check and our write."""

OVERTAKEN = frozenset(
    {
        "operation_pkey",
        "operation_number_is_unique_in_its_site",
        "lot_code_is_unique",
        "campaign_balance_version_is_unique",
        "role_granted_once",
    }
)
"""Identities that another transaction took first: trying again finds what it made."""

OVERTAKEN_STATES = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.LockNotAvailable,
    errors.ForeignKeyViolation,
)

ENDED = (errors.AdminShutdown, errors.CrashShutdown, errors.CannotConnectNow, errors.TooManyConnections)
"""What a server says as it ends a session, or doesn't begin one."""


def meaning(error: BaseException | None) -> Exception | None:
    """The application's own error for one of PostgreSQL's; None where it is nobody's business but the developer's."""
    cause = error.__cause__ if isinstance(error, DatabaseFailure) else None
    if not isinstance(cause, Error):
        return None
    constraint = cause.diag.constraint_name or ""
    if constraint in REFUSED:
        return Refused(REFUSED[constraint])
    if constraint in OVERTAKEN or isinstance(cause, OVERTAKEN_STATES):
        return Overtaken(str(cause.diag.message_primary))
    if isinstance(cause, ENDED) or _without_server(cause):
        return Unavailable(str(cause))
    return None


def _without_server(error: Error) -> bool:
    """Whether it is the driver that tells of no session, or none any more: what a server says has a code."""
    return isinstance(error, OperationalError | InterfaceError) and error.sqlstate is None


@contextmanager
def understood() -> Iterator[None]:
    """Raise the application's error in place of PostgreSQL's, where there is one."""
    try:
        yield
    except DatabaseFailure as error:
        if understandable := meaning(error):
            raise understandable from error
        raise
