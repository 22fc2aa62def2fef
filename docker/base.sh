#!/bin/bash
# Makes a Debian base image from this machine's own package sources, for places where no registry can be reached.
set -euo pipefail
. "$(dirname "$0")/common.sh"

usage() {
    cat <<'EOF'
Usage: docker/base.sh [--image NAME] [--tool docker|podman|buildah]

Makes the image that docker/build.sh can start from when no registry can be reached: a minimal Debian, of the
same release and from the same package sources as this machine. Needs root and mmdebstrap; takes half a minute.

  --image NAME   what to call it (default: localhost/debian-base:RELEASE, as localhost/debian-base:bookworm)
  --tool TOOL    where to put it (default: the first of docker, podman, buildah that works)

Then:  docker/build.sh --base localhost/debian-base:bookworm
EOF
}

# This machine's Debian sources, one line each; those of other vendors are of no use to the image.
debian_sources() {
    # shellcheck disable=SC2016 # apt fills these in
    apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT) # $(ORIGIN)' 'Created-By: Packages' |
        sed -n 's/ # Debian$//p' | sort -u
}

# debian_archive RELEASE FILE SOURCE...: a root file system without what only people read.
debian_archive() {
    mmdebstrap --quiet --mode=root --variant=minbase --format=tar \
        --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        "$@"
}

# import_image TOOL FILE NAME
import_image() {
    case $1 in
        docker | podman) "$1" import "$2" "$3" ;;
        buildah)
            local container
            container=$(buildah from scratch)
            buildah add --quiet "$container" "$2" /
            buildah commit --quiet --rm "$container" "$3"
            ;;
    esac
}

# shellcheck source=/dev/null
release=$(. /etc/os-release && printf '%s' "$VERSION_CODENAME")
image=localhost/debian-base:$release
tool=''
while [ $# -gt 0 ]; do
    case $1 in
        --image) image=$(value_of "$@"); shift ;;
        --tool) tool=$(value_of "$@"); shift ;;
        -h | --help) usage && exit ;;
        *) misused "unknown option '$1'" ;;
    esac
    shift
done

tool=$(container_tool "$tool")
[ "$(id -u)" = 0 ] || unavailable "making a root file system needs root"
command -v mmdebstrap >/dev/null || unavailable "mmdebstrap is missing; apt-get install mmdebstrap"
mapfile -t sources < <(debian_sources)
[ ${#sources[@]} -gt 0 ] || unavailable "apt knows no Debian sources yet; apt-get update"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
debian_archive "$release" "$scratch/debian.tar" "${sources[@]}"
import_image "$tool" "$scratch/debian.tar" "$image" >/dev/null
echo "$image"
