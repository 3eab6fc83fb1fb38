#!/usr/bin/env bash
# The tests need a Chromium, what Playwright's own node is linked to, and the PostgreSQL server programs. Installs what is missing where we may, else says plainly what to install.
set -uo pipefail
source "$(dirname "$0")/debian.sh"

# The headless shell is Chromium without its own windows: the same pages for less of the processor.
have_browser() { command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome; }
have_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' || command -v initdb; }
# Playwright's node comes in its wheel, but not the one library that the smallest Debian lacks.
have_libatomic() {
    local node
    for node in .venv/lib/python3*/site-packages/playwright/driver/node; do
        [ ! -x "$node" ] || "$node" --version || return 1
    done
}

# A cluster of Debian's own is not wanted: the tests make a temporary one.
without_cluster() {
    [ -e /etc/postgresql-common/createcluster.conf ] && return
    as_root mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
}

missing=()
have_browser >/dev/null || missing+=('chromium-headless-shell|chromium')
have_postgres >/dev/null || missing+=(postgresql)
have_libatomic >/dev/null 2>&1 || missing+=(libatomic1)
[ ${#missing[@]} -eq 0 ] && exit 0

if may_install; then
    without_cluster
    install_debian "${missing[@]}"
fi

status=0
have_browser >/dev/null || { echo "Chromium saknas. Installera det (Debian: apt-get install chromium) och kör make test igen." >&2; status=1; }
have_postgres >/dev/null || { echo "PostgreSQL saknas. Installera det (Debian: apt-get install postgresql) och kör make test igen." >&2; status=1; }
have_libatomic >/dev/null 2>&1 || { echo "Playwright startar inte. Installera det som saknas (Debian: apt-get install libatomic1) och kör make test igen." >&2; status=1; }
exit $status
