"""What is locked is locked by versions and hashes; where to get it from is the business of whoever installs."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = [*sorted((ROOT / "requirements").glob("*.txt")), ROOT / "examples/react/package-lock.json"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_host(lock: Path) -> None:
    lines = lock.read_text(encoding="utf-8").splitlines()
    assert any("sha512-" in line or "sha256:" in line for line in lines)
    assert [line for line in lines if "://" in line] == []
