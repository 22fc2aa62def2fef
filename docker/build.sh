#!/bin/bash
# Publishes the program and builds the container image around it.
set -euo pipefail
. "$(dirname "$0")/common.sh"

usage() {
    cat <<'EOF'
Usage: docker/build.sh [--tag NAME] [--base IMAGE] [--arch ARCH] [--tool docker|podman|buildah]

Publishes the program (self-contained: the image needs no .NET) and builds the image of docker/Dockerfile around it.
Needs the .NET SDK and a container tool.

  --tag NAME     what to call the image (default: bootstrapper:VERSION; bootstrapper:latest is set as well)
  --base IMAGE   the Debian to start from (default: debian:trixie-slim);
                 docker/base.sh makes one where no registry can be reached
  --arch ARCH    amd64 (default) or arm64; another one than this machine's needs qemu-user-static and some minutes;
                 amd64,arm64 for one name that is both (podman and buildah alone), which are also there by
                 themselves, as NAME-amd64 and NAME-arm64
  --tool TOOL    default: the first of docker, podman, buildah that works

Then, with a cluster-desc.yml in /srv/bsroot, which root must own:

  docker run -d --name bootstrapper --restart unless-stopped --network host \
    --cap-drop ALL --cap-add NET_ADMIN --cap-add NET_RAW --cap-add NET_BIND_SERVICE \
    --cap-add CHOWN --cap-add DAC_OVERRIDE --cap-add KILL --cap-add SETGID --cap-add SETUID --cap-add SETPCAP \
    -v /srv/bsroot:/bsroot bootstrapper
EOF
}

# Which files went in: the commit, marked when the checkout differs from it.
revision() { git -C "$repository" describe --always --abbrev=40 --exclude='*' --dirty 2>/dev/null || echo unknown; }

# build_image ARCH NAME FOLDER: the folder is all that the build gets to see.
# podman and buildah would write the OCI format, which has no health check. The host's network needs no plug-in and
# reaches the package mirrors that the host reaches.
build_image() {
    local arguments=(--file "$repository/docker/Dockerfile" --platform "linux/$1" --network host --tag "$2"
        --build-arg "VERSION=$(program_version)" --build-arg "REVISION=$(revision)" --build-arg "CREATED=$(created)")
    [ -z "$base" ] || arguments+=(--build-arg "BASE=$base")
    [ "$tool" = docker ] || arguments+=(--format docker --layers)
    "$tool" build "${arguments[@]}" "$3"
}

tag='' base='' arch=amd64 tool=''
while [ $# -gt 0 ]; do
    case $1 in
        --tag) tag=$(value_of "$@"); shift ;;
        --base) base=$(value_of "$@"); shift ;;
        --arch) arch=$(value_of "$@"); shift ;;
        --tool) tool=$(value_of "$@"); shift ;;
        -h | --help) usage && exit ;;
        *) misused "unknown option '$1'" ;;
    esac
    shift
done

tool=$(container_tool "$tool")
read_architectures "$arch" "$tool"
command -v dotnet >/dev/null || unavailable "the .NET SDK (dotnet) is missing"
tag=${tag:-bootstrapper:$(program_version)}
for arch in "${archs[@]}"; do
    folder=$repository/artifacts/image/$arch
    publish "$arch" "$folder"
    build_image "$arch" "$(name_of "$tag" "$arch")" "$folder"
done
join "$tool" "$tag" "$tag"
join "$tool" "$tag" "${tag%:*}:latest"
echo "$tag"
