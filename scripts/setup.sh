#!/usr/bin/env bash
# Makes .venv and installs a lock file into it: `setup.sh PYTHON LOCKFILE`. uv when it can be had, else pip; the same hashes.
set -euo pipefail
python=$1
lock=$2
source "$(dirname "$0")/debian.sh"

stop() {
    printf '%s\n' "$@" >&2
    exit 1
}

# Debian keeps this part of Python in a package of its own.
have_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }

make_venv() {
    if ! have_venv && may_install; then
        install_debian python3-venv || true
    fi
    have_venv || stop "Pythons del för egna miljöer (venv) saknas. Installera den (Debian: apt-get install python3-venv) och kör igen."
    "$python" -m venv .venv && return
    rm -rf .venv
    stop "Det gick inte att skapa .venv i $PWD. Varför står ovanför."
}

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    stop "Python 3.11 eller nyare behövs. Ange en med make PYTHON=/sökväg/till/python3.11 …"
fi
[ -x .venv/bin/python ] || make_venv
mkdir -p .venv/stamps

if [ ! -x .venv/bin/uv ]; then
    .venv/bin/python -m pip install --quiet uv 2>/dev/null || echo "uv gick inte att hämta; använder pip, det tar längre tid."
fi
echo "Installerar $lock …"
if [ -x .venv/bin/uv ] && .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r "$lock"; then
    exit 0
fi
.venv/bin/python -m pip install --quiet --require-hashes -r "$lock"
