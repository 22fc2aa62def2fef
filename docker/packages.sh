# shellcheck shell=bash
# Debian's packages of a release that need not be this machine's: apt downloads and checks them, and none is installed. Shared by
# secure-boot.sh and live-system.sh. Sourced, never run.

to='' packages='' release=trixie mirror=http://deb.debian.org/debian

# What --help of both ends with.
packages_usage() {
    cat <<'TEXT'
Needs a Debian machine with any release, and apt's proxy and keys there count; installs nothing.

  --to BSROOT     the data root; or any directory, to be carried to it
  --packages DIR  keep the packages there, and download none that is there: a second run needs no network
  --release NAME  of Debian (default: trixie, which is 13; the GRUB of earlier ones cannot load over HTTP)
  --mirror URL    default: http://deb.debian.org/debian
TEXT
}

# read_packages_options OPTION…: sets the four above, and makes $scratch, which goes with the script.
read_packages_options() {
    while [ $# -gt 0 ]; do
        case $1 in
            --to) to=$(value_of "$@"); shift ;;
            --packages) packages=$(value_of "$@"); shift ;;
            --release) release=$(value_of "$@"); shift ;;
            --mirror) mirror=$(value_of "$@"); shift ;;
            -h | --help) usage && exit ;;
            *) misused "unknown option '$1'" ;;
        esac
        shift
    done
    [ -n "$to" ] || misused "--to is missing"
    needs apt-get dpkg-deb
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    packages=${packages:-$scratch/packages}
    mkdir -p "$packages"
    packages=$(realpath "$packages")
}

# needs TOOL…
needs() {
    local tool
    for tool in "$@"; do
        PATH=$PATH:/usr/sbin:/sbin command -v "$tool" >/dev/null || unavailable "$tool is missing: take a Debian machine"
    done
}

# apt with lists and settings of its own.
apt_of_release() {
    "$1" -qq -o Dir::Etc::SourceList="$scratch/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State::Lists="$scratch/lists" -o Dir::State::Status=/dev/null -o Dir::Cache="$scratch/cache" \
        -o APT::Architecture=amd64 -o APT::Architectures::=amd64 -o APT::Sandbox::User=root \
        -o APT::Install-Recommends=false "${@:2}"
}

fetch_lists() {
    [ ! -e "$scratch/sources.list" ] || return 0
    mkdir -p "$scratch/lists/partial" "$scratch/cache/archives/partial"
    echo "deb $mirror $release main" >"$scratch/sources.list"
    apt_of_release apt-get update || unavailable "$mirror does not have Debian $release, or cannot be reached"
}

download() {
    fetch_lists
    (cd "$packages" && apt_of_release apt-get download "$@") || unavailable "$mirror does not have $*"
}

# package NAME: the file that it is in, which is downloaded where it is not there; the newest of several.
package() {
    local found
    found=$(find "$packages" -name "${1}_*_amd64.deb" | sort -V | tail -n 1)
    if [ -z "$found" ]; then
        download "$1"
        found=$(find "$packages" -name "${1}_*_amd64.deb")
    fi
    printf '%s' "$found"
}

# put FILE NAME…: each file becomes its NAME in the data root, whole or not at all, and none before there is room for all.
put() {
    local i files=() names=()
    while [ $# -gt 0 ]; do
        files+=("$1") names+=("$to/$2")
        shift 2
    done
    for i in "${!files[@]}"; do
        mkdir -p "${names[i]%/*}"
        if ! { cp "${files[i]}" "${names[i]}.new" && chmod 644 "${names[i]}.new" && sync "${names[i]}.new"; }; then
            rm -f "${names[@]/%/.new}"
            unavailable "cannot write ${names[i]}"
        fi
    done
    for i in "${!files[@]}"; do mv "${names[i]}.new" "${names[i]}"; done
}
