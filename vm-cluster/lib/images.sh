# shellcheck shell=bash
# The images of the stand-ins: made by the recipes in images/, kept in the cache until a recipe or the kernel changes.

# Sets IMAGES to the directory that holds vmlinuz, initramfs.cpio.gz, installed-system.img.gz and plain-rom.img.
prepare_images() {
    local kernel
    kernel=$(kernel_package)
    IMAGES=$CACHE/images-$(recipe_hash "$kernel")
    [[ -d $IMAGES ]] && return

    say "Making the images of the live and the installed system in $IMAGES"
    make_whole "$CACHE/$kernel" fetch_kernel "${kernel%_*}"
    make_whole "$IMAGES" make_images "$CACHE/$kernel"
}

# The image that machines are installed from.
installed_system() {
    local directory=$IMAGES
    # shellcheck disable=SC2153 # options.sh sets it
    [[ $SYSTEM != debian ]] || directory=$DEBIAN
    if is_secure; then directory=$SIGNED; fi
    if has_own_key; then directory=$(own_key); fi
    echo "$directory/installed-system.img.gz"
}

# Sets SIGNED to a directory with tftpboot/ and www/, the loaders and the live system that machines with Secure Boot start, and an
# installed system that begins with such loaders as well. Call it after prepare_images.
prepare_signed() {
    SIGNED=$CACHE/signed-$(recipe_hash "$(basename "$IMAGES")")
    make_whole "$SIGNED" make_signed
}

make_signed() {
    local directory=$1
    "$CHECKOUT/docker/secure-boot.sh" --to "$directory" --packages "$CACHE/debian-13" > /dev/null &&
        "$CHECKOUT/docker/live-system.sh" --to "$directory" --packages "$CACHE/debian-13" > /dev/null &&
        "$CHECKOUT/vm-cluster/images/signed-disk" "$IMAGES/installed-system.img.gz" "$directory/tftpboot/shimx64.efi" \
            "$CACHE"/debian-13/grub-efi-amd64-signed_*.deb "$directory/installed-system.img.gz"
}

# Machines that trust the operator's key alone start an installed system that is signed by it, too: own_key() has that, and what
# their firmware remembers. Call it after prepare_signed, when the program is built.
prepare_own_key() {
    local keys=$BSROOT/secureboot directory
    directory=$(own_key)
    if [[ ! -e $keys/db.key ]]; then
        mkdir -p "$BSROOT"
        # shellcheck disable=SC2153 # options.sh sets it
        "$PROGRAM" secureboot keys --bsroot "$BSROOT" > /dev/null || die "no key can be made"
        rm -rf "$directory"
    fi
    [[ ! $directory -ot $SIGNED ]] || rm -rf "$directory"
    make_whole "$directory" make_own_key "$keys"
}

make_own_key() {
    local keys=$1 directory=$2
    "$CHECKOUT/vm-cluster/images/own-key" "$keys" "$SIGNED/tftpboot/shimx64.efi" "$CACHE/debian-13" "$directory" &&
        "$CHECKOUT/vm-cluster/images/signed-disk" "$IMAGES/installed-system.img.gz" "$directory/shimx64.efi" \
            "$CACHE"/debian-13/grub-efi-amd64-signed_*.deb "$directory/installed-system.img.gz"
}

# The one image for them all; the bootstrapper has made the cluster's certificates by then.
make_uki() {
    say "Making the signed image that machines boot"
    "$CHECKOUT/docker/uki.sh" --to "$BSROOT" --args console=ttyS0 --packages "$CACHE/debian-13" > /dev/null ||
        die "it cannot be made"
}

# Sets IGNITION to an initramfs that holds Debian's Ignition. Call it after prepare_images.
prepare_ignition() {
    local kernel directory
    kernel=$(kernel_package)
    directory=$CACHE/ignition-$(recipe_hash "$kernel $(dpkg-query -W ignition passwd)")
    # shellcheck disable=SC2034  # boot_ignition reads it
    IGNITION=$directory/initramfs.cpio.gz
    make_whole "$directory" make_ignition "$CACHE/$kernel"
}

# Debian's current kernel for virtual machines, as PACKAGE_VERSION. Where apt keeps no index of its lists, it takes seconds to
# answer.
kernel_package() {
    local known=$CACHE/kernel-package version
    if [[ ! $known -nt /var/lib/apt/lists ]]; then
        version=$(current_kernel_version) || return
        mkdir -p "$CACHE" && echo "$version" > "$known.$$" && mv "$known.$$" "$known"
    fi
    cat "$known"
}

current_kernel_version() {
    local package
    package=$(current_kernel)
    if [[ -z $package ]]; then
        apt-get update -qq
        package=$(current_kernel)
    fi
    : "${package:?Debian has no linux-image-cloud-amd64}"
    echo "${package}_$(apt-cache show --no-all-versions "$package" | awk '/^Version:/ { print $2 }')"
}

current_kernel() {
    apt-cache depends linux-image-cloud-amd64 2> /dev/null | awk '$1 == "Depends:" && !found++ { print $2 }'
}

recipe_hash() {
    local kernel=$1
    {
        echo "$kernel $(dpkg-query -W busybox-static openssl curl grub-pc-bin grub-efi-amd64-bin ipxe syslinux)"
        cd "$CHECKOUT" && find vm-cluster/images docker/live-system* docker/packages.sh -type f -print0 |
            sort -z | xargs -0 sha256sum
    } | sha256sum | cut -c1-16
}

# make_whole DIR COMMAND…: DIR is there when COMMAND, which gets a directory to fill as its last argument, has succeeded.
make_whole() {
    local directory=$1 partial
    shift
    [[ -d $directory ]] && return
    mkdir -p "$CACHE"
    partial=$(mktemp -d "$CACHE/partial.XXXXXX")
    "$@" "$partial" || { rm -rf "$partial"; die "could not make $directory"; }
    # When another run was faster, its result is as good.
    mv -T "$partial" "$directory" 2> /dev/null || rm -rf "$partial"
}

fetch_kernel() {
    local package=$1 directory=$2
    "$CHECKOUT/vm-cluster/images/kernel" "$package" "$directory"
}

make_images() {
    local kernel=$1 directory=$2
    local recipes=$CHECKOUT/vm-cluster/images
    cp "$kernel"/boot/vmlinuz-* "$directory/vmlinuz" &&
        "$recipes/initramfs" "$kernel" "$directory/initramfs.cpio.gz" live &&
        "$recipes/disk" "$directory/vmlinuz" "$directory/initramfs.cpio.gz" "$directory/installed-system.img.gz" &&
        "$recipes/plain-rom" "$directory/plain-rom.img"
}

make_ignition() { make_ignition_initramfs "$1" "$2/initramfs.cpio.gz"; }

# make_ignition_initramfs KERNEL OUT [OVERLAY]: with Debian's Ignition, and the programs that it runs for users and units.
make_ignition_initramfs() {
    "$CHECKOUT/vm-cluster/images/initramfs" "$1" "$2" live ignition "${@:3}" -- \
        /usr/lib/dracut/modules.d/30ignition/ignition /usr/sbin/{useradd,usermod,groupadd} /usr/bin/systemctl
}
