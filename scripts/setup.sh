#!/usr/bin/env bash
# Makes .venv and installs a lock file into it: `setup.sh PYTHON LOCKFILE`. uv when it can be had, else pip; the same hashes.
set -euo pipefail
python=$1
lock=$2

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Python 3.11 eller nyare behövs. Ange en med make PYTHON=/sökväg/till/python3.11 …" >&2
    exit 1
fi
if [ ! -x .venv/bin/python ]; then
    if ! "$python" -m venv .venv; then
        rm -rf .venv
        echo "Det gick inte att skapa .venv. På Debian: apt-get install python3-venv" >&2
        exit 1
    fi
fi
mkdir -p .venv/stamps

if [ ! -x .venv/bin/uv ]; then
    .venv/bin/python -m pip install --quiet uv 2>/dev/null || echo "uv gick inte att hämta; använder pip, det tar längre tid."
fi
echo "Installerar $lock …"
if [ -x .venv/bin/uv ] && .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r "$lock"; then
    exit 0
fi
.venv/bin/python -m pip install --quiet --require-hashes -r "$lock"
