# shellcheck shell=bash
# An installed system that is a real one: Debian 13 with systemd, containerd and runc, for `--system debian`. Its kernel is the
# lab's. An Ignition config is applied by Debian's real Ignition, a cloud-config by a stand-in.

DEBIAN_RECIPES=$CHECKOUT/vm-cluster/debian
debian_packages=(
    systemd systemd-sysv systemd-resolved systemd-timesyncd libnss-resolve libnss-myhostname dbus udev   # the system
    iproute2 procps kmod ca-certificates curl openssl iptables conntrack ethtool                         # what nodes call
    containerd runc                                             # CNI plugins a node fetches itself
    openssh-server sudo                                                                                  # to look at it
    busybox-static fdisk e2fsprogs                                                                       # the lab's own scripts
)

# Sets DEBIAN to the directory that holds its image. Call it after prepare_images.
prepare_debian() {
    local kernel root
    kernel=$(kernel_package)
    root=$CACHE/trixie-$(cat "$DEBIAN_RECIPES/root" - <<< "${debian_packages[*]}" | sha256sum | cut -c1-16)
    # shellcheck disable=SC2034 # put_images reads it
    DEBIAN=$CACHE/debian-$(debian_hash "$root" | sha256sum | cut -c1-16)
    [[ -d $DEBIAN ]] && return

    say "Making the image of a Debian in $DEBIAN: some minutes the first time"
    make_whole "$CACHE/$kernel" fetch_kernel "${kernel%_*}"
    make_whole "$root" make_debian_root
    make_whole "$DEBIAN" make_debian "$root" "$CACHE/$kernel"
}

# What its image is made of: the Debian, the lab's images with their kernel, Ignition, and files of its own.
debian_hash() {
    echo "$1 $IMAGES $(dpkg-query -W ignition passwd)"
    cd "$DEBIAN_RECIPES" && find . -type f -print0 | sort -z | xargs -0 sha256sum
}

make_debian_root() { "$DEBIAN_RECIPES/root" trixie minbase "$1" "${debian_packages[@]}"; }

make_debian() {
    local root=$1 kernel=$2 directory=$3
    make_ignition_initramfs "$kernel" "$directory/initramfs.cpio.gz" first-start &&
        "$DEBIAN_RECIPES/disk" "$root" "$kernel" "$directory"
}
