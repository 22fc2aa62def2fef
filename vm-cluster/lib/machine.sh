# shellcheck shell=bash
# One blank machine: QEMU with a disk, a network card, a DMI table and a serial console that is kept in a file
# and can be spoken to over a socket.

make_disk() {
    local disk
    disk=$(disk "$1")
    [[ -z $FRESH ]] || rm -f "$disk" "$(uefi_variables "$1")"
    # Sparse; install.sh takes disks over 8 GB for worth installing on.
    [[ -e $disk ]] || qemu-img create -q -f qcow2 "$disk" 10G
}

# power_on MACHINE [QEMU-ARGUMENT…]
power_on() {
    local machine=$1 network=1 disk=2
    shift
    [[ $BOOT_ORDER == network ]] || network=3
    rm -f "$(console "$machine")"

    # shellcheck disable=SC2054  # the commas are QEMU's
    local arguments=(
        -name "$(host_name "$machine")" -nodefaults -no-user-config -display none
        # KVM is absent or broken in many places where tests run; this works everywhere. qemu64 is what it emulates fastest.
        # Translated code is thrown away when it fills tb-size, in MiB: who is given that much memory runs much of it.
        -accel "tcg,thread=multi,tb-size=$((MEMORY < 2048 ? 256 : 1024))" -cpu qemu64 -smp 1 -m "$MEMORY"
        -chardev "socket,id=serial,path=$(serial_line "$machine"),server=on,wait=off,logfile=$(console "$machine")"
        -serial chardev:serial
        -smbios "type=1,manufacturer=Lab,product=Blank machine,serial=$(serial_number "$machine"),uuid=$(uuid "$machine")"
        -object rng-random,id=entropy,filename=/dev/urandom -device virtio-rng-pci,rng=entropy
        -drive "if=none,id=disk,file=$(disk "$machine"),format=qcow2,cache=unsafe,discard=unmap"
        -device "virtio-blk-pci,drive=disk,bootindex=$disk"
        -netdev "tap,id=network,ifname=tap$machine,script=no,downscript=no"
        -daemonize -pidfile "$(machine_pid "$machine")" "$@"
    )
    firmware_arguments "$machine" "$network"
    inside "$SWITCH" qemu-system-x86_64 "${arguments[@]}" 9>&-
}

is_on() { is_alive "$(machine_pid "$1")"; }

# Pulls the plug. The disk has what the machine's system had given it.
power_off() {
    local machine=$1 deadline=$(($(now) + 15000))
    is_on "$machine" || return 0
    kill "$(cat "$(machine_pid "$machine")")" 2> /dev/null || true
    while is_on "$machine"; do
        (($(now) < deadline)) || die "$(host_name "$machine") cannot be switched off"
        sleep 0.1
    done
}
