# shellcheck shell=bash
# Debian's packages of a release that need not be this machine's: apt downloads and checks them, and none is installed. Shared by
# secure-boot.sh, live-system.sh and uki.sh. Sourced, never run.

to='' packages='' release=trixie mirror=http://deb.debian.org/debian

# What --help of all of them ends with.
packages_usage() {
    cat <<'TEXT'
Needs a Debian machine with any release, and apt's proxy and keys there count;
installs nothing.

TEXT
    options_usage
    cat <<'TEXT'
  --packages DIR  keep the packages there, and download none that is there:
                  a second run needs no network
  --release NAME  of Debian (default: trixie, which is 13; the GRUB of earlier
                  ones cannot load over HTTP)
  --mirror URL    default: http://deb.debian.org/debian
TEXT
}

options_usage() { echo '  --to BSROOT     the data root; or any directory, to be carried to it'; }

# own_option OPTION [VALUE]…: takes one that a script has for itself; each has a value.
own_option() { misused "unknown option '$1'"; }

# read_packages_options OPTION…: sets the four above, and makes $scratch, which goes with the script.
read_packages_options() {
    while [ $# -gt 0 ]; do
        case $1 in
            --to) to=$(value_of "$@"); shift ;;
            --packages) packages=$(value_of "$@"); shift ;;
            --release) release=$(value_of "$@"); shift ;;
            --mirror) mirror=$(value_of "$@"); shift ;;
            -h | --help) usage && exit ;;
            *) own_option "$@" && shift ;;
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

# list WHAT: the packages that something is made of: a line with the programs, then files and their SHA-256.
list() { echo "$packages/$1-$release.sha256"; }

# is_listed WHAT PROGRAM…
is_listed() {
    grep -qxF "# ${*:2}" "$(list "$1")" 2>/dev/null &&
        (cd "$packages" && sha256sum --check --status "$(list "$1")" 2>/dev/null)
}

# download_programs WHAT PROGRAM…: and everything that they need, which apt finds out; makes the list of them.
download_programs() {
    local names what=$1
    shift
    fetch_lists
    mapfile -t names < <(apt_of_release apt-get install --yes --print-uris "$@" | awk '{ print $2 }')
    [ ${#names[@]} -gt 0 ] || unavailable "$mirror does not have all of $*"
    apt_of_release apt-get install --yes --download-only -o Dir::Cache::Archives="$packages" "$@" >/dev/null ||
        unavailable "cannot download all of $* from $mirror"
    rm -rf "$packages/partial" "$packages/lock"
    (cd "$packages" && echo "# $*" && sha256sum "${names[@]}") >"$scratch/list"
    mv "$scratch/list" "$(list "$what")"
}

listed_files() { sed -n 's/^[0-9a-f]\{64\}  //p' "$(list "$1")"; }

# make_root DIRECTORY: for packages, with the links that Debian has at the top.
make_root() {
    mkdir -p "$1"/usr/{bin,sbin,lib,lib64}
    ln -s usr/bin usr/sbin usr/lib usr/lib64 "$1"
}

# unpack DEB DIRECTORY
unpack() { dpkg-deb --fsys-tarfile "$1" | tar --extract --keep-directory-symlink --no-same-owner --directory "$2"; }

# take_tools WHAT PROGRAM…: unpacks them, and all that they need, to $scratch/WHAT, from where run_tool runs them.
take_tools() {
    local name
    [ "$(dpkg --print-architecture)" = amd64 ] || unavailable "its tools run on amd64 only: take such a machine"
    is_listed "$@" || download_programs "$@"
    make_root "$scratch/$1"
    for name in $(listed_files "$1"); do unpack "$packages/$name" "$scratch/$1"; done
}

# run_tool WHAT COMMAND…: with the libraries, and the Python, that came with it; so this machine's release does not matter.
run_tool() {
    local root=$scratch/$1 command=$2
    shift 2
    set -- "$root/usr/bin/$command" "$@"
    [[ $(head -c 2 "$1") != '#!' ]] || set -- "$root/usr/bin/python3" "$@"
    PYTHONHOME=$root/usr PYTHONDONTWRITEBYTECODE=1 \
        "$root/lib64/ld-linux-x86-64.so.2" --library-path "$root/usr/lib/x86_64-linux-gnu" "$@"
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
