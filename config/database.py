"""Which database a program uses: the one that DATABASE_URL names, or else the embedded one of the state folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from config.console import CannotRunError
from config.state import usable_state_folder
from config.variables import read
from infrastructure.system.cluster import EmbeddedPostgresqlError
from infrastructure.system.embedded_postgresql import EmbeddedPostgresql


@contextmanager
def database() -> Iterator[EmbeddedPostgresql | None]:
    """Make DATABASE_URL name a server that runs for as long as the block does; give the embedded one, if it is that.

    Raises CannotRunError where the address is malformed, or the embedded server can't run.
    """
    if read("DATABASE_URL"):
        yield None
        return
    try:
        embedded = EmbeddedPostgresql(usable_state_folder() / "postgresql")
        with embedded.lease() as urls:
            os.environ |= {"DATABASE_URL": urls.application, "DATABASE_OWNER_URL": urls.owner}
            try:
                yield embedded
            finally:
                del os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"]
    except EmbeddedPostgresqlError as error:
        raise CannotRunError(str(error)) from error
