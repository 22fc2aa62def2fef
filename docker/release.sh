#!/bin/bash
# Builds the image and hands it on: to a file for machines without internet, to a registry, as a release, or all of them.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/archive.sh"

usage() {
    cat <<'USAGE'
Usage: docker/release.sh [--save FILE.tar] [--push REPOSITORY] [--to DIR [--sign KEY]]
                         [--base IMAGE] [--arch ARCH] [--tool TOOL]

Builds the image as docker/build.sh does (which explains --base, --arch and --tool), then hands it on.

  --save FILE.tar     writes it to a file for a machine without internet; carry it there and
                        docker load --input FILE.tar
                      which makes it known as bootstrapper:VERSION and, where Docker
                      wrote the file, as bootstrapper too. With --arch amd64,arm64 the file holds both: podman
                      takes that of its machine, Docker before 29 the one that is named first.
  --push REPOSITORY   pushes REPOSITORY:VERSION, for example registry.example.org/infra/bootstrapper;
                      log in with the container tool first. Several architectures take skopeo.
  --to DIR            makes a release there: the file as --save writes it, and for each architecture a bill of
                      materials (CycloneDX) and a Debian package (packaging/deb.sh); and their checksums
  --sign KEY          signs the checksums with this key of gpg's: a fingerprint, or a mail address

The version is the one of src/Bootstrapper/Bootstrapper.csproj. The label org.opencontainers.image.revision names
the commit, and ends in -dirty when the checkout differed from it.
USAGE
}

# save TOOL IMAGE FILE: whole or not at all.
save() {
    part=$3.part
    rm -f "$part"
    if [ "$1" = docker ]; then
        docker save --output "$part" "$2" "${2%:*}:latest"
    else
        write_archive "$1" "$2" "$part" "$scratch"
    fi
    mv "$part" "$3"
    say "saved $2 to $3"
}

# push TOOL IMAGE TARGET: of several architectures just what a file would hold, so that it has the same digest.
push() {
    if [ ${#archs[@]} = 1 ]; then
        "$1" tag "$2" "$3"
        "$1" push "$3"
    else
        [ -n "$archive" ] || { archive=$scratch/image.tar && save "$1" "$2" "$archive"; }
        skopeo copy --quiet --all --preserve-digests "oci-archive:$archive" "docker://$3"
    fi
    say "pushed $3"
}

# in_image TOOL IMAGE COMMAND…: what it prints.
in_image() {
    case $1 in
        docker | podman) "$1" run --rm --network none --entrypoint "$3" "$2" "${@:4}" ;;
        buildah)
            local container status=0
            container=$(buildah from "$2")
            buildah run "$container" -- "${@:3}" || status=$?
            buildah rm "$container" >/dev/null
            return "$status"
            ;;
    esac
}

# debian_packages TOOL IMAGE: NAME VERSION ARCHITECTURE of each, also of what was unpacked and not installed.
debian_packages() {
    # shellcheck disable=SC2016 # the other shell expands it
    in_image "$1" "$2" sh -c 'cat /var/lib/dpkg/status; for file in /var/lib/dpkg/status.d/*; do echo; cat "$file"; done' |
        awk -F ': ' '
            function tell() {
                if (name != "" && status !~ /deinstall|config-files/) print name, version, architecture
                name = status = ""
            }
            /^Package: /      { name = $2 }
            /^Status: /       { status = $2 }
            /^Version: /      { version = $2 }
            /^Architecture: / { architecture = $2 }
            /^$/              { tell() }
            END               { tell() }'
}

# bill_of_materials TOOL IMAGE ARCH: prints it.
bill_of_materials() {
    local packages debian
    packages=$(debian_packages "$1" "$2")
    debian=$(in_image "$1" "$2" cat /etc/debian_version)
    jq --raw-input --null-input --from-file "$repository/docker/sbom.jq" <<<"$packages" \
        --arg version "$version" --arg created "$(created)" --arg architecture "$3" --arg debian "${debian%%.*}" \
        --slurpfile program "$repository/artifacts/image/$3/bootstrapper.deps.json"
}

