# shellcheck shell=bash
# Machines: a network namespace each, another one after each power on, and while switched on processes in namespaces of their own
# over a disk, which is a folder over the Debian of root.sh. Sourced.

namespace_of() { echo "$1-${SERVER##*-}"; }
disk_of() { echo "$RUN_DIR/disks/$1"; }
log_of() { echo "$RUN_DIR/$1.log"; }
cgroup_of() { echo "lab-$(namespace_of "$1")"; }

# plug_in NAME: a card with its MAC address, and a cable to the switch.
plug_in() {
    local namespace cable
    namespace=$(namespace_of "$1") cable=cable$(number_of "$1")
    create_namespace "$namespace" &&
        ip -n "$SWITCH" link add "$cable" type veth peer name eth0 address "$(mac_of "$1")" netns "$namespace" &&
        ip -n "$SWITCH" link set "$cable" master bridge up &&
        ip -n "$namespace" link set eth0 up && inside "$namespace" ethtool -K eth0 tx off > /dev/null
}

# The cable first: a namespace that is deleted gives it back some time later.
unplug() { ip -n "$SWITCH" link delete "cable$(number_of "$1")"; ip netns delete "$(namespace_of "$1")"; }

# forget_network NAME: a kernel that starts has no rules for packets, no connections and no bridges of before.
forget_network() { unplug "$1" && plug_in "$1"; }

# from NAME COMMAND…: in its network, whether it is switched on or not.
from() { inside "$(namespace_of "$1")" timeout 60 "${@:2}"; }

# What firmware does: an installation that an operator ordered begins with such a boot.
boot_from_network() {
    from "$1" env DISK="$(disk_of "$1")" busybox udhcpc -f -n -q -i eth0 -t 5 -T 1 -s tests/lib/kubernetes/use-lease \
        -V PXEClient:Arch:00000 -x 0x5d:0000
}

report() { from "$1" curl -fsS -o /dev/null --data "$2" "http://$SERVER_ADDRESS/api/v1/report/$(mac_of "$1")"; }

# install_node NAME: onto an empty disk, as install.sh does it.
install_node() {
    local disk
    disk=$(disk_of "$1")
    rm -rf "$disk"
    mkdir -p "$disk"/{upper/var/lib/flatcar-install,work,root,containerd,kubelet,etcd} && chmod 0755 "$disk/upper" &&
        boot_from_network "$1" && within 20 report "$1" state=installing &&
        from "$1" curl -fsS -o "$disk/upper/var/lib/flatcar-install/user_data" \
            "http://$SERVER_ADDRESS/cloud-config/$(mac_of "$1")" &&
        report "$1" state=installed
}

# start_networkd NAME: systemd's own, with what the machine's disk has for it, and else DHCP, as Flatcar has it. A cable of a
# namespace is of a kind, where a card is of none.
start_networkd() {
    local disk
    disk=$(disk_of "$1")
    rm -rf "$disk"/{network,netif} && mkdir -p "$disk"/{network,netif/{links,leases,lldp}} || return
    chmod -R 0777 "$disk/netif"
    printf '[Match]\nName=eth0\n[Network]\nDHCP=yes\n' > "$disk/network/zz-default.network"
    sed -s '/^Kind=/d' "$disk"/upper/etc/systemd/network/*.network > "$disk/network/zy-bootstrapper.network" 2> /dev/null ||
        rm "$disk/network/zy-bootstrapper.network"
    setsid nsenter --net="/run/netns/$(namespace_of "$1")" unshare --mount tests/lib/kubernetes/networkd "$disk" \
        >> "$RUN_DIR/$1-networkd.log" 2>&1 < /dev/null &
    echo $! > "$disk/networkd.pid"
    disown
    within 20 has_resolver "$1" || [ ! -e "$SERVER_PID" ] # nobody else has an address for it
}

# dhcp_again NAME: while the machine runs; what its DHCP client knew of its lease is lost.
dhcp_again() {
    kill -s KILL "$(<"$(disk_of "$1")/networkd.pid")" && ip -n "$(namespace_of "$1")" address flush dev eth0 &&
        start_networkd "$1"
}

has_resolver() { grep '^DNS=.' "$(disk_of "$1")/netif/state"; }

# power_on NAME [UNIT…]: starts the machine, and of its units those named; all of them where none is.
power_on() {
    local name=$1 namespace disk
    namespace=$(namespace_of "$name") disk=$(disk_of "$name")
    forget_network "$name" && start_networkd "$name" || return
    setsid nsenter --net="/run/netns/$namespace" unshare --mount --pid --uts --ipc --fork --kill-child=KILL \
        tests/lib/kubernetes/node/boot "$ROOT" "$disk" "$(called "$name")" "$(cgroup_of "$name")" "${@:2}" \
        >> "$(log_of "$name")" 2>&1 < /dev/null &
    echo $! > "$disk/pid"
    disown
    within 20 is_up "$name"
}

# The first process of its namespace.
first_process() { pgrep --parent "$(<"$(disk_of "$1")/pid")"; }
is_up() { in_node "$1" test -e /run/lab/up; }

# in_node NAME COMMAND…
in_node() { nsenter --target "$(first_process "$1")" --mount --pid --uts --ipc --net --root --wdns=/ "${@:2}"; }

# power_off NAME: as when the power fails.
power_off() {
    local pid
    pid=$(<"$(disk_of "$1")/pid") || return
    kill -s KILL "$(first_process "$1")" "$pid" "$(<"$(disk_of "$1")/networkd.pid")"
    within 10 is_gone "$pid" || return
    rm "$(disk_of "$1")/pid"
    within 30 remove_cgroups "$(cgroup_of "$1")"
}

is_gone() { ! kill -0 "$1" 2> /dev/null; }

# What the kubelet made there does not go with its processes, and cannot be removed before the last of them has ended.
remove_cgroups() {
    local group
    for group in /sys/fs/cgroup/*/"$1"; do
        [ ! -d "$group" ] || find "$group" -depth -type d -exec rmdir {} + || return
    done
}

# destroy NAME: with all that is on its disk.
destroy() { power_off "$1" && rm -rf "$(disk_of "$1")"; }

# run_unit NAME UNIT: its commands, once, as systemd would.
run_unit() { in_node "$1" /lab/unit once "$2"; }
