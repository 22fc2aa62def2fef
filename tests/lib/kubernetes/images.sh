# shellcheck shell=bash
# shellcheck disable=SC2154 # cluster.sh sets them
# Container images, made of programs of this machine, for where no registry of the world is reached. Sourced.

# archive_image DIR NAME:TAG ENTRYPOINT FILE: a docker-archive of one layer, all that is in DIR.
archive_image() {
    local work config
    work=$(mktemp -d) && chmod 0755 "$1" || return
    tar --create --mtime=@0 --owner=0 --group=0 --sort=name --directory "$1" --file "$work/layer.tar" . &&
        jq --null-input --arg layer "sha256:$(sha256sum < "$work/layer.tar" | cut -d ' ' -f 1)" --arg entrypoint "$3" '{
            architecture: "amd64", os: "linux", rootfs: {type: "layers", diff_ids: [$layer]},
            config: {Env: ["PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
                Entrypoint: ($entrypoint | if . == "" then null else split(" ") end)}}' \
            > "$work/config" || return
    config=$(sha256sum < "$work/config" | cut -d ' ' -f 1).json
    mv "$work/config" "$work/$config" &&
        jq --null-input --arg name "$2" --arg config "$config" '[{Config: $config, RepoTags: [$name], Layers: ["layer.tar"]}]' \
            > "$work/manifest.json" &&
        tar --create --directory "$work" --file "$work/image" manifest.json "$config" layer.tar &&
        mkdir -p "$(dirname "$4")" && mv "$work/image" "$4" && rm -r "$work"
}

# busybox_image NAME:TAG ENTRYPOINT [PROGRAM…]: into the data root. It has every applet of busybox, and programs of the Debian of
# nodes.
busybox_image() {
    local content program
    content=$(mktemp -d) || return
    mkdir -p "$content/bin" "$content/tmp" &&
        busybox --list | while read -r applet; do ln -sf busybox "$content/bin/$applet"; done
    for program in "${@:3}"; do copy_program "$program" "$content" || return; done
    cp --remove-destination "$(command -v busybox)" "$content/bin/busybox" &&
        archive_image "$content" "$1" "$2" "$(image_file "$1")" && rm -r "$content"
}

image_file() { echo "$BSROOT/images/$(tr '/:' '--' <<< "$1").tar"; }

# copy_program PROGRAM DIR: from the Debian of nodes, with its libraries and what they are links to.
copy_program() {
    local file
    for file in "$1" $(chroot "$ROOT" ldd "$1" | grep -oE '/[^ ]+'); do
        mkdir -p "$2$(dirname "$file")" && cp --dereference --no-clobber "$ROOT$file" "$2$file" || return
    done
}

# program_image NAME:TAG PROGRAM…: those of the release are static, others are taken from the Debian of nodes.
program_image() {
    local content program
    content=$(mktemp -d) && mkdir -p "$content"/{usr/local/bin,tmp,run,etc} || return
    for program in "${@:2}"; do
        case $program in
            "${programs:-none}"/*) cp "$program" "$content/usr/local/bin/" ;;
            *) copy_program "$program" "$content" ;;
        esac || return
    done
    [[ $1 != */kube-proxy:* ]] || add_iptables "$content" || return
    archive_image "$content" "$1" "" "$(image_file "$1")" && rm -r "$content"
}

# add_iptables DIR: its many names, and what it loads as it runs.
add_iptables() {
    local name libraries=usr/lib/x86_64-linux-gnu
    for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
        ln -s xtables-nft-multi "$1/usr/sbin/$name" || return
    done
    cp -r "$ROOT/$libraries/xtables" "$1/$libraries/" && copy_program "/$libraries/xtables/libxt_statistic.so" "$1"
}

# image_of pause|etcd|coredns: its name on nodes, with the tag that the bootstrapper knows for the release.
image_of() {
    local file=src/Bootstrapper/Model/Releases/${release%.*}.yml path=$1 tag
    [ -f "$file" ] || { echo "Kubernetes $release: its images are not known, for there is no $file" >&2 && return 1; }
    tag=$(sed -nE "s/^$1: *\"?([^\" ]+)\"?\$/\1/p" "$file")
    [ -n "$tag" ] || { echo "Kubernetes $release: $file names no $1" >&2 && return 1; }
    [ "$1" != coredns ] || path=coredns/coredns
    echo "registry.k8s.io/$path:$tag"
}

pause_image() {
    local name
    name=$(image_of pause) && busybox_image "$name" "sleep infinity"
}

etcd_image() {
    local name
    name=$(image_of etcd) && program_image "$name" /usr/bin/etcd
}

# What a release needs, under the names by which nodes know it: its programs, those of Debian, and stand-ins for what nobody has.
release_images() {
    local name coredns
    coredns=$(image_of coredns) && pause_image && etcd_image || return
    for name in kube-apiserver kube-controller-manager kube-scheduler; do
        program_image "registry.k8s.io/$name:v$release" "$programs/$name" || return
    done
    program_image "registry.k8s.io/kube-proxy:v$release" "$programs/kube-proxy" /usr/sbin/xtables-nft-multi &&
        busybox_image "$coredns" "sleep infinity --" &&
        busybox_image registry.k8s.io/lab/busybox:1 "" /usr/bin/kubectl
}

# What nodes download.
release_files() {
    local directory=$BSROOT/www/static/kubernetes/$release/amd64
    mkdir -p "$directory" && cp "$programs/kubelet" "$ROOT/usr/bin/kubectl" "$directory/" &&
        tar --create --gzip --directory "$ROOT/usr/lib/cni" --file "$directory/cni-plugins-linux-amd64-v1.8.0.tgz" . &&
        (cd "$directory" && sha256sum kubelet kubectl cni-plugins*.tgz > SHA256SUMS)
}
