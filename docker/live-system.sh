#!/bin/bash
# Makes the live system from which machines with Secure Boot are installed, of Debian's packages and the files of live-system/.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/packages.sh"

usage() {
    cat <<'EOT'
Usage: docker/live-system.sh --to BSROOT [--packages DIR] [--release NAME]
                             [--mirror URL]

Puts a live system that runs install.sh into BSROOT/www/debian-live: vmlinuz,
Debian's signed kernel, and initrd.img. Machines with secure_boot boot it where
their operating system's own live kernel is not signed. The same packages make
the same files.
EOT
    packages_usage
}

# What install.sh calls, and what it takes to bring hardware up; busybox has the rest. systemd-standalone-sysusers is there so
# that udev does not bring all of systemd.
programs=(busybox-static udev systemd-standalone-sysusers kmod util-linux curl gpgv zstd kexec-tools)

# Kernel modules, below kernel/: whatever is in servers between the network card and the disk, and what is on disks. Those that
# they need come with them.
modules='drivers/(net/(ethernet|phy|mdio|virtio_net|vmxnet3|xen-netfront|hyperv)|nvme/host|ata|scsi|message/fusion|mmc|virtio|hv)
drivers/(block/(virtio_blk|xen-blkfront)|usb/(host|storage)|hid/(hid\.|hid-generic|usbhid)|char/hw_random/virtio-rng)
drivers/(pci/controller/(vmd|pci-hyperv)|acpi/nfit|nvdimm)
fs/(ext4|xfs|btrfs|fat|nls|efivarfs)|crypto|lib|arch/x86/crypto'

# Everything that the programs need, and the kernel, which would bring what makes initial RAM disks.
download_all() {
    local kernel
    fetch_lists
    kernel=$(apt_of_release apt-cache depends linux-image-amd64 | awk '$1 == "Depends:" && !found++ { print $2 }')
    [ -n "$kernel" ] || unavailable "$mirror does not have linux-image-amd64 of Debian $release"
    kernel=$(package "$kernel")
    download_programs live-system "${programs[@]}"
    (cd "$packages" && sha256sum "${kernel##*/}") >>"$(list live-system)"
}

unpack_all() {
    local name
    make_root "$root"
    mkdir -p "$kernel/usr/lib"
    ln -s usr/lib "$kernel/lib" # before Debian 13 modules are there
    for name in $(listed_files live-system); do
        case $name in
            linux-image-*) unpack "$packages/$name" "$kernel" ;;
            *) unpack "$packages/$name" "$root" ;;
        esac
    done
    (cd "$root" && rm -rf usr/{share,include,lib/x86_64-linux-gnu/gconv,lib/udev/hwdb.d} etc/{init.d,default} var)
    mkdir -p "$root"/{busybox,dev,proc,root,run,sys,tmp,var}
    ln -s busybox "$root/usr/bin/sh"
    cp -R --preserve=mode "$repository/docker/live-system/." "$root/"
    ln -s flatcar-install "$root/usr/bin/coreos-install"
}

# modules.dep has each module with all that it needs.
take_modules() {
    local version folder
    version=$(ls "$kernel/usr/lib/modules")
    folder=$kernel/usr/lib/modules/$version
    PATH=$PATH:/usr/sbin:/sbin depmod -b "$kernel" "$version"
    mkdir -p "$root/usr/lib/modules/$version"
    grep -E "^kernel/($(tr '\n' '|' <<<"$modules" | sed 's/|$//'))" "$folder/modules.dep" | tr -d : | tr ' ' '\n' | sort -u |
        (cd "$folder" && xargs cp --parents --target-directory "$root/usr/lib/modules/$version")
    cp "$folder"/modules.{builtin,builtin.modinfo,order} "$root/usr/lib/modules/$version/"
    PATH=$PATH:/usr/sbin:/sbin depmod -b "$root" "$version"
}

# The live system of uki.efi does not put its clock back behind the time of its certificates, which must be kept for that.
keeps_times() {
    grep -qx CONFIG_INITRAMFS_PRESERVE_MTIME=y "$kernel"/boot/config-* ||
        unavailable "this kernel does not keep the times of an initial RAM disk's files (CONFIG_INITRAMFS_PRESERVE_MTIME)"
}

# pack OUT: as old as the kernel, so that the same packages make the same bytes.
pack() {
    find "$root" -exec touch --no-dereference --reference "$(echo "$kernel"/boot/vmlinuz-*)" {} +
    (cd "$root" && find . -print0 | LC_ALL=C sort -z | cpio --null --create --format=newc --owner=0:0 --reproducible --quiet) |
        gzip -9n >"$1"
}

read_packages_options "$@"
needs depmod cpio gzip
is_listed live-system "${programs[@]}" || download_all
umask 022
root=$scratch/root kernel=$scratch/kernel
unpack_all
keeps_times
take_modules
pack "$scratch/initrd.img"
put "$scratch/initrd.img" www/debian-live/initrd.img "$(echo "$kernel"/boot/vmlinuz-*)" www/debian-live/vmlinuz
echo "$to/www/debian-live: $(basename "$kernel"/boot/vmlinuz-*), initrd.img of $(du -m "$scratch/initrd.img" | cut -f 1) MiB"
