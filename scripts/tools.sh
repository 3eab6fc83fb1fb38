#!/usr/bin/env bash
# The tests need a Chromium and the PostgreSQL server programs. Installs what is missing where we may, else says plainly what to install.
set -uo pipefail

# The headless shell is Chromium without its own windows: the same pages for less of the processor.
have_browser() { command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome; }
have_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' || command -v initdb; }

missing=()
have_browser >/dev/null || missing+=(chromium-headless-shell)
have_postgres >/dev/null || missing+=(postgresql)
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -eq 0 ]; then
    root=()
elif sudo -n true 2>/dev/null; then
    root=(sudo -n)
else
    root=(false)
fi
if [ "${root[*]}" != false ] && command -v apt-get >/dev/null; then
    echo "Installerar ${missing[*]} …"
    # A cluster of Debian's own is not wanted: the tests make a temporary one.
    "${root[@]}" mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] ||
        echo "create_main_cluster = false" | "${root[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive sh -c \
        "apt-get -qq update && { apt-get -qq install --no-install-recommends -y ${missing[*]} || apt-get -qq install --no-install-recommends -y ${missing[*]/chromium-headless-shell/chromium}; }" </dev/null >/dev/null 2>&1
fi

status=0
have_browser >/dev/null || { echo "Chromium saknas. Installera det (Debian: apt-get install chromium) och kör make test igen." >&2; status=1; }
have_postgres >/dev/null || { echo "PostgreSQL saknas. Installera det (Debian: apt-get install postgresql) och kör make test igen." >&2; status=1; }
exit $status
