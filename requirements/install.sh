#!/bin/sh
# Install into .venv what a lock names:
#
#     sh requirements/install.sh        base.txt, which Lignage runs on
#     sh requirements/install.sh dev    base.txt and dev.txt, which checks and tests need as well
#
# A lock that is installed already takes no time and no network. PYTHON=/its/path names the Python to use.
# uv installs where it is on the path, otherwise pip; UV= chooses pip.
set -eu
cd "$(dirname "$0")/.."
environment=.venv/bin/python
uv=${UV-$(command -v uv || :)}
tool=${uv:+uv}
tool=${tool:-pip}

fail() {
    echo "$1" >&2
    exit 1
}

# Tell what an installed lock depends on: the lock, the folder and the Python. Fail where the Python doesn't start.
fingerprint() { # lock, python
    described=$("$2" -I -c 'import sys; print(sys.version, sys.base_prefix)' 2>/dev/null) &&
        { echo "$described" && pwd && cat "requirements/$1.txt"; } | cksum
}

is_installed() { # lock
    now=$(fingerprint "$1" "${PYTHON:-$environment}") && [ "$(cat ".venv/$1" 2>/dev/null)" = "$now" ]
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"; else set -- python3 python3.14 python3.13 python3.12 python3.11; fi
    for name; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    fail "Lignage needs Python 3.11 or newer and finds none; PYTHON=/its/path names one."
}

make_environment() {
    python=$(find_python)
    if [ $tool = uv ]; then
        UV_VENV_CLEAR=1 "$uv" venv --quiet --python "$python" .venv
    else
        "$python" -c 'import ensurepip, venv' 2>/dev/null ||
            fail "$python can't make environments: install its venv module (on Debian: apt install python3-venv), or uv."
        "$python" -m venv --clear .venv
    fi || fail "The environment .venv can't be made here."
    # Python finds the code in src and in the root, by their paths from the folder of packages.
    for packages in .venv/lib/python*/site-packages; do
        printf '%s\n' ../../../../src ../../../.. >"$packages/lignage.pth"
    done
}

pip() { # command, options
    if [ $tool = uv ]; then
        command=$1
        shift
        # Compiled as pip does, for programs that may not or must not write what they have compiled.
        UV_COMPILE_BYTECODE=1 "$uv" pip "$command" --quiet --python "$environment" "$@"
    else
        PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore "$environment" -I -m pip "$@"
    fi
}

# The lock is complete, so nothing is looked for beside it. Looking for what a package with an extra depends on, a pip
# before 23.3 takes the newest release instead of the lock's, and then has no hash for it.
install() { # lock
    { pip install --no-deps --require-hashes --requirement "requirements/$1.txt" || echo failed; } |
        show_progress "$(grep -c == "requirements/$1.txt")"
}

# Read what pip prints, count the packages in one line of a terminal, and fail where pip did.
show_progress() { # number of packages
    number=0
    result=0
    while read -r word name _; do
        case $word in
            Collecting | Requirement | Ignoring) number=$((number + 1)) && progress "$number of $1: ${name%:}" ;;
            Installing) progress "$1 of $1: unpacking" ;;
            failed) result=1 ;;
        esac
    done
    progress ""
    return $result
}

progress() { # text
    if [ -t 1 ]; then printf '\r\033[K%s' "$1"; fi
}

[ $# -eq 0 ] || [ "$*" = dev ] || fail "Usage: sh requirements/install.sh [dev]"

if is_installed base && { [ $# -eq 0 ] || is_installed dev; }; then
    exit 0
fi

# dev.txt is added to base.txt. What was interrupted, or made for another lock, folder or Python, is made anew.
if ! is_installed base || [ -e .venv/dev ] || { [ $tool = pip ] && ! pip --version >/dev/null 2>&1; }; then
    make_environment
fi
for lock in base "$@"; do
    is_installed "$lock" && continue
    echo "Installing requirements/$lock.txt into .venv with $tool."
    echo unfinished >".venv/$lock"
    install "$lock" || fail "Installing failed, for the reason above; the next try keeps what was fetched."
    conflicts=$(pip check 2>&1) || fail "$conflicts"
    fingerprint "$lock" "$environment" >".venv/$lock"
done
