# shellcheck shell=bash
# For bench/dhcp, bench/files and bench/idle: bootstrappers, each in a network namespace of its own, all of them at once: what one
# does in a minute is compared with what another does in the same minute. Who sources this uses ${daemons[I]} and
# ${dnsmasqs[I]}.
# shellcheck disable=SC2034

root=$(mktemp -d) daemons=() dnsmasqs=()

# server I, client I: names of the namespaces of a daemon, and of who asks it.
server() { echo "bench-$$-server-$1"; }
client() { echo "bench-$$-client-$1"; }

clean_up() {
    local i
    for i in "${!daemons[@]}"; do
        kill "${daemons[i]}" 2>/dev/null || true
        wait "${daemons[i]}" || true
        ip netns delete "$(server "$i")" 2>/dev/null || true
        ip netns delete "$(client "$i")" 2>/dev/null || true
    done
    rm -rf "$root"
}
trap clean_up EXIT

make_network() {
    local server client end
    server=$(server "$1") client=$(client "$1")
    ip netns add "$server"
    ip netns add "$client"
    ip -n "$server" link add serve0 type veth peer name ask0 netns "$client"
    ip -n "$server" address add 10.201.0.1/16 dev serve0
    ip -n "$client" address add 10.201.0.2/16 dev ask0
    for end in "$server lo" "$server serve0" "$client lo" "$client ask0"; do
        ip -n "${end% *}" link set "${end#* }" up
    done
}

# describe NODES DHCP: DHCP names the server, or is auto: the program's own choice.
describe() {
    local i
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
    [ "$2" = auto ] || echo "dhcp_server: $2" # which programs from before there were two do not know
    echo nodes:
    for ((i = 0; i < $1; i++)); do
        printf '  - {mac: "52:54:00:%02x:%02x:%02x", hostname: node-%d, ip: 10.201.%d.%d, kube_master: %s, etcd_member: %s}\n' \
            $((i >> 16)) $((i >> 8 & 255)) $((i & 255)) "$i" $((1 + i / 250)) $((1 + i % 250)) \
            "$([ "$i" = 0 ] && echo y || echo n)" "$([ "$i" = 0 ] && echo y || echo n)"
    done
}

# title NODES PROGRAM: the folder tells one from another, as bench/publish names it.
title() { echo "$1 nodes, $(basename "$(dirname "$2")")"; }

# start_daemon I PROGRAM NODES [DHCP]: returns when it answers and dnsmasq runs.
start_daemon() {
    local data="$root/$1" try
    [ -e "${2%/*}/libcoreclr.so" ] || echo "${0##*/}: $2 is not as it is in the image; bench/publish makes one that is" >&2
    mkdir "$data"
    describe "$3" "${4:-auto}" >"$data/cluster-desc.yml"
    make_network "$1"
    ip netns exec "$(server "$1")" "$2" serve --bsroot "$data" >"$root/log-$1" 2>&1 &
    daemons[$1]=$!
    for ((try = 0; try < 300; try++)); do
        ip netns exec "$(server "$1")" curl -fs http://10.201.0.1/healthz >/dev/null &&
            dnsmasqs[$1]=$(pgrep -P "${daemons[$1]}" -x dnsmasq) && return
        kill -0 "${daemons[$1]}" 2>/dev/null || break
        sleep 0.2
    done
    cat "$root/log-$1" >&2 && exit 1
}

# cpu PID: processor time that it has used so far, in hundredths of a second (proc_pid_stat(5), utime and stime).
cpu() { sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'; }

# wait_until_settled: until no daemon uses more than 1 % of a processor for twenty seconds: after a start and after much work
# the runtime compiles hot code again, for a minute or more.
wait_until_settled() {
    local try pid used busy
    for ((try = 0; try < 15; try++)); do
        used=() busy=''
        for pid in "${daemons[@]}"; do used[pid]=$(cpu "$pid"); done
        sleep 20
        for pid in "${daemons[@]}"; do
            [ $(($(cpu "$pid") - used[pid])) -le 20 ] || busy=1
        done
        [ -n "$busy" ] || return 0
    done
    echo "${0##*/}: a daemon does not come to rest" >&2 && exit 1
}
