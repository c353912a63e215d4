#!/usr/bin/env bash
# Makes .venv hold exactly what a requirements file pins, and our own package, editable.
#
#   scripts/prepare.sh requirements.txt          to run
#   scripts/prepare.sh requirements-dev.txt      to test
#
# What was installed is remembered by the hash of what asked for it, so a second start installs and
# downloads nothing. The test set contains the run set: after `make test`, `make run` adds nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
wanted=${1:?which requirements file}
python=${PYTHON:-python3}
stamp=.venv/prepared

# The folder is part of it: an environment copied or moved elsewhere has scripts that point back.
sum() { { pwd; cat requirements.txt pyproject.toml; [ "$1" = requirements.txt ] || cat "$1"; } | sha256sum | cut -d' ' -f1; }
if [ -f "$stamp" ] && [ -x .venv/bin/python ]; then
    for have in "$(sum "$wanted")" "$(sum requirements-dev.txt)"; do
        if grep -q "^$have\$" "$stamp"; then exit 0; fi
    done
fi

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Office Smart needs Python 3.11 or later; '$python' is older or missing." >&2
    echo "Install it (Debian 12: apt-get install python3) or name another: make run PYTHON=python3.11" >&2
    exit 1
fi

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    rm -rf .venv
    PYTHON=$python scripts/debian_packages.sh venv || true
    if ! "$python" -m venv .venv 2>/dev/null; then
        # No venv package and no right to install it: a pip that is already here can fill the folder.
        rm -rf .venv
        "$python" -m venv --without-pip .venv
        if ! "$python" -m pip --python .venv/bin/python install --quiet pip; then
            rm -rf .venv
            echo "Python's venv module is incomplete here. Install it, then start again:" >&2
            echo "  sudo apt-get install python3-venv" >&2
            exit 1
        fi
    fi
fi

echo "Installing Python packages ($wanted); this happens once." >&2
pip() { .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@"; }
if ! pip --only-binary :all: -r "$wanted"; then
    # An uncommon processor, or a newer Python than a package has been built for.
    echo "Some package is not ready-made for this machine: compiling it." >&2
    PYTHON=$python scripts/debian_packages.sh compiler
    pip -r "$wanted"
fi
pip --no-deps --editable .
sum "$wanted" >"$stamp"
