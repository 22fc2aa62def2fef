# shellcheck shell=bash
# Who gives the addresses: the bootstrapper, or a DHCP server that was there before it.

OTHER_DHCP_ADDRESS=10.99.0.2

# What the description says of it.
dhcp_keys() {
    if [[ $DHCP == built-in ]]; then
        echo 'dhcp_server: built-in'
    else
        echo "dhcp: $DHCP"
    fi
}

# A plain dnsmasq on the bridge. With `--dhcp off` it has our lines in its configuration, otherwise it knows nothing of booting.
start_other_dhcp() {
    [[ $DHCP != server && $DHCP != built-in ]] || return 0
    local conf=$RUN_DIR/other-dhcp.conf
    write_other_dhcp > "$conf"
    [[ $DHCP == proxy ]] || "$PROGRAM" render --bsroot "$BSROOT" --dhcp-snippet dnsmasq | tail -n +2 >> "$conf"
    ip -n "$SWITCH" address add "$OTHER_DHCP_ADDRESS/24" dev bridge
    inside "$SWITCH" dnsmasq --conf-file="$conf" --log-facility="$RUN_DIR/other-dhcp.log" 9>&-
}

write_other_dhcp() {
    local machine
    cat << EOF
# Written by vm-cluster/up: the DHCP server that was there first.
user=root
pid-file=
port=0
interface=bridge
bind-interfaces
log-dhcp
no-ping
dhcp-authoritative
dhcp-leasefile=$RUN_DIR/other-dhcp.leases
dhcp-range=10.99.0.100,10.99.0.199,255.255.255.0,1h
EOF
    for ((machine = 1; machine <= NODES; machine++)); do
        echo "dhcp-host=$(mac_address "$machine"),$(ip_address "$machine")"
    done
}
