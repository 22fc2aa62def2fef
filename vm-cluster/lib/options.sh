# shellcheck shell=bash
# shellcheck disable=SC2034  # the other parts read these
# What can be asked of `up`, and what is done when nothing is asked.

NODES=1
MEMORY=512
BOOT_ORDER=network
FIRMWARE=bios-ipxe
UNPLANNED=0
DHCP=server
GATEWAY=
FAN_OUT=n
PAD=0
RESTART=reboot
SYSTEM=stand-in
TIMEOUT=300
RUN_DIR=$DEFAULT_RUN_DIR
BSROOT=
PROGRAM=${VM_CLUSTER_PROGRAM:-}
FRESH=
ONCE=
POWERED_OFF=

usage() {
    cat << 'EOF'
Usage: vm-cluster/up [OPTION]…

Takes blank virtual machines from power-on to *running*: starts the bootstrapper in a network namespace of its own,
boots QEMU machines from its network, prints each machine's state as it changes, and how long each phase took.
Run it again and the same machines boot from their disks; nothing is installed a second time.
Needs root, and a Debian machine; installs the Debian packages that are missing. Virtual machines are emulated (no KVM).

What to boot
  --nodes N            how many machines, 1 to 50 (default 1); the first one is control plane and etcd member
  --unplanned N        how many of them, the last ones, the description does not name: they are discovered (default 0)
  --fresh              with blank disks, and a bootstrapper that has forgotten the machines
  --keep               with the disks of the last time (default)
  --memory MIB         of each machine (default 512)
  --boot-order FIRST   what firmware tries first: network (default; an installed machine then has to be sent to its
                       disk by the bootstrapper) or disk
  --firmware KIND      of every machine, and how it gets at the kernel
                         bios-ipxe      BIOS, and a network card whose ROM is iPXE; HTTP (default)
                         bios-undionly  BIOS with ordinary PXE: undionly.kpxe over TFTP, then iPXE; HTTP
                         bios-pxelinux  BIOS: pxelinux.0; TFTP alone
                         bios-lpxelinux BIOS: lpxelinux.0; HTTP
                         uefi           UEFI: snponly.efi over TFTP, then iPXE; HTTP
                         uefi-http      UEFI HTTP boot: snponly.efi over HTTP, then iPXE; HTTP alone
                         uefi-grub      UEFI: GRUB over TFTP; HTTP
                         uefi-secure    UEFI with Secure Boot: signed shim and GRUB over TFTP, a signed kernel; HTTP
                         uefi-secure-http  the same by UEFI HTTP boot; HTTP alone
                         uefi-uki       UEFI that trusts the operator's key alone: one image over TFTP; then HTTPS. It takes
                                        --memory 1024, and its clock is wrong
                         uefi-uki-http  the same by UEFI HTTP boot

What to boot from
  --system WHAT        is installed: stand-in, busybox (default), or debian, with systemd and containerd; it wants
                       --memory 1024, and is made by mmdebstrap, some minutes the first time
  --pad MIB            more for the live system's initial RAM disk, to see how long loading takes
  --restart HOW        from the live system to the installed one: reboot (default), or kexec, which the live system then has
  --fan-out            machines pass the image on to one another (`fan_out`)
  --dhcp WHO           gives the addresses: server, the bootstrapper's dnsmasq (default); built-in, the bootstrapper's own
                       server; proxy, another server, to which the bootstrapper adds where to boot from; off, another
                       server with lines made by the bootstrapper
  --gateway            the machines reach an outside, played by a web server, by NAT through the bootstrapper's namespace
  --bsroot DIR         data root of the bootstrapper (default: bsroot in the run directory). A cluster-desc.yml in it
                       is used as it is, otherwise a sample for the N machines is written
  --program FILE       a built `bootstrapper` (default: $VM_CLUSTER_PROGRAM, or src/Bootstrapper, built when a source is newer)

How to run
  --run-dir DIR        disks, consoles and logs (default $VM_CLUSTER_RUN_DIR, or vm-cluster/run); clusters in different
                       directories do not meet
  --timeout SECONDS    for a machine to come further: to the kernel, the script, installing, installed, running (default 300)
  --once               stop everything at the end; otherwise it is left running, until vm-cluster/down
  --powered-off        leave the machines off, and everything else running: vm-cluster/power switches them on
  --help

Exit status: 0 when all machines are running (or off, as asked), 1 when not (and why), 64 when the options make no sense,
130 on Ctrl-C.
EOF
}

parse_options() {
    while (($# > 0)); do
        case $1 in
            --fresh) FRESH=yes ;;
            --keep) FRESH= ;;
            --once) ONCE=yes ;;
            --gateway) GATEWAY=yes ;;
            --fan-out) FAN_OUT=y ;;
            --powered-off) POWERED_OFF=yes ;;
            --help | -h) usage; exit ;;
            --nodes | --unplanned | --memory | --timeout | --boot-order | --firmware | --dhcp | --system | --pad | --restart | \
                --bsroot | --program | --run-dir)
                (($# > 1)) || refuse "$1 needs a value"
                take_value "$1" "$2"
                shift
                ;;
            *) refuse "unknown option $1" ;;
        esac
        shift
    done
    [[ -z $ONCE || -z $POWERED_OFF ]] || refuse "--once and --powered-off leave nothing to look at"
    ((UNPLANNED <= NODES)) || refuse "--unplanned is more than --nodes"
}

take_value() {
    local option=$1 value=$2
    case $option in
        --nodes) NODES=$(number "$option" "$value" 1 50) ;;
        --unplanned) UNPLANNED=$(number "$option" "$value" 1 50) ;;
        --memory) MEMORY=$(number "$option" "$value" 128 65536) ;;
        --timeout) TIMEOUT=$(number "$option" "$value" 1 86400) ;;
        --boot-order) BOOT_ORDER=$(one_of "$option" "$value" network disk) ;;
        --firmware) FIRMWARE=$(one_of "$option" "$value" "${FIRMWARE_KINDS[@]}") ;;
        --dhcp) DHCP=$(one_of "$option" "$value" server built-in proxy off) ;;
        --system) SYSTEM=$(one_of "$option" "$value" stand-in debian) ;;
        --pad) PAD=$(number "$option" "$value" 1 4096) ;;
        --restart) RESTART=$(one_of "$option" "$value" reboot kexec) ;;
        --bsroot) BSROOT=$value ;;
        --program) PROGRAM=$value ;;
        --run-dir) RUN_DIR=$value ;;
    esac
}

number() {
    local option=$1 value=$2 least=$3 most=$4
    if [[ ! $value =~ ^[1-9][0-9]{0,5}$ ]] || ((value < least || value > most)); then
        refuse "$option takes a number from $least to $most, not '$value'"
    fi
    echo "$value"
}

one_of() {
    local option=$1 value=$2
    shift 2
    [[ " $* " == *" $value "* ]] || refuse "$option takes one of: $*"
    echo "$value"
}

refuse() {
    printf 'vm-cluster/up: %s; --help says what there is\n' "$*" >&2
    exit 64
}
