# shellcheck shell=bash
# The kinds of firmware that a machine can have, and what each of them is made of.

# shellcheck disable=SC2034  # options.sh reads it
FIRMWARE_KINDS=(bios-ipxe bios-undionly bios-pxelinux bios-lpxelinux uefi uefi-http uefi-grub
    uefi-secure uefi-secure-http uefi-uki uefi-uki-http)

# What cluster-desc.yml says to machines with this firmware.
boot_loader() {
    case $FIRMWARE in
        bios-pxelinux) echo pxelinux ;;
        bios-lpxelinux) echo lpxelinux ;;
        uefi-grub) echo grub ;;
        *) echo auto ;;
    esac
}

# firmware_arguments MACHINE NETWORK: adds to `arguments` the board, the firmware, the network card and, where one plays
# the card's part, a floppy. NETWORK is its place in the order of booting.
# shellcheck disable=SC2054  # the commas are QEMU's
firmware_arguments() {
    local machine=$1 network=$2 card
    card=virtio-net-pci,netdev=network,mac=$(mac_address "$machine")
    case $FIRMWARE in
        bios-undionly)
            seabios
            # The card without its ROM, which is iPXE: an iPXE on a floppy plays ordinary PXE firmware.
            arguments+=(-device "$card,romfile=" -drive "if=floppy,format=raw,readonly=on,file=$IMAGES/plain-rom.img"
                -global "isa-fdc.bootindexA=$network")
            ;;
        bios-*)
            seabios
            arguments+=(-device "$card,bootindex=$network")
            ;;
        uefi*)
            ovmf "$machine"
            # Without the ROM, OVMF's own driver and its own PXE are used; IPv6 would only be waited for.
            arguments+=(-device "$card,romfile=,bootindex=$network")
            without_pxe IPv6
            [[ $FIRMWARE != *-http ]] || without_pxe IPv4
            ! has_own_key || with_old_clock
            ;;
    esac
}

# Without a screen SeaBIOS prints to the serial port, and so do the boot loaders that it starts.
# shellcheck disable=SC2054
seabios() { arguments+=(-machine pc,graphics=off -vga none); }

# What UEFI remembers, the order of booting among it, is kept like the disk. With Secure Boot it is keys, too, Microsoft's or the
# operator's alone, and SMM guards them.
# shellcheck disable=SC2054
ovmf() {
    local variables smm=off code=OVMF_CODE_4M.fd keys=/usr/share/OVMF/OVMF_VARS_4M.fd
    if is_secure; then
        smm=on code=OVMF_CODE_4M.secboot.fd keys=/usr/share/OVMF/OVMF_VARS_4M.ms.fd
        ! has_own_key || keys=$(own_key)/uefi-variables
        arguments+=(-global driver=cfi.pflash01,property=secure,value=on)
    fi
    variables=$(uefi_variables "$1")
    [[ -e $variables ]] || cp "$keys" "$variables"
    arguments+=(-machine "q35,smm=$smm" -vga none
        -drive "if=pflash,unit=0,format=raw,readonly=on,file=/usr/share/OVMF/$code"
        -drive "if=pflash,unit=1,format=raw,file=$variables")
}

is_secure() { [[ $FIRMWARE == uefi-secure* || $FIRMWARE == uefi-uki* ]]; }

has_own_key() { [[ $FIRMWARE == uefi-uki* ]]; }

# The battery of its clock is empty.
with_old_clock() { arguments+=(-rtc base=2020-01-01T00:00:00); }

# shellcheck disable=SC2054
without_pxe() { arguments+=(-fw_cfg "name=opt/org.tianocore/${1}PXESupport,string=n"); }
