#!/bin/sh
# Installs the Debian packages that a set of programs needs, when they are missing.
#
#   scripts/debian_packages.sh venv      what `make run` needs: Python's venv module
#   scripts/debian_packages.sh compiler  where a Python package is not ready-made for the processor
#   scripts/debian_packages.sh test      what the tests need: real phones and a browser
#
# Nothing happens when all is there. Without the right to install (not root, no sudo without a
# password) it says what to type and ends with 1; the caller decides whether that matters.
set -eu

case "${1:-}" in
venv) wanted="ensurepip:python3-venv" ;;
compiler) wanted="gcc:build-essential python3-config:python3-dev" ;;
test) wanted="baresip:baresip-core sipp:sip-tester chromium:chromium" ;;
*)
    echo "usage: $0 venv|compiler|test" >&2
    exit 2
    ;;
esac

python=${PYTHON:-python3}
missing=""
for pair in $wanted; do
    program=${pair%%:*}
    package=${pair#*:}
    if [ "$program" = ensurepip ]; then
        "$python" -c "import ensurepip, venv" 2>/dev/null && continue
        # Debian names the package after the version that the interpreter has.
        package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    elif command -v "$program" >/dev/null 2>&1; then
        continue
    fi
    missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    become=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    become="sudo -n"
else
    echo "Missing Debian packages:$missing" >&2
    echo "Install them with: sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "Missing programs, and no apt-get here; their Debian packages are:$missing" >&2
    exit 1
fi

export DEBIAN_FRONTEND=noninteractive
echo "Installing Debian packages:$missing" >&2
# shellcheck disable=SC2086 # both are lists of words
$become apt-get update -q >&2 || echo "apt-get update failed; going on with the lists at hand" >&2
# shellcheck disable=SC2086
$become apt-get install -y -q --no-install-recommends $missing >&2
