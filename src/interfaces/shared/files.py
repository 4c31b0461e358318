"""Files that somebody names: regular ones alone, so that nothing is waited for and no link leads elsewhere."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

NOT_REGULAR = "It isn't a regular file"


@contextmanager
def opened(path: Path, mode: str = "r", **how: Any) -> Iterator[IO[Any]]:
    """The file as `open` opens it. Raises OSError, for a link, a pipe, a socket, a device or a directory as well.

    Folders on the way to it may be links.
    """
    with open(path, mode, opener=_regular, **how) as file:
        yield file


def _regular(path: str, flags: int) -> int:
    try:
        descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO, errno.ENODEV):  # a link, nobody at the other end
            raise OSError(error.errno, NOT_REGULAR) from error
        raise
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return descriptor
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    raise OSError(errno.EINVAL, NOT_REGULAR)
