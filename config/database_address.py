"""The address of a PostgreSQL database, read strictly. No message repeats any of it, for it may hold a password."""

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from environ import Env  # type: ignore[import-untyped]  # it comes without types

FORM = "has to be like postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
LONE_PERCENT = r"%(?![0-9A-Fa-f]{2})"


def database_address(given: str) -> dict[str, Any]:
    """Django's configuration of the database; nothing for no address. Raises ValueError."""
    if not given:
        return {}
    if fault := _fault(given):
        raise ValueError(f"{FORM}: {fault}.")
    return dict(Env.db_url_config(given))


def _fault(given: str) -> str | None:
    try:
        plain, address = unquote(given, errors="strict"), urlsplit(given)
        without_host = address.port is not None and not address.hostname
    except UnicodeDecodeError:
        return "what is written with % isn't UTF-8"
    except ValueError:
        return "its host or port is malformed, or its password has one of / ? # [ ] as it is (%2F stands for /)"
    faults = {
        "it doesn't begin with postgresql://": address.scheme not in {"postgresql", "postgres"},
        "it has a % that two hexadecimal digits don't follow (%25 stands for %)": re.search(LONE_PERCENT, given),
        "it has a # (%23 stands for #)": "#" in given,
        "it has a space or a control character": re.search(r"\s", given) or re.search(r"[\x00-\x1f\x7f]", plain),
        "its port is 0": address.port == 0,
        "it has a port without a host": without_host,
        "it names no user": not address.username,
        "it names no database": not address.path.strip("/"),
    }
    return next((fault for fault, found in faults.items() if found), None)
