# shellcheck shell=bash
# One layer-2 network without a way out: namespace SWITCH holds a bridge with a tap for each machine, namespace SERVER
# holds the bootstrapper, and a cable (veth) joins the two.

inside() {
    local namespace=$1
    shift
    nsenter --net="/run/netns/$namespace" "$@"
}

network_exists() { [[ -e /run/netns/$SWITCH || -e /run/netns/$SERVER || -e /run/netns/$OUTSIDE ]]; }

create_network() {
    local machine
    create_namespace "$SWITCH"
    create_namespace "$SERVER"

    ip -n "$SWITCH" link add bridge type bridge forward_delay 0 stp_state 0 mcast_snooping 0
    ip -n "$SWITCH" link set bridge up
    for ((machine = 1; machine <= NODES; machine++)); do
        ip -n "$SWITCH" tuntap add "tap$machine" mode tap
        ip -n "$SWITCH" link set "tap$machine" master bridge up
    done
    plug_in_server
    answer_router_solicitations
}

# IPv6 off: router solicitations only clutter the logs.
create_namespace() {
    ip netns add "$1"
    inside "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
    ip -n "$1" link set lo up
}

plug_in_server() {
    ip -n "$SWITCH" link add server type veth peer name eth0 netns "$SERVER"
    ip -n "$SWITCH" link set server master bridge up
    ip -n "$SERVER" address add "$SERVER_ADDRESS/24" dev eth0
    ip -n "$SERVER" link set eth0 up
    # A veth leaves checksums to a network card that is not there; boot loaders check them.
    inside "$SERVER" ethtool -K eth0 tx off > /dev/null
}

# The iPXE in QEMU's network card tries IPv6 beside DHCP, and at every boot waits 13 s for a router to answer. This one
# says that it leads nowhere.
answer_router_solicitations() {
    inside "$SWITCH" sysctl -qw net.ipv6.conf.bridge.disable_ipv6=0
    ip -n "$SWITCH" address add fd00:99::1/64 dev bridge nodad
    inside "$SWITCH" dnsmasq --conf-file=/dev/null --pid-file= --user=root --port=0 --interface=bridge --bind-interfaces \
        --enable-ra --dhcp-range=fd00:99::,ra-only --ra-param=bridge,0,0 9>&-
}

remove_network() {
    local namespace
    for namespace in "$SWITCH" "$SERVER" "$OUTSIDE"; do
        [[ ! -e /run/netns/$namespace ]] || ip netns delete "$namespace"
    done
}
