#!/bin/bash
# Puts the signed boot loaders for machines with Secure Boot into a data root, from Debian's packages.
set -euo pipefail
. "$(dirname "$0")/common.sh"

usage() {
    cat <<'EOF'
Usage: docker/secure-boot.sh --to BSROOT [--packages DIR] [--release NAME] [--mirror URL]

Puts shimx64.efi and grubx64.efi, signed by Microsoft and by Debian, into BSROOT/tftpboot, from Debian's packages shim-signed
and grub-efi-amd64-signed, which apt downloads and checks. Needs a Debian machine with any release; installs nothing.

  --to BSROOT     the data root; or any directory, to be carried to it
  --packages DIR  keep the packages there, and download none that is there: a second run needs no network
  --release NAME  of Debian (default: trixie, which is 13; the GRUB of earlier ones cannot load over HTTP)
  --mirror URL    default: http://deb.debian.org/debian
EOF
}

# apt with lists and settings of its own, for a release that is not this machine's; its proxy and keys count.
apt_of_release() {
    "$1" -qq -o Dir::Etc::SourceList="$scratch/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State::Lists="$scratch/lists" -o Dir::State::Status=/dev/null -o Dir::Cache="$scratch/cache" \
        -o APT::Architecture=amd64 -o APT::Architectures::=amd64 -o APT::Sandbox::User=root "${@:2}"
}

download() {
    mkdir -p "$scratch/lists/partial" "$scratch/cache/archives/partial"
    echo "deb $mirror $release main" >"$scratch/sources.list"
    apt_of_release apt-get update || unavailable "$mirror does not have Debian $release, or cannot be reached"
    (cd "$packages" && apt_of_release apt-get download "$@") ||
        unavailable "$mirror does not have $*"
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

# put PACKAGE FILE NAME: a file of a package, whole or not at all.
put() {
    local deb
    deb=$(package "$1")
    dpkg-deb --fsys-tarfile "$deb" | tar --extract --to-stdout ".$2" >"$to/tftpboot/.$3.new" ||
        unavailable "$deb does not have $2"
    chmod 644 "$to/tftpboot/.$3.new"
    sync "$to/tftpboot/.$3.new"
    mv "$to/tftpboot/.$3.new" "$to/tftpboot/$3"
    echo "$to/tftpboot/$3: ${deb##*/}"
}

to='' packages='' release=trixie mirror=http://deb.debian.org/debian
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
for tool in apt-get dpkg-deb; do
    command -v "$tool" >/dev/null || unavailable "$tool is missing: this is no Debian machine"
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
packages=${packages:-$scratch/packages}
mkdir -p "$packages" "$to/tftpboot"
put shim-signed /usr/lib/shim/shimx64.efi.signed shimx64.efi
put grub-efi-amd64-signed /usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed grubx64.efi
