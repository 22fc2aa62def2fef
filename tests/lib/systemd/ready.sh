# shellcheck shell=bash
# shellcheck disable=SC2154 # machines.sh sets them
# A cluster of real programs. Sourced by tests/vm-systemd.

kubectl() { in_machine "$control" timeout 100 /opt/bin/kubectl --kubeconfig=/etc/kubernetes/super-admin.conf "$@"; }

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

timed "the API server answers" within 600 api_server_answers || exit 1
for machine in "$control" "$worker"; do timed "$(host_name "$machine") is Ready" within 600 is_ready "$machine" || exit 1; done
timed "kubectl logs works for $(host_name "$control")" within 240 logs_come_from "$control" etcd
timed "kubectl logs works for $(host_name "$worker")" within 240 logs_come_from "$worker" kube-proxy
for machine in "$control" "$worker"; do
    look_at "$machine" systemd-sysext.service
    check "its pods are in scopes of systemd's" pods_are_in_scopes "$machine"
done
