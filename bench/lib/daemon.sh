# shellcheck shell=bash
# For bench/dhcp and bench/idle: a bootstrapper with many nodes in a network namespace of its own. Who sources this sets $nodes, and
# may use $dnsmasq.
# $dhcp names the DHCP server, where that is not the program's own choice.
# shellcheck disable=SC2154,SC2034

server=bench-server-$$ client=bench-client-$$ root=$(mktemp -d) daemon='' dnsmasq=''

stop_daemon() {
    [ -z "$daemon" ] || kill "$daemon"
    [ -z "$daemon" ] || wait "$daemon" || true
    daemon=''
}

clean_up() {
    stop_daemon
    ip netns delete "$server" 2>/dev/null || true
    ip netns delete "$client" 2>/dev/null || true
    rm -rf "$root"
}
trap clean_up EXIT

make_network() {
    ip netns add "$server"
    ip netns add "$client"
    ip -n "$server" link add serve0 type veth peer name ask0 netns "$client"
    ip -n "$server" address add 10.201.0.1/16 dev serve0
    ip -n "$client" address add 10.201.0.2/16 dev ask0
    for end in "$server lo" "$server serve0" "$client lo" "$client ask0"; do
        ip -n "${end% *}" link set "${end#* }" up
    done
}

describe() {
    cat <<'TEXT'
bootstrapper: 10.201.0.1
subnet: 10.201.0.0
netmask: 255.255.0.0
iplow: 10.201.100.1
iphigh: 10.201.200.250
interface: serve0
domainname: bench.example
ssh_authorized_keys: |
  ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample0 bench
TEXT
    [ "${dhcp:-auto}" = auto ] || echo "dhcp_server: $dhcp" # which programs from before there were two do not know
    echo nodes:
    for ((i = 0; i < nodes; i++)); do
        printf '  - {mac: "52:54:00:%02x:%02x:%02x", hostname: node-%d, ip: 10.201.%d.%d, kube_master: %s, etcd_member: %s}\n' \
            $((i >> 16)) $((i >> 8 & 255)) $((i & 255)) "$i" $((1 + i / 250)) $((1 + i % 250)) \
            "$([ "$i" = 0 ] && echo y || echo n)" "$([ "$i" = 0 ] && echo y || echo n)"
    done
}

# start_daemon PROGRAM: returns when it answers and dnsmasq runs.
start_daemon() {
    local data="$root/data"
    rm -rf "$data" && mkdir "$data" && describe >"$data/cluster-desc.yml"
    ip netns exec "$server" "$1" serve --bsroot "$data" >"$root/log" 2>&1 &
    daemon=$!
    for ((i = 0; i < 300; i++)); do
        ip netns exec "$server" curl -fs http://10.201.0.1/healthz >/dev/null && dnsmasq=$(pgrep -P "$daemon" -x dnsmasq) && return
        kill -0 "$daemon" 2>/dev/null || break
        sleep 0.2
    done
    cat "$root/log" >&2 && exit 1
}

# cpu PID: processor time that it has used so far, in hundredths of a second (proc_pid_stat(5), utime and stime).
cpu() { sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'; }

# wait_until_settled: until the daemon uses no more than 1 % of a processor for twenty seconds: after a start and after much work
# the runtime compiles hot code again, for a minute or more.
wait_until_settled() {
    local used
    for ((i = 0; i < 15; i++)); do
        used=$(cpu "$daemon")
        sleep 20
        [ $(($(cpu "$daemon") - used)) -gt 20 ] || return 0
    done
    echo 'the daemon does not come to rest' >&2 && exit 1
}
