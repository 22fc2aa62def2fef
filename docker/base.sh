#!/bin/bash
# Makes a Debian base image from this machine's own package sources, for places where no registry can be reached.
set -euo pipefail
. "$(dirname "$0")/common.sh"

usage() {
    cat <<'EOF'
Usage: docker/base.sh [--release NAME] [--arch ARCH] [--image NAME] [--tool docker|podman|buildah]

Makes the image that docker/build.sh can start from when no registry can be reached: a minimal Debian, from the mirrors
that this machine has its own packages from. Needs root, a Debian machine of any release, and mmdebstrap; takes half a
minute.

  --release NAME  of Debian (default: trixie, which is 13)
  --arch ARCH     amd64 (default) or arm64, or amd64,arm64 for one name that is both; another one than this machine's
                  needs qemu-user-static, and minutes
  --image NAME    what to call it (default: localhost/debian-base:RELEASE, as localhost/debian-base:trixie)
  --tool TOOL     where to put it (default: the first of docker, podman, buildah that works)

Then:  docker/build.sh --base localhost/debian-base:trixie
EOF
}

# debian_sources RELEASE: where this machine has Debian from, and there that release with its updates, one line each; those of
# other vendors are of no use to the image.
debian_sources() {
    local url label
    # shellcheck disable=SC2016 # apt fills these in
    apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(LABEL)' 'Created-By: Packages' | sort -u |
        while read -r url label; do
            case $label in
                'Debian Debian') printf 'deb %s %s main\n' "$url" "$1" "$url" "$1-updates" ;;
                'Debian Debian-Security') printf 'deb %s %s main\n' "$url" "$1-security" ;;
            esac
        done
}

# debian_archive ARCH RELEASE FILE SOURCE...: a root file system without what only people read.
debian_archive() {
    mmdebstrap --quiet --mode=root --variant=minbase --format=tar --architectures="$1" \
        --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        "${@:2}"
}

# import_image TOOL FILE NAME ARCH
import_image() {
    case $1 in
        docker) docker import --platform "linux/$4" "$2" "$3" ;;
        podman) podman import --arch "$4" "$2" "$3" ;;
        buildah)
            local container
            container=$(buildah from --arch "$4" scratch)
            buildah add --quiet "$container" "$2" /
            buildah config --arch "$4" "$container"
            buildah commit --quiet --rm "$container" "$3"
            ;;
    esac
}

release=trixie image='' tool='' arch=amd64
while [ $# -gt 0 ]; do
    case $1 in
        --release) release=$(value_of "$@"); shift ;;
        --arch) arch=$(value_of "$@"); shift ;;
        --image) image=$(value_of "$@"); shift ;;
        --tool) tool=$(value_of "$@"); shift ;;
        -h | --help) usage && exit ;;
        *) misused "unknown option '$1'" ;;
    esac
    shift
done
image=${image:-localhost/debian-base:$release}

tool=$(container_tool "$tool")
read_architectures "$arch" "$tool"
[ "$(id -u)" = 0 ] || unavailable "making a root file system needs root"
command -v mmdebstrap >/dev/null || unavailable "mmdebstrap is missing; apt-get install mmdebstrap"
mapfile -t sources < <(debian_sources "$release")
[ ${#sources[@]} -gt 0 ] || unavailable "apt knows no Debian sources yet; apt-get update"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for arch in "${archs[@]}"; do
    debian_archive "$arch" "$release" "$scratch/debian.tar" "${sources[@]}"
    import_image "$tool" "$scratch/debian.tar" "$(name_of "$image" "$arch")" "$arch" >/dev/null
    rm "$scratch/debian.tar"
done
join "$tool" "$image" "$image"
echo "$image"
