# shellcheck shell=bash
# Writes images to a file as Docker does since version 25: an OCI layout, and in it the list that older ones read. podman and
# buildah would write one or the other, and in OCI's format an image without its health check. Sourced by release.sh.

# export_image TOOL IMAGE DIR: manifest, configuration and packed layers, each a file that has its digest for a name.
export_image() {
    case $1 in
        podman) podman push --quiet --compress "$2" "dir:$3" ;;
        buildah) buildah push --quiet --disable-compression=false "$2" "dir:$3" ;;
    esac
}

# add_blob FILE MEDIA_TYPE: moves it into the layout, and prints what refers to it.
add_blob() {
    local digest size
    digest=$(sha256sum <"$1" | cut -d ' ' -f 1)
    size=$(stat --format %s "$1")
    mv "$1" "$layout/blobs/sha256/$digest"
    jq --null-input --compact-output --arg type "$2" --arg digest "sha256:$digest" --argjson size "$size" \
        '{ mediaType: $type, $digest, $size }'
}

# add_image DIR ARCH: an exported image; prints what refers to it.
add_image() {
    local type
    type=$(jq --raw-output .mediaType "$1/manifest.json")
    find "$1" -type f -regextype posix-extended -regex '.*/[0-9a-f]{64}' -exec mv -t "$layout/blobs/sha256" {} +
    add_blob "$1/manifest.json" "$type" |
        jq --compact-output --arg arch "$2" '. + { platform: { architecture: $arch, os: "linux" } }'
}

# blob_of DESCRIPTOR: the file that it refers to.
blob_of() { printf '%s/blobs/sha256/%s' "$layout" "$(jq --raw-output '.digest[7:]' <<<"$1")"; }

# write_archive TOOL IMAGE FILE SCRATCH: an index of the architectures in archs, with their labels for annotations. The last is an
# empty directory.
# shellcheck disable=SC2154 # common.sh sets archs
write_archive() {
    local scratch=$4 layout=$4/layout arch images=() labels manifest index='application/vnd.oci.image.index.v1+json'
    rm -rf "$layout"
    mkdir -p "$layout/blobs/sha256"
    for arch in "${archs[@]}"; do
        export_image "$1" "$(name_of "$2" "$arch")" "$scratch/$arch"
        images+=("$(add_image "$scratch/$arch" "$arch")")
        rm -r "${scratch:?}/$arch"
    done

    manifest=$(blob_of "${images[0]}")
    labels=$(jq '.config.Labels | with_entries(select(.key | startswith("org.opencontainers.")))' \
        "$(blob_of "$(jq .config "$manifest")")")
    printf '%s\n' "${images[@]}" | jq --slurp --arg type "$index" --argjson labels "$labels" \
        '{ schemaVersion: 2, mediaType: $type, manifests: ., annotations: $labels }' >"$scratch/index.json"
    add_blob "$scratch/index.json" "$index" | jq --arg type "$index" --arg name "$2" \
        '{ schemaVersion: 2, mediaType: $type, manifests: [. + { annotations: {
            "io.containerd.image.name": "docker.io/library/\($name)", "org.opencontainers.image.ref.name": $name } }] }' \
        >"$layout/index.json"
    echo '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
    jq --arg name "$2" 'def path: "blobs/sha256/\(.digest[7:])";
        [{ Config: (.config | path), RepoTags: [$name], Layers: [.layers[] | path] }]' "$manifest" >"$layout/manifest.json"
    tar --create --force-local --file "$3" --directory "$layout" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner \
        oci-layout index.json manifest.json blobs
    rm -r "$layout"
}