# prepare_directory DIR: for one release, so that nothing lies there that the checksums do not name.
prepare_directory() {
    local others
    mkdir -p "$1"
    others=$(find "$1" -maxdepth 1 -name 'bootstrapper[-_]*' | sed 's|.*/||; s|\.part$||' |
        grep --invert-match --line-regexp --fixed-strings --regexp="$image_file" \
            --regexp="$name-"{amd64,arm64}.cdx.json --regexp="${package}_"{amd64,arm64}.deb) || return 0
    misused "'$1' has another release: $others"
}

# release TOOL IMAGE DIR: the checksums come last, and name all that belongs to it.
release() {
    local arch files=("$image_file")
    rm -f "$3"/SHA256SUMS{,.asc} "$3/$name"{.tar,-*.cdx.json} "$3/$package"_*.deb
    archive=$3/$image_file
    save "$1" "$2" "$archive"
    for arch in "${archs[@]}"; do
        bill_of_materials "$1" "$(name_of "$2" "$arch")" "$arch" >"$3/$name-$arch.cdx.json"
        "$repository/packaging/deb.sh" --to "$3" --arch "$arch"
        files+=("$name-$arch.cdx.json" "${package}_$arch.deb")
    done
    part=$3/SHA256SUMS.part
    (cd "$3" && sha256sum "${files[@]}") >"$part"
    [ -z "$key" ] || gpg --batch --yes --local-user "$key" --armor --detach-sign --output "$3/SHA256SUMS.asc" "$part"
    mv "$part" "$3/SHA256SUMS"
    say "released $version to $3"
}

file='' target='' directory='' key='' tool='' arch=amd64 archive='' part='' build=()
while [ $# -gt 0 ]; do
    case $1 in
        --save) file=$(value_of "$@"); shift ;;
        --push) target=$(value_of "$@"); shift ;;
        --to) directory=$(value_of "$@"); shift ;;
        --sign) key=$(value_of "$@"); shift ;;
        --tool) tool=$(value_of "$@"); shift ;;
        --arch) arch=$(value_of "$@"); shift ;;
        --base) value=$(value_of "$@"); build+=("$1" "$value"); shift ;;
        -h | --help) usage && exit ;;
        *) misused "unknown option '$1'" ;;
    esac
    shift
done
[ -z "$key" ] || [ -n "$directory" ] || misused "--sign signs what --to makes"
[ ! -d "$file" ] || misused "--save takes the name of a file, and '$file' is a directory"

tool=$(container_tool "$tool")
read_architectures "$arch" "$tool"
needs=()
[ -z "$directory" ] && { [ -z "$file$target" ] || [ "$tool" = docker ]; } || needs+=(jq)
[ -z "$directory" ] || needs+=(dpkg-deb help2man)
[ -z "$key" ] || needs+=(gpg)
[ -z "$target" ] || [ ${#archs[@]} = 1 ] || needs+=(skopeo)
for program in "${needs[@]}"; do
    command -v "$program" >/dev/null || unavailable "$program is missing; apt-get install $program"
done
[ -z "$key" ] || gpg --batch --list-secret-keys "$key" >/dev/null 2>&1 || unavailable "gpg has no secret key '$key'"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch" ${part:+"$part"}' EXIT
version=$(program_version)
name=bootstrapper-$version image_file=bootstrapper-$version.tar package=bootstrapper_$(debian_version "$version")
[ -z "$directory" ] || prepare_directory "$directory"
image=bootstrapper:$version
"$(dirname "$0")/build.sh" --tool "$tool" --tag "$image" --arch "$arch" "${build[@]}"
[ -z "$directory" ] || release "$tool" "$image" "$directory"
[ -z "$file" ] || save "$tool" "$image" "$file"
[ -z "$target" ] || push "$tool" "$image" "$target:$version"
