"""What the locks name is installed, that and nothing newer, by pip of any age; what has changed is installed anew."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

INSTALL = Path(__file__).parents[2] / "requirements" / "install.sh"
#: pip from this version on applies the version of a lock to a package that is wanted with an extra.
CURED = (23, 3)
#: Prints what is installed, but for the tools that install.
LIST = """
import importlib.metadata, json
found = {d.name: d.version for d in importlib.metadata.distributions()}
print(json.dumps({name: found[name] for name in found if name not in ("pip", "setuptools")}))
"""
#: Behaves like a Python that can't make environments.
WITHOUT_VENV = f'case "$2" in *ensurepip*) exit 1; esac; exec "{sys.executable}" "$@"'


class Index:
    """A folder of wheels, which pip and uv take for all there is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def release(self, name: str, version: str, *requires: str, extra: str = "") -> str:
        """Make a wheel, and give the line that locks it."""
        wheel = self.folder / f"{name}-{version}-py3-none-any.whl"
        info = f"{name}-{version}.dist-info"
        metadata = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        metadata += [f"Provides-Extra: {extra}"] * bool(extra) + [f"Requires-Dist: {other}" for other in requires]
        files = {
            f"{name}.py": "",
            f"{info}/METADATA": "\n".join(metadata) + "\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        files[f"{info}/RECORD"] = "".join(f"{file},,\n" for file in (*files, f"{info}/RECORD"))
        with zipfile.ZipFile(wheel, "w") as archive:
            for file, text in files.items():
                archive.writestr(file, text)
        return f"{name}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


class Clone:
    """A project with the script that installs, and locks of its own."""

    def __init__(self, folder: Path, index: Index) -> None:
        self.folder = folder
        self.index = index
        (folder / "requirements").mkdir(parents=True)
        (folder / "src").mkdir()
        (folder / "src" / "ours.py").touch()
        shutil.copy(INSTALL, folder / "requirements")

    def lock(self, name: str, *lines: str) -> None:
        """Write a lock."""
        (self.folder / "requirements" / f"{name}.txt").write_text("".join(lines), encoding="utf-8")

    def install(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the script, without a network, and with the wheels of the index alone."""
        names = ("PIP_", "UV_", "COV", "VIRTUAL_ENV")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(names)}
        offline = {
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.index.folder),
            "UV_NO_CONFIG": "1",
            "UV_NO_INDEX": "1",
            "UV_FIND_LINKS": str(self.index.folder),
            "UV_CACHE_DIR": str(self.index.folder / "cache"),
        }
        return subprocess.run(
            ("sh", self.folder / "requirements" / "install.sh", *arguments),
            env=kept | offline | {"UV": "", "PYTHON": sys.executable} | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def python(self, *arguments: str) -> str:
        """Run the Python of the environment, from another folder, and give what it prints."""
        command = (self.folder / ".venv" / "bin" / "python", *arguments)
        return subprocess.run(command, cwd="/", capture_output=True, text=True, check=True).stdout

    def installed(self) -> dict[str, str]:
        """The versions of what is installed."""
        listed: dict[str, str] = json.loads(self.python("-I", "-c", LIST))
        return listed

    def pip(self) -> tuple[int, ...]:
        """The version of pip."""
        numbers = re.findall(r"\d+", self.python("-m", "pip", "--version"))
        return tuple(map(int, numbers[:2]))

    def stand_in(self, script: str) -> Path:
        """Make a program that stands in for Python."""
        program = self.index.folder / "python3"
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o755)
        return program

    def makes_anew(self, *arguments: str) -> bool:
        """Whether the script would make the environment anew; it finds no Python that can."""
        program = self.stand_in(WITHOUT_VENV)
        result = self.install(*arguments, PYTHON="", PATH=f"{program.parent}:{os.environ['PATH']}")
        assert (result.returncode, result.stdout) in ((0, ""), (1, ""))
        return "apt install python3-venv" in result.stderr


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """A project whose locks are some days old: there is a newer release of each package by now."""
    index = Index(tmp_path / "index")
    clone = Clone(tmp_path / "my plant", index)
    serving = index.release("serving", "1.0")
    covering = index.release("covering", "1.0", 'parsing; extra == "toml"', extra="toml")
    parsing = index.release("parsing", "1.0")
    testing = index.release("testing", "1.0", "covering[toml]>=1")
    for name in ("serving", "covering", "parsing", "testing"):
        index.release(name, "2.0")
    clone.lock("base", serving)
    clone.lock("dev", covering, parsing, serving, testing)
    return clone


BASE = {"serving": "1.0"}
DEV = {"covering": "1.0", "parsing": "1.0", "serving": "1.0", "testing": "1.0"}
TOOLS = ["", *filter(None, [shutil.which("uv")])]


def done(result: subprocess.CompletedProcess[str]) -> Sequence[str]:
    """The lines that a successful installation printed."""
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout.splitlines()


@pytest.mark.parametrize("uv", TOOLS, ids=lambda uv: "uv" if uv else "pip")
def test_the_locks_are_installed_and_stay(clone: Clone, uv: str) -> None:
    tool = "uv" if uv else "pip"
    assert done(clone.install(UV=uv)) == [f"Installing requirements/base.txt into .venv with {tool}."]
    assert clone.installed() == BASE
    assert clone.python("-c", "import ours; print('found')") == "found\n"
    (clone.folder / ".venv" / "kept").touch()
    assert done(clone.install("dev", UV=uv)) == [f"Installing requirements/dev.txt into .venv with {tool}."]
    assert clone.installed() == DEV
    shutil.rmtree(clone.index.folder)
    for arguments in ((), ("dev",)):
        assert done(clone.install(*arguments, UV=uv)) == []
        assert done(clone.install(*arguments, UV=uv, PYTHON="")) == []
    assert (clone.folder / ".venv" / "kept").exists()


def test_a_pip_before_the_cure_fails_where_it_looks_for_dependencies(clone: Clone) -> None:
    script = clone.folder / "requirements" / "install.sh"
    text = script.read_text(encoding="utf-8")
    assert text.count(" --no-deps ") == 1
    script.write_text(text.replace(" --no-deps ", " "), encoding="utf-8")
    result = clone.install("dev")
    fault = "In --require-hashes mode, all requirements must have their versions pinned with ==" in result.stderr
    assert fault is (result.returncode != 0) is (clone.pip() < CURED)


def test_a_lock_that_lacks_something_is_refused_until_it_is_complete(clone: Clone) -> None:
    lock = clone.folder / "requirements" / "dev.txt"
    complete = lock.read_text(encoding="utf-8")
    lock.write_text(re.sub("covering.*\n", "", complete), encoding="utf-8")
    result = clone.install("dev")
    assert result.returncode == 1
    assert "testing 1.0 requires covering, which is not installed." in result.stderr
    assert done(clone.install()) == []
    assert clone.makes_anew("dev")
    lock.write_text(complete, encoding="utf-8")
    done(clone.install("dev"))
    assert clone.installed() == DEV


def test_another_lock_folder_or_python_makes_the_environment_anew(clone: Clone) -> None:
    done(clone.install())
    assert not clone.makes_anew()

    lock = clone.folder / "requirements" / "base.txt"
    text = lock.read_text(encoding="utf-8")
    lock.write_text(text + clone.index.release("more", "1.0"), encoding="utf-8")
    assert clone.makes_anew()
    lock.write_text(text, encoding="utf-8")
    assert not clone.makes_anew()

    here = clone.folder
    clone.folder = here.rename(here.with_name("our plant"))
    assert clone.makes_anew()
    clone.folder = clone.folder.rename(here)
    assert not clone.makes_anew()

    for python in (here / ".venv" / "bin").glob("python*"):
        python.unlink()
        python.symlink_to("/nowhere/python3")
    assert clone.makes_anew()
    clone.lock("base", clone.index.release("more", "1.0"))
    done(clone.install())
    assert clone.installed() == {"more": "1.0"}


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        pytest.param("exit 1", "Lignage needs Python 3.11 or newer and finds none", id="too old"),
        pytest.param(WITHOUT_VENV, "apt install python3-venv", id="without venv"),
    ],
)
def test_a_python_that_does_not_do_is_refused_in_a_line(clone: Clone, script: str, sentence: str) -> None:
    result = clone.install(PYTHON=str(clone.stand_in(script)))
    assert result.returncode == 1
    assert result.stdout == ""
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (clone.folder / ".venv").exists()


def test_anything_but_dev_is_refused(clone: Clone) -> None:
    result = clone.install("all")
    assert (result.returncode, result.stderr) == (1, "Usage: sh requirements/install.sh [dev]\n")
