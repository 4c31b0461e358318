"""Tables of cases that are one test: a table of fifty takes less time so than five tests do."""

from collections.abc import Callable, Iterable
from functools import wraps
from inspect import signature
from typing import Any

Test = Callable[..., None]


def for_each(names: str | tuple[str, ...], cases: Iterable[Any]) -> Callable[[Test], Test]:
    """As `pytest.mark.parametrize`, but all cases are one test, which stops at the first that fails and names it.

    For cases that leave nothing behind: they share their fixtures.
    """
    table = list(cases)
    names = (names,) if isinstance(names, str) else names

    def decorate(test: Test) -> Test:
        @wraps(test)
        def all_cases(**others: Any) -> None:
            for case in table:
                stated = dict(zip(names, case if len(names) > 1 else (case,), strict=True))
                try:
                    test(**stated, **others)
                except BaseException as error:
                    error.add_note(f"with {stated}")
                    raise

        whole = signature(test)
        left = [parameter for name, parameter in whole.parameters.items() if name not in names]
        all_cases.__signature__ = whole.replace(parameters=left)  # type: ignore[attr-defined]  # pytest looks there
        return all_cases

    return decorate
