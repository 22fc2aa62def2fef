#!/bin/bash
# Builds the image and hands it on: to a file for machines without internet, to a registry, or both.
set -euo pipefail
. "$(dirname "$0")/common.sh"

usage() {
    cat <<'EOF'
Usage: docker/release.sh [--save FILE.tar] [--push REPOSITORY] [--base IMAGE] [--arch amd64|arm64] [--tool TOOL]

Builds the image as docker/build.sh does (which explains --base, --arch and --tool), then hands it on.

  --save FILE.tar     writes it to a file for a machine without internet; carry it there and
                        docker load --input FILE.tar
                      which makes it known as bootstrapper:VERSION and, where Docker
                      wrote the file, as bootstrapper too
  --push REPOSITORY   pushes REPOSITORY:VERSION, for example registry.example.org/infra/bootstrapper;
                      log in with the container tool first

The version is the one of src/Bootstrapper/Bootstrapper.csproj. The label org.opencontainers.image.revision names
the commit, and ends in -dirty when the checkout differed from it.
EOF
}

# save TOOL IMAGE FILE: whole or not at all. podman and buildah would put localhost/ before the name, and write one name only.
save() {
    rm -f "$3.part"
    case $1 in
        docker) docker save --output "$3.part" "$2" "${2%:*}:latest" ;;
        *) "$1" push --quiet "$2" "docker-archive:$3.part:$2" ;;
    esac
    mv "$3.part" "$3"
    say "saved $2 to $3"
}

# push TOOL IMAGE TARGET
push() {
    "$1" tag "$2" "$3"
    "$1" push "$3"
    say "pushed $3"
}

file='' target='' tool='' build=()
while [ $# -gt 0 ]; do
    case $1 in
        --save) file=$(value_of "$@"); shift ;;
        --push) target=$(value_of "$@"); shift ;;
        --tool) tool=$(value_of "$@"); shift ;;
        --base | --arch) value=$(value_of "$@"); build+=("$1" "$value"); shift ;;
        -h | --help) usage && exit ;;
        *) misused "unknown option '$1'" ;;
    esac
    shift
done

tool=$(container_tool "$tool")
image=bootstrapper:$(program_version)
"$(dirname "$0")/build.sh" --tool "$tool" --tag "$image" "${build[@]}"
[ -z "$file" ] || save "$tool" "$image" "$file"
[ -z "$target" ] || push "$tool" "$image" "$target:${image#*:}"
