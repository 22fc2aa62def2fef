# shellcheck shell=bash
# Stops a cluster: whatever runs in its namespaces was started there by `up`.

stop_cluster() {
    network_exists || return 0
    terminate "$SWITCH" 5
    terminate "$OUTSIDE" 5
    # Only the bootstrapper: its children are its own business.
    [[ ! -s $SERVER_PID ]] || kill "$(< "$SERVER_PID")" 2> /dev/null || true
    wait_until_empty "$SERVER" 15 || terminate "$SERVER" 2
    remove_network
    rm -f "$SERVER_PID" "$RUN_DIR"/*.pid
}

processes_in() { ip netns pids "$1" 2> /dev/null || true; }

# terminate NAMESPACE SECONDS: asks every process in it to end, and ends those that have not after SECONDS.
terminate() {
    local namespace=$1 patience=$2
    signal TERM "$namespace"
    wait_until_empty "$namespace" "$patience" || signal KILL "$namespace"
}

signal() {
    local signal=$1 process
    for process in $(processes_in "$2"); do
        kill -s "$signal" "$process" 2> /dev/null || true
    done
}

wait_until_empty() {
    local namespace=$1 deadline=$(($(now) + $2 * 1000))
    while [[ -n $(processes_in "$namespace") ]]; do
        (($(now) < deadline)) || return 1
        sleep 0.1
    done
}
