# shellcheck shell=bash
# The Debian that nodes run in: sid, whose containerd, etcd and kubectl are the newest that Debian has, with the containerd of
# Debian 13 beside it. Made once, kept in the cache until the recipe changes. Sourced.

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
    ROOT=$CACHE/sid-$(cat "${BASH_SOURCE[0]}" vm-cluster/debian/root | sha256sum | cut -c 1-16)
    [ -d "$ROOT" ] || say "Making the Debian that nodes run in, in $ROOT: some minutes"
    make_whole "$ROOT" make_root_of_nodes
}

make_root_of_nodes() {
    vm-cluster/debian/root sid minbase "$1" "${root_packages[@]}" && add_containerd_1 "$1"
}

# add_containerd_1 ROOT: that of Debian 13, which runs with the libraries of sid.
add_containerd_1() {
    local content
    content=$(mktemp -d) && vm-cluster/debian/root trixie extract "$content" containerd &&
        install -D "$content/usr/bin/containerd" "$1/opt/debian-13/containerd" && rm -r "$content"
}
