"""The folder of what this installation keeps by itself: its embedded database, its secrets, its static files."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from config.console import CannotRunError
from config.variables import read

ROOT = Path(__file__).resolve().parent.parent


def state_folder() -> Path:
    """Tell where the state is: in the folder of LIGNAGE_STATE, relative to the root."""
    return ROOT / Path(read("LIGNAGE_STATE"))


def usable_state_folder() -> Path:
    """Make the state folder when it is missing.

    Raises CannotRunError where it can't be made or written.
    """
    folder = state_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotRunError(f"The state folder {folder} can't be made: {error.strerror}.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CannotRunError(f"The state folder {folder} can't be written; LIGNAGE_STATE may name another.")
    return folder


def keep(name: str, secret: str) -> None:
    """Write a secret into the state folder. Its file is its owner's alone."""
    path = usable_state_folder() / name
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret)
    Path(draft).replace(path)


def kept(name: str, make: Callable[[], str]) -> str:
    """Read a secret of the state folder; the first time, make it."""
    path = usable_state_folder() / name
    if not path.exists():
        keep(name, make())
    return path.read_text()
