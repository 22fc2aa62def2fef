# shellcheck shell=bash
# Container images, made of programs of this machine, for where no registry of the world is reached. Sourced.

# archive_image DIR NAME:TAG ENTRYPOINT FILE: a docker-archive of one layer, all that is in DIR.
archive_image() {
    local work config
    work=$(mktemp -d) || return
    tar --create --mtime=@0 --owner=0 --group=0 --sort=name --directory "$1" --file "$work/layer.tar" . &&
        jq --null-input --arg layer "sha256:$(sha256sum < "$work/layer.tar" | cut -d ' ' -f 1)" --arg entrypoint "$3" '{
            architecture: "amd64", os: "linux", rootfs: {type: "layers", diff_ids: [$layer]},
            config: {Env: ["PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], Entrypoint: ($entrypoint | split(" "))}}' \
            > "$work/config" || return
    config=$(sha256sum < "$work/config" | cut -d ' ' -f 1).json
    mv "$work/config" "$work/$config" &&
        jq --null-input --arg name "$2" --arg config "$config" '[{Config: $config, RepoTags: [$name], Layers: ["layer.tar"]}]' \
            > "$work/manifest.json" &&
        tar --create --directory "$work" --file "$work/image" manifest.json "$config" layer.tar &&
        mkdir -p "$(dirname "$4")" && mv "$work/image" "$4" && rm -r "$work"
}

# busybox_image NAME:TAG ENTRYPOINT: into the data root. It has every applet of busybox.
busybox_image() {
    local content
    content=$(mktemp -d) || return
    mkdir -p "$content/bin" "$content/tmp" && cp "$(command -v busybox)" "$content/bin/" &&
        busybox --list | while read -r applet; do ln -sf busybox "$content/bin/$applet"; done
    archive_image "$content" "$1" "$2" "$(image_file "$1")" && rm -r "$content"
}

image_file() { echo "$BSROOT/images/$(tr '/:' '--' <<< "$1").tar"; }
