# shellcheck shell=bash
# The Debian that nodes run in: sid, whose containerd, etcd and kubectl are the newest that Debian has, with the containerd of
# Debian 13 beside it. Made once, kept in the cache until this file changes. Sourced.

. vm-cluster/lib/say.sh
. vm-cluster/lib/places.sh
. vm-cluster/lib/images.sh

root_packages=(
    ca-certificates curl openssl iproute2 procps busybox-static # what rendered scripts call, and the lab
    containerd runc containernetworking-plugins iptables conntrack
    etcd-server etcd-client kubectl
)

# Sets ROOT.
prepare_root() {
    ROOT=$CACHE/sid-$(sha256sum "${BASH_SOURCE[0]}" | cut -c 1-16)
    [ -d "$ROOT" ] || say "Making the Debian that nodes run in, in $ROOT: some minutes"
    make_whole "$ROOT" make_root_of_nodes
}

# Sid's index may be older than apt likes, as a clock may be wrong: what is in it is signed.
make_root_of_nodes() {
    local sources
    mapfile -t sources < <(sid_sources)
    [ ${#sources[@]} -gt 0 ] || { apt-get update --quiet=2 && mapfile -t sources < <(sid_sources); }
    mmdebstrap --quiet --mode=root --variant=minbase --format=directory \
        --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Check-Date "false"' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/doc/*' \
        --include="$(IFS=, && echo "${root_packages[*]}")" sid "$1" "${sources[@]}" && chmod 0755 "$1" &&
        add_containerd_1 "$1" "${sources[@]/ sid / trixie }"
}

# add_containerd_1 ROOT SOURCE…: that of Debian 13, which runs with the libraries of sid.
add_containerd_1() {
    local content
    content=$(mktemp -d) || return
    mmdebstrap --quiet --mode=root --variant=extract --format=directory --include=containerd trixie "$content" "${@:2}" &&
        install -D "$content/usr/bin/containerd" "$1/opt/debian-13/containerd" && rm -r "$content"
}

# From where this machine has its own packages.
sid_sources() {
    # shellcheck disable=SC2016 # apt fills these in
    apt-get indextargets --format 'deb $(REPO_URI) sid main # $(ORIGIN) $(LABEL)' 'Created-By: Packages' |
        sed -n 's/ # Debian Debian$//p' | sort -u
}
