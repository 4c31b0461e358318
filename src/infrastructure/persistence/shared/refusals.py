"""What an error of PostgreSQL means to the application: one table of constraints and codes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import Error as DatabaseFailure
from psycopg import Error, InterfaceError, OperationalError

from application.shared.errors import Locked, OutOfResources, Overtaken, ReadOnly, TookTooLong, Unavailable
from domain.access.usernames import NAME_TAKEN
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
    **dict.fromkeys(("identity_user_username_key", "username_is_unique_in_any_case"), NAME_TAKEN),
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

STATES: Mapping[str, type[Exception]] = {
    "23503": Overtaken,  # foreign_key_violation: another transaction removed the row
    "40001": Overtaken,  # serialization_failure
    "40P01": Overtaken,  # deadlock_detected
    "55P03": Locked,  # lock_not_available: trying again at once would wait as long again
    "57014": TookTooLong,  # query_canceled
    "25P04": TookTooLong,  # transaction_timeout
    "25006": ReadOnly,  # read_only_sql_transaction
    "53300": Unavailable,  # too_many_connections
    "25P03": Unavailable,  # idle_in_transaction_session_timeout
    "40003": Unavailable,  # statement_completion_unknown
    "3D000": Unavailable,  # invalid_catalog_name: no such database
}
"""What PostgreSQL's error codes mean, where not all of their class mean the same."""

CLASSES: Mapping[str, type[Exception]] = {
    "08": Unavailable,  # connection exception
    "28": Unavailable,  # invalid authorization
    "53": OutOfResources,  # insufficient resources
    "57": Unavailable,  # operator intervention
    "58": OutOfResources,  # system error
}
"""What the other codes of a class mean, by its two characters."""


def meaning(error: BaseException | None) -> Exception | None:
    """The application's error for one of PostgreSQL's; None for a fault of the program."""
    cause = error.__cause__ if isinstance(error, DatabaseFailure) else None
    if isinstance(cause, DatabaseFailure):  # Django tells why the transaction is broken
        return meaning(cause)
    if not isinstance(cause, Error):
        return None
    constraint = cause.diag.constraint_name or ""
    if constraint in REFUSED:
        return Refused(REFUSED[constraint])
    if constraint in OVERTAKEN:
        return Overtaken(str(cause.diag.message_primary))
    kind = _meaning_of_state(cause)
    return kind(str(cause.diag.message_primary or cause)) if kind else None


def _meaning_of_state(error: Error) -> type[Exception] | None:
    state = error.sqlstate
    if state is None:  # the driver has no session, or none any more
        return Unavailable if isinstance(error, OperationalError | InterfaceError) else None
    return STATES.get(state) or CLASSES.get(state[:2])


@contextmanager
def understood() -> Iterator[None]:
    """Raise the application's error in place of PostgreSQL's, if there is one."""
    try:
        yield
    except DatabaseFailure as error:
        if understandable := meaning(error):
            raise understandable from error
        raise
