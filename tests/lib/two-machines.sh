# shellcheck shell=bash
# Two machines and a cable between them, as network namespaces. Sourced.

server=server-$$ node=node-$$

# lay_cable ADDRESS MAC: $server gets the address (of a /24 network), $node has nothing yet but the MAC address.
# No IPv6, whose own chatter only fills the logs. No checksum offloading: boot firmware and busybox trip over the
# checksums that a virtual cable leaves to be filled in.
lay_cable() {
    local name
    for name in "$server" "$node"; do
        ip netns add "$name"
        ip netns exec "$name" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
        ip -n "$name" link set lo up
    done
    ip -n "$node" link add eth0 address "$2" type veth peer name eth0 netns "$server"
    for name in "$server" "$node"; do
        ip netns exec "$name" ethtool -K eth0 tx off >/dev/null
        ip -n "$name" link set eth0 up
    done
    ip -n "$server" address add "$1/24" dev eth0
}

# on MACHINE COMMAND...: runs it as if there; gives up after 45 s.
on() { nsenter --net="/run/netns/$1" timeout 45 "${@:2}"; }

clear_away() {
    ip netns delete "$server" 2>/dev/null
    ip netns delete "$node" 2>/dev/null
}
