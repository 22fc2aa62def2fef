# shellcheck shell=bash
# The Debian packages that a lab is made of.

packages=(
    iproute2 ethtool nftables curl jq                                 # the network, and looking at it
    qemu-system-x86 qemu-utils seabios ipxe-qemu ovmf                 # the machines and their firmware
    busybox-static kmod cpio e2fsprogs dosfstools mtools syslinux     # the images
    fdisk openssl grub-common grub-pc-bin grub-efi-amd64-bin
    dnsmasq-base docker-registry gpgv git                             # what the bootstrapper runs
    socat                                                             # and who looks at its dashboard
    pxelinux syslinux-common ipxe grub-efi-amd64-signed               # and serves
)

install_missing_packages() {
    local missing=() package
    for package in "${packages[@]}"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null) == installed ]] || missing+=("$package")
    done
    ((${#missing[@]} == 0)) && return

    say "Installing the Debian packages ${missing[*]}"
    apt_install "${missing[@]}" 2> /dev/null || { apt-get update -qq && apt_install "${missing[@]}"; }
}

apt_install() {
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" > /dev/null
}
