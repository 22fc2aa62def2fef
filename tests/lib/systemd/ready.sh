# shellcheck shell=bash
# shellcheck disable=SC2154 # machines.sh sets them
# A cluster of real programs. Sourced by tests/vm-systemd.

# Where the test runs, for an emulated processor takes half a minute to start it; as the user that an operator is.
kubectl() {
    [ -s "$RUN_DIR/kubeconfig" ] || bootstrapper kubeconfig --out "$RUN_DIR/kubeconfig" > /dev/null || return
    inside "$SERVER" timeout 100 "$ROOT/lib64/ld-linux-x86-64.so.2" --library-path "$ROOT/usr/lib/x86_64-linux-gnu" \
        "$ROOT/usr/bin/kubectl" --kubeconfig="$RUN_DIR/kubeconfig" --server="https://$(ip_address "$control"):6443" \
        --tls-server-name=kubernetes.lab.test "$@" # whose name the DNS of this machine does not know
}

is_ready() {
    local nodes
    nodes=$(kubectl get nodes --no-headers)
    grep -E "^$(host_name "$1") +Ready " <<< "$nodes" || { echo "$nodes" && return 1; }
}

api_server_answers() { kubectl get --raw /readyz; }

# logs_come_from MACHINE NAME: of the first pod of that name there.
logs_come_from() {
    local pod
    pod=$(kubectl --namespace=kube-system get pods --field-selector="spec.nodeName=$(host_name "$1")" --output=name |
        grep -m 1 "$2") &&
        kubectl --namespace=kube-system logs --tail=1 "$pod" | grep .
}

pods_are_in_scopes() {
    in_machine "$1" systemctl list-units --no-pager --plain 'cri-containerd-*.scope' | grep '\.scope .* running'
}

# One after the other: what two machines do at once takes both longer than the probes of a control plane allow.
install_machine "$control"
timed "the API server answers" within 1500 api_server_answers || exit 1
install_machine "$worker"
for machine in "$control" "$worker"; do timed "$(host_name "$machine") is Ready" within 600 is_ready "$machine" || exit 1; done
timed "kubectl logs works for $(host_name "$control")" within 240 logs_come_from "$control" etcd
timed "kubectl logs works for $(host_name "$worker")" within 240 logs_come_from "$worker" kube-proxy
for machine in "$control" "$worker"; do
    look_at "$machine" systemd-sysext.service
    check "its pods are in scopes of systemd's" pods_are_in_scopes "$machine"
done
