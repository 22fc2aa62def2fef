# shellcheck shell=bash
# shellcheck disable=SC2034  # the other parts read these
# Where things are, and what machine N (counted from 1) is called. One run directory is one cluster: its name is in the
# names of the network namespaces, so clusters of several checkouts, or of several run directories, do not meet.

CHECKOUT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
CACHE=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/bootstrapper-lab
DEFAULT_RUN_DIR=${VM_CLUSTER_RUN_DIR:-$CHECKOUT/vm-cluster/run}
SERVER_ADDRESS=10.99.0.1

# Call it once the options are read.
name_places() {
    mkdir -p "$RUN_DIR"
    RUN_DIR=$(cd "$RUN_DIR" && pwd)
    BSROOT=$(realpath -m "${BSROOT:-$RUN_DIR/bsroot}")
    SERVER_LOG=$RUN_DIR/bootstrapper.log
    SERVER_PID=$RUN_DIR/bootstrapper.pid

    local run
    run=$(sha256sum <<< "$RUN_DIR" | cut -c1-8)
    SERVER=lab-server-$run
    SWITCH=lab-switch-$run
    OUTSIDE=lab-outside-$run
}

host_name() { printf 'core-%02d' "$1"; }
mac_address() { printf '52:54:00:99:00:%02d' "$1"; }
ip_address() { printf '10.99.0.%d' $((10 + $1)); }
serial_number() { printf 'LAB-%04d' "$1"; }
uuid() { printf '00000000-0000-4000-8000-5254009900%02d' "$1"; }

disk() { echo "$RUN_DIR/$(host_name "$1").qcow2"; }
own_key() { echo "$RUN_DIR/own-key"; }
uefi_variables() { echo "$RUN_DIR/$(host_name "$1").uefi-variables"; }
console() { echo "$RUN_DIR/$(host_name "$1").console.log"; }
serial_line() { echo "$RUN_DIR/$(host_name "$1").serial"; }
machine_pid() { echo "$RUN_DIR/$(host_name "$1").pid"; }

# What the bootstrapper knows of machine N.
inventory_file() {
    local mac
    mac=$(mac_address "$1")
    echo "$BSROOT/inventory/${mac//:/-}.json"
}
