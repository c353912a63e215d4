#!/bin/bash
# Every test: the fast ones on all cores, then real phones and the browser one after the other (they
# share ports, processes and the clock). Both parts run whatever the first says; the last line says
# how each went, and the exit code is 0 only when both passed.
cd "$(dirname "$0")/.." || exit 1

.venv/bin/python -m pytest -m fast -n auto
fast=$?
if [ "$fast" -eq 2 ]; then # Ctrl-C, or a file of tests that cannot be read
    echo "Tests: stopped during the fast ones."
    exit 2
fi
.venv/bin/python -m pytest -m "not fast" --durations=20
rest=$?

# pytest's 5 is "no test was found": that is no pass.
how() { if [ "$1" -eq 0 ]; then echo passed; else echo "FAILED (pytest ended with $1)"; fi; }
echo "Tests: fast ones $(how "$fast"); real phones and browser $(how "$rest")."
[ "$fast" -eq 0 ] && [ "$rest" -eq 0 ]
