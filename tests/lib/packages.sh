# shellcheck shell=bash
# Sees to it that the Debian packages of tests/lib/packages are there. Sourced by tests/run.

# packages_for always|slow: "slow" has all of them.
packages_for() {
    awk -v when="$1" '!/^(#|$)/ && (when == "slow" || $2 == when) { print $1 }' tests/lib/packages
}

# missing_packages always|slow: of names with | between, one that is installed is enough; else the first is wanted.
missing_packages() {
    local package
    for package in $(packages_for "$1"); do
        # shellcheck disable=SC2086 # each of the names is an argument
        { dpkg-query --show --showformat '${db:Status-Status}\n' ${package//|/ } 2>/dev/null || true; } | grep -qx installed || echo "${package%%|*}"
    done
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
    apt-get update --quiet=2 && DEBIAN_FRONTEND=noninteractive "${install[@]}" --quiet=2 "${missing[@]}"
}
