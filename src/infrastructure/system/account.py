"""The account that a program runs under when it refuses to run as root."""

import os
import pwd
import subprocess  # nosec B404 # it starts programs of our own, without a shell
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: In a user namespace of its own root sees itself as an ordinary user; on disk it stays root, so that it reaches
#: private folders and leaves no files of somebody else.
NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")


@dataclass(frozen=True)
class Account:
    """Starts programs as somebody who isn't root.

    `prefix` goes before every command line; `user` is the account to change to, None to stay.
    """

    prefix: tuple[str, ...] = ()
    user: pwd.struct_passwd | None = None

    @property
    def uid(self) -> int:
        """The owner that the account's files have on disk."""
        return self.user.pw_uid if self.user else os.geteuid()

    def start(self, *command: str | Path, **options: Any) -> subprocess.Popen[bytes]:
        """Start a program in the root folder, which every account can enter; `options` are those of Popen."""
        return subprocess.Popen([*self.prefix, *command], **self._options, **options)  # nosec B603  # noqa: S603 - no shell

    def run(self, *command: str | Path, **options: Any) -> int:
        """Run a program to its end and answer its exit code; `options` are those of subprocess.run."""
        return subprocess.run([*self.prefix, *command], **self._options, check=False, **options).returncode  # nosec B603  # noqa: S603 - no shell

    def reaches(self, path: Path) -> bool:
        """Whether the account may enter this folder or execute this file."""
        return self.run("test", "-x", path) == 0

    @property
    def _options(self) -> dict[str, Any]:
        change = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        return {"cwd": "/", **change}

    def give(self, path: Path) -> None:
        """Make the account the owner of a file or folder."""
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)


def unprivileged_account() -> Account:
    """Choose the account: the own one, for root a user namespace, and where that isn't allowed the user nobody."""
    if os.geteuid() != 0:
        return Account()
    if _namespaces_work():
        return Account(prefix=NAMESPACE)
    return Account(user=pwd.getpwnam("nobody"))


def _namespaces_work() -> bool:
    try:
        tried = subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False)  # nosec B603  # noqa: S603 - constant words
    except FileNotFoundError:
        return False
    return tried.returncode == 0
