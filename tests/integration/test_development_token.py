"""The token for development is kept while it is good for long enough; the one of an earlier version is revoked."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import development_token as module
from config.console import CannotRunError
from config.development_token import development_token, revoke_former_token

Manage = Callable[..., str]


@pytest.fixture
def called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, ...]]]:
    """Give the commands that were run, each of which answers another token."""
    calls: list[tuple[str, ...]] = []

    def manage(*arguments: str, environment: object, given: str = "") -> str:
        calls.append((*arguments, given))
        return f"lignage_{len(calls)}"

    monkeypatch.setenv("LIGNAGE_STATE", str(tmp_path))
    monkeypatch.setattr(module, "manage", manage)
    return calls


def refuse(*arguments: str, environment: object, given: str = "") -> str:
    """A command that fails."""
    raise CannotRunError(f"manage.py {arguments[0]} ended with exit code 1.")


def test_it_is_kept_for_its_database_and_replaced_before_it_ends(called: list[tuple[str, ...]], tmp_path: Path) -> None:
    before = datetime.now(UTC)
    first = development_token("A", {})
    assert first is not None
    assert before + timedelta(hours=12) <= first.until <= datetime.now(UTC) + timedelta(hours=12)
    assert development_token("A", {}) == first
    other = development_token("B", {})
    assert other is not None
    assert other.secret != first.secret
    kept = tmp_path / "development-token-A"
    for minutes, same in ((121, True), (119, False)):
        kept.write_text(f"{first.secret} {(datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()}")
        found = development_token("A", {})
        assert found is not None
        assert (found.secret == first.secret) is same
    assert called == [("create_token", "developer", "--development", "")] * 3
    assert kept.stat().st_mode & 0o777 == 0o600


def test_lignage_starts_where_developer_may_not_have_one(
    called: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "manage", refuse)
    assert development_token("A", {}) is None
    assert capsys.readouterr().out == "manage.py create_token ended with exit code 1.\n"


@pytest.mark.parametrize("revoked_already", [False, True])
def test_a_token_that_an_earlier_version_kept_is_revoked(
    called: list[tuple[str, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, revoked_already: bool
) -> None:
    (tmp_path / "token-A").write_text("lignage_for_ever")
    (tmp_path / "token-B").write_text("lignage_of_another_database")
    if revoked_already:
        monkeypatch.setattr(module, "manage", refuse)
    for _ in range(2):
        revoke_former_token("A", {})
    assert called == ([] if revoked_already else [("revoke_token", "lignage_for_ever")])
    assert [path.name for path in tmp_path.iterdir()] == ["token-B"]
