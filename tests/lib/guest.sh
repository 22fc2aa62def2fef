# shellcheck shell=bash
# Virtual machines with Debian's kernel and a system of our own in the initial RAM disk, for what not every host's kernel has.
# Sourced, after vm-cluster/lib's places.sh and images.sh.

# guest_kernel: prints the folder with Debian's kernel, which is fetched once.
guest_kernel() {
    local kernel
    kernel=$CACHE/$(kernel_package) || return
    make_whole "$kernel" fetch_kernel "$(basename "${kernel%_*}")" || return
    echo "$kernel"
}

# put_modules KERNEL ROOT MODULE...: these and what they need, named in lib/modules/order as they must be loaded, with options.
put_modules() {
    local kernel=$1 root=$2 module options
    shift 2
    mkdir -p "$root/lib/modules"
    modprobe -d "$kernel" -S "$(ls "$kernel/lib/modules")" -a --show-depends "$@" |
        awk '$1 == "insmod" && !seen[$2]++ { path = $2; $1 = $2 = ""; print path, $0 }' |
        while read -r module options; do
            cp "$module" "$root/lib/modules/"
            echo "$(basename "$module") $options" >>"$root/lib/modules/order"
        done
}

# pack ROOT: prints it as an initial RAM disk; several may follow one another.
pack() { (cd "$1" && find . -mindepth 1 -print0 | cpio --null --create --format=newc --owner=0:0 --quiet) | gzip -1n; }
