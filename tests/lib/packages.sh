# shellcheck shell=bash
# Sees to it that the Debian packages of tests/lib/packages are there. Sourced by tests/run.

# packages_for always|slow: "slow" has all of them.
packages_for() {
    awk -v when="$1" '!/^(#|$)/ && (when == "slow" || $2 == when) { print $1 }' tests/lib/packages
}

# is_installed PACKAGE...: one of them will do, also one that another package stands for, as NodeSource's nodejs does for npm.
is_installed() {
    local package installed
    # shellcheck disable=SC2016 # dpkg-query's own variables
    installed=$(dpkg-query --show --showformat '${db:Status-Status} ${Package}, ${Provides},\n' | grep '^installed ')
    for package; do
        grep -q " ${package}[, ]" <<<"$installed" && return
    done
    return 1
}

# Of A|B, which serve alike, the first is named when there is neither.
missing_packages() {
    local package alternatives
    for package in $(packages_for "$1"); do
        IFS='|' read -ra alternatives <<<"$package"
        is_installed "${alternatives[@]}" || echo "${alternatives[0]}"
    done
}

# Nothing that is installed starts a service: tests start what they need, and an engine would change the firewall.
# (/usr/share/doc/init-system-helpers/README.policy-rc.d.gz)
without_services() {
    local policy=/usr/sbin/policy-rc.d status=0
    [ ! -e "$policy" ] || { "$@"; return; }
    printf '#!/bin/sh\nexit 101\n' > "$policy" && chmod +x "$policy"
    "$@" || status=$?
    rm -f "$policy"
    return $status
}

# install_packages always|slow: as root; anyone else is told what to type.
install_packages() {
    local missing install=(apt-get install --yes --no-install-recommends)
    mapfile -t missing < <(missing_packages "$1")
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" != 0 ]; then
        printf 'Debian packages are missing. Type, then try again:\n\n  sudo %s\n\n' "${install[*]} ${missing[*]}" >&2
        return 69
    fi
    apt-get update --quiet=2 && DEBIAN_FRONTEND=noninteractive without_services "${install[@]}" --quiet=2 "${missing[@]}"
}
