# shellcheck shell=bash
# With --gateway the bootstrapper's namespace is also the machines' way out: it forwards what they send, under its own address
# (NAT), to namespace OUTSIDE, where a web server plays the rest of the world. Everything is in the namespaces and goes with them.

OUTSIDE_ADDRESS=192.0.2.1          # RFC 5737: nobody's
UPLINK_ADDRESS=192.0.2.2

create_gateway() {
    [[ -n $GATEWAY ]] || return 0
    create_namespace "$OUTSIDE"
    ip -n "$OUTSIDE" link add eth0 type veth peer name uplink netns "$SERVER"
    ip -n "$OUTSIDE" address add "$OUTSIDE_ADDRESS/24" dev eth0
    ip -n "$OUTSIDE" link set eth0 up
    ip -n "$SERVER" address add "$UPLINK_ADDRESS/24" dev uplink
    ip -n "$SERVER" link set uplink up
    forward_to_uplink
    play_outside
}

# From the machines out, and the answers in; nothing else.
forward_to_uplink() {
    inside "$SERVER" sysctl -qw net.ipv4.ip_forward=1
    inside "$SERVER" nft -f - << 'END'
table ip gateway {
    chain forward {
        type filter hook forward priority filter; policy drop;
        iifname "eth0" oifname "uplink" accept
        ct state established,related accept
    }
    chain postrouting {
        type nat hook postrouting priority srcnat;
        oifname "uplink" masquerade
    }
}
END
}

# It knows no way back to the machines' network: without NAT its answers go nowhere.
play_outside() {
    local directory=$RUN_DIR/outside
    mkdir -p "$directory"
    echo 'You are outside.' > "$directory/index.html"
    inside "$OUTSIDE" busybox httpd -f -vv -p "$OUTSIDE_ADDRESS:80" -h "$directory" \
        > "$RUN_DIR/outside.log" 2>&1 < /dev/null 9>&- &
}

# The built-in template, and a unit by which each machine says at every start what it sees outside.
template_that_looks_outside() {
    sed '1a# Written by vm-cluster/up --gateway.' "$CHECKOUT/src/Bootstrapper/Rendering/Templates/cloud-config.template"
    cat << END
    - name: look-outside.service
      command: start
      content: |
        [Unit]
        Description=Show where the gateway leads

        [Service]
        Type=oneshot
        ExecStart=/bin/sh -c "wget -q -O - http://$OUTSIDE_ADDRESS/"
END
}
