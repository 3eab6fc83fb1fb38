# shellcheck shell=bash
# Sourced by setup.sh and tools.sh. Installs Debian packages where we may: as root, or with a sudo that asks nothing.

may_install() {
    command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

# install_debian PACKAGE…: 'this|that' is a package and one to take when it is not to be had. Where it fails, apt's own reasons are told.
install_debian() {
    local package log status=0
    log=$(mktemp)
    echo "Installerar ${*%%|*} …"
    if ! as_root apt-get -qq update </dev/null >"$log" 2>&1; then
        apt_reasons "$log"
    fi
    for package in "$@"; do
        install_one "${package%%|*}" >"$log" 2>&1 || install_one "${package##*|}" >"$log" 2>&1 || { apt_reasons "$log"; status=1; }
    done
    rm -f "$log"
    return $status
}

install_one() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends -y "$1" </dev/null
}

apt_reasons() {
    grep -E '^[EW]:' "$1" | tail -n 2 | sed 's/^/  apt-get: /' >&2
}
