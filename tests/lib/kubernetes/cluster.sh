# shellcheck shell=bash
# shellcheck disable=SC2034 # the parts of vm-cluster/lib that are used here read them
# A cluster whose nodes are network namespaces: the network, the bootstrapper, its data root. Sourced.

. vm-cluster/lib/network.sh
. vm-cluster/lib/server.sh
. vm-cluster/lib/report.sh
. vm-cluster/lib/shutdown.sh

version_in() { "$1/kubelet" --version | sed 's/^Kubernetes v//'; }

programs=${BOOTSTRAPPER_KUBERNETES_BIN:-} next_programs=${BOOTSTRAPPER_KUBERNETES_NEXT_BIN:-}
release=1.36.2
[ -z "$programs" ] || release=$(version_in "$programs")
domain=lab.test
controls=(control-1 control-2 control-3)
workers=(worker-1 worker-2)
leases=(100 199)

# Each has its number, card and disk for good, whoever is described; and a host name, its own until it is called another.
machines=(control-1 control-2 control-3 worker-1 worker-2 control-4)
declare -A called=()

# worker-2 has its address from a lease.
number_of() { printf '%s\n' "${machines[@]}" | grep -nx "$1" | cut -d : -f 1; }
called() { echo "${called[$1]:-$1}"; }
mac_of() { mac_address "$(number_of "$1")"; }
has_planned_address() { [ "$1" != worker-2 ]; }
address_of() {
    if has_planned_address "$1"; then
        ip_address "$(number_of "$1")"
    else
        ip -n "$(namespace_of "$1")" -4 -o address show dev eth0 | sed -n 's|.*inet \([0-9.]*\)/.*|\1|p'
    fi
}

describe_cluster() {
    local name
    cat << EOF
bootstrapper: $SERVER_ADDRESS
subnet: 10.99.0.0/24
iplow: 10.99.0.${leases[0]}
iphigh: 10.99.0.${leases[1]}
routers: [$SERVER_ADDRESS]
domainname: $domain
kubernetes: {version: $release, cni: none, service_cidr: 10.112.0.0/12}
profiles:
  - {name: control-plane, kube_master: y, etcd_member: y}
  - {name: worker, labels: {node-role.kubernetes.io/worker: "", example.com/rack: a1}}
nodes:
EOF
    for name in "${controls[@]}"; do describe_node "$name" control-plane; done
    for name in "${workers[@]}"; do describe_node "$name" worker; done
}

# describe_node NAME PROFILE
describe_node() {
    local ip=''
    ! has_planned_address "$1" || ip="ip: $(address_of "$1"), "
    echo "  - {mac: \"$(mac_of "$1")\", hostname: $(called "$1"), ${ip}profile: $2}"
}

# Nothing boots from them here, but without a release the bootstrapper is not ready.
stand_in_system() {
    local system=$BSROOT/www/stable/1.0.0
    mkdir -p "$system" && ln -sfn 1.0.0 "$BSROOT/www/stable/current" &&
        touch "$system"/flatcar_production_{pxe.vmlinuz,pxe_image.cpio.gz,image.bin.bz2}
}

make_cluster_network() {
    create_namespace "$SWITCH" && create_namespace "$SERVER" || return
    ip -n "$SWITCH" link add bridge type bridge forward_delay 0 stp_state 0 mcast_snooping 0 &&
        ip -n "$SWITCH" link set bridge up && plug_in_server
}

bootstrapper() { inside "$SERVER" "$PROGRAM" "$@" --bsroot "$BSROOT"; }

stop_server() {
    kill "$(<"$SERVER_PID")" && wait_until_empty "$SERVER" 30 && rm "$SERVER_PID"
}

part_is() { inside "$SERVER" curl -fsS --max-time 5 "http://$SERVER_ADDRESS/readyz" | grep -E "$1"; }

# destroy_cluster: also of an earlier run that was killed.
destroy_cluster() {
    local name
    for name in "${machines[@]}"; do
        power_off "$name" 2> /dev/null
        unplug "$name" 2> /dev/null
    done
    [[ ! -s $SERVER_PID ]] || kill "$(<"$SERVER_PID")" 2> /dev/null
    wait_until_empty "$SERVER" 15 || terminate "$SERVER" 2
    remove_network
}
