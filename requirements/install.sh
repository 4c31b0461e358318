#!/bin/sh
# Make .venv hold what requirements/dev.txt says, unless it does already.
set -eu

fingerprint=$({ pwd && cat requirements/dev.txt pyproject.toml; } | cksum)
if [ "$(cat .venv/fingerprint 2>/dev/null)" = "$fingerprint" ]; then
    exit 0
fi

fail() {
    echo "$1" >&2
    exit 1
}

find_python() {
    for name in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
}

python=$(find_python)
[ -n "$python" ] || fail "Lignage needs Python 3.11 or newer and finds none; PYTHON=/its/path names one."
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    fail "$python can't make environments: install its venv module (on Debian: apt install python3-venv)."

echo "Installing into .venv; the first time takes a minute or two."
.venv/bin/python -m pip --version >/dev/null 2>&1 || "$python" -m venv --clear .venv ||
    fail "The environment .venv can't be made here."
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
{
    .venv/bin/python -m pip install --quiet --require-hashes --requirement requirements/dev.txt &&
        .venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
} || fail "Installing failed, for the reason above; the next make goes on from here."
echo "$fingerprint" >.venv/fingerprint
