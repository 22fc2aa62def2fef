# shellcheck shell=bash
# shellcheck disable=SC2034,SC2153,SC2154 # cluster.sh and vm-cluster/lib set them
# A whole cluster, from empty disks. Sourced by tests/kubernetes.

all=("${controls[@]}" "${workers[@]}")

kubectl_at() { in_node "$1" timeout 60 /opt/bin/kubectl --kubeconfig=/etc/kubernetes/super-admin.conf "${@:2}"; }

# At whatever control plane runs.
kubectl_anywhere() {
    local name
    for name in "${controls[@]}"; do
        if [ -e "$(disk_of "$name")/pid" ] && kubectl_at "$name" --request-timeout=5s get --raw /readyz > /dev/null 2>&1; then
            kubectl_at "$name" "$@"
            return
        fi
    done
    echo 'no API server answers'
    return 1
}

# each_at_once FUNCTION NAME…
each_at_once() {
    local function=$1 name running=() status=0 job
    shift
    for name; do "$function" "$name" > "$RUN_DIR/$function-$name.txt" 2>&1 & running+=($!); done
    for job in "${running[@]}"; do wait "$job" || status=1; done
    [ "$status" = 0 ] || tail -n 20 "$RUN_DIR/$function"-*.txt
    return $status
}

install_whole() { install_node "$1" && power_on "$1"; }

# Ready since it was asked: a node that is silent stays Ready on paper for 40 seconds.
# are_ready COUNT: so many nodes, and no other.
are_ready() {
    local ready
    ready=$(kubectl_anywhere get nodes --no-headers) || { echo "$ready" && return 1; }
    [ "$(grep -c ' Ready ' <<< "$ready")" = "$1" ] || { echo "$ready" && return 1; }
}

# has_renewed_since TIME NAME: its lease, which only a kubelet that runs renews.
has_renewed_since() {
    local renewed
    renewed=$(kubectl_anywhere get lease --namespace=kube-node-lease "$2" --output='jsonpath={.spec.renewTime}') || return
    [[ $renewed > $1 ]] || { echo "$2 last renewed its lease at $renewed" && return 1; }
}
utc() { date -u +%Y-%m-%dT%H:%M:%S; }

# --- kubernetes status ------------------------------------------------------------------------------------------------

# is_as_described: and says so, by its exit code, too.
is_as_described() {
    local said wanted
    said=$(bootstrapper kubernetes status 2>&1) || { echo "$said" && return 1; }
    for wanted in 'API servers: 3 of 3' 'etcd: 3 of 3' 'Nodes: 5 of 5 Ready'; do
        grep -q "$wanted" <<< "$said" || { echo "$said" && return 1; }
    done
}
may_bootstrapper() { [ "$(kubectl_anywhere auth can-i "$@" --as=bootstrapper)" = yes ]; }

# --- labels, addons ---------------------------------------------------------------------------------------------------

have_label() { [ "$(kubectl_anywhere get nodes --selector="$1" --no-headers | wc -l)" = "$2" ]; }

apply_addons() { run_unit "$1" kubernetes-addons.service; }
says_nothing_of_addons() { ! bootstrapper node why "$1" | grep addons; }
fails() { ! "$@"; }
says_why() { bootstrapper node why "$1" | grep -E "$2"; }
break_an_addon() {
    in_node "$1" /bin/sh -c 'printf "%s\n" "apiVersion: v1" "kind: Service" "metadata: {name: Broken_Name}" \
        >/etc/kubernetes/addons/00-broken.yaml; printf "%s\n" "apiVersion: v1" "kind: ConfigMap" \
        "metadata: {name: behind-it, namespace: default}" >/etc/kubernetes/addons/01-whole.yaml'
}
edit_by_hand() {
    kubectl_anywhere --namespace=kube-system patch configmap coredns --type=merge --patch='{"data": {"note": "mine"}}'
}
edit_holds() { [ "$(kubectl_anywhere --namespace=kube-system get configmap coredns --output='jsonpath={.data.note}')" = mine ]; }

# --- who is who -------------------------------------------------------------------------------------------------------

# is_known_as USER GROUPS NAME FILE: what the API server makes of who comes from that machine with that kubeconfig.
is_known_as() {
    local said
    said=$(in_node "$3" timeout 60 /opt/bin/kubectl --kubeconfig="$4" auth whoami \
        --output='jsonpath={.status.userInfo.username} {.status.userInfo.groups}') || { echo "$said" && return 1; }
    [ "$said" = "$1 [${2:+\"$2\",}\"system:authenticated\"]" ] || { echo "$said" && return 1; }
}

# user_is_known_as USER GROUP [OPTION…]: with what the bootstrapper writes for a user.
user_is_known_as() {
    "$PROGRAM" kubeconfig --bsroot "$BSROOT" --out "$RUN_DIR/user.conf" "${@:3}" &&
        in_node worker-1 /bin/sh -c 'cat >/tmp/user.conf' < "$RUN_DIR/user.conf" && rm "$RUN_DIR/user.conf" &&
        is_known_as "$1" "$2" worker-1 /tmp/user.conf
}

# --- every addon ------------------------------------------------------------------------------------------------------

# render_addons EDIT: those of a cluster like this one, whose description sed has edited, each alone in a folder.
render_addons() {
    local root=$RUN_DIR/addons
    rm -rf "$root" && mkdir -p "$root" && describe_cluster | sed -E "$1" > "$root/cluster-desc.yml" &&
        "$PROGRAM" render --node control-1 --bsroot "$root" --out "$root/files" > /dev/null &&
        busybox awk -v out="$root/parts" -f vm-cluster/images/installed/lib/yaml-to-files.awk "$root"/files/cloud-config/*.yaml
}

# addon_files: of what was rendered.
addon_files() { grep -l ^/etc/kubernetes/addons/ "$RUN_DIR"/addons/parts/write_files/*/path | sed 's/path$/content/'; }

# Where there is no namespace, nothing in it can be tried.
make_namespaces() {
    local namespaces
    namespaces=$(kubectl_anywhere_from annotate --local --filename=- lab=y --output=json < "$1" |
        jq 'if .kind == "List" then .items[] else . end | select(.kind == "Namespace")') || return
    [ -z "$namespaces" ] || kubectl_anywhere_from apply --server-side --force-conflicts --filename=- <<< "$namespaces"
}

try_to_apply() { kubectl_anywhere_from apply --server-side --force-conflicts --dry-run=server --filename=- < "$1" 2>&1; }

# takes_addons EDIT COUNT: the API server would take each object of them, without a warning.
takes_addons() {
    local file files said
    render_addons "$1" && files=$(addon_files) || return
    [ "$(wc -l <<< "$files")" = "$2" ] || { cat "$RUN_DIR"/addons/parts/write_files/*/path && return 1; }
    for file in $files; do
        make_namespaces "$file" > /dev/null || return
        if ! said=$(try_to_apply "$file") || grep -q '^Warning' <<< "$said"; then
            cat "${file%content}path" && echo "$said" && return 1
        fi
    done
}

# --- workload ---------------------------------------------------------------------------------------------------------

run_workload() {
    kubectl_anywhere_from apply --filename=- << EOF
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: web, namespace: default}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      tolerations: [{operator: Exists}]
      terminationGracePeriodSeconds: 1
      containers:
        - name: web
          image: registry.k8s.io/lab/busybox:1
          command: [/bin/sh, -c, "echo served by \$NODE; echo \$NODE >/tmp/index.html; exec httpd -f -p 8080 -h /tmp"]
          env: [{name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: default}
spec: {clusterIP: 10.112.0.80, selector: {app: web}, ports: [{port: 80, targetPort: 8080}], internalTrafficPolicy: Local}
EOF
}
kubectl_anywhere_from() { in_node control-1 timeout 60 /opt/bin/kubectl --kubeconfig=/etc/kubernetes/super-admin.conf "$@"; }

pod_on() { kubectl_anywhere get pods --selector=app=web --field-selector="spec.nodeName=$1" --output=name; }
logs_come_from() { [ "$(kubectl_anywhere logs "$(pod_on "$1")")" = "served by $1" ]; }
exec_works_on() { [ "$(kubectl_anywhere exec "$(pod_on "$1")" -- cat /tmp/index.html)" = "$1" ]; }
service_works_on() { [ "$(in_node "$1" curl -fsS --max-time 5 http://10.112.0.80/)" = "$1" ]; }

# forward_works_to NODE: to the pod there.
forward_works_to() {
    # shellcheck disable=SC2016 # of that shell
    [ "$(in_node control-1 timeout 30 /bin/sh -c '
        /opt/bin/kubectl --kubeconfig=/etc/kubernetes/super-admin.conf port-forward "$0" 18080:8080 >/dev/null & forwards=$!
        curl -fsS --retry 20 --retry-connrefused --retry-delay 1 http://127.0.0.1:18080/
        kill "$forwards"' "$(pod_on "$1")")" = "$1" ]
}

# metrics_come_from NODE: by the API server, as metrics-server's.
metrics_come_from() {
    kubectl_anywhere get --raw "/api/v1/nodes/$1/proxy/metrics" | grep -F "kubelet_node_name{node=\"$1\"} 1" &&
        kubectl_anywhere get --raw "/api/v1/nodes/$1/proxy/metrics/resource" | grep '^node_memory_working_set_bytes [0-9]'
}

# pod_asks_api NODE: the pod there, with the token and the root that pods are given, at kubernetes.default: so often that it comes
# to each control plane. With a time limit of its own, kubectl would ask a server on its own machine instead.
pod_asks_api() {
    local said
    said=$(kubectl_anywhere exec "$(pod_on "$1")" -- /bin/sh -c 'for turn in 1 2 3 4 5 6 7 8; do
        timeout 5 kubectl auth whoami --output="jsonpath={.status.userInfo.username} "; done' 2>&1)
    [ "$(grep -o system:serviceaccount:default:default <<< "$said" | wc -l)" = 8 ] || { echo "$said" && return 1; }
}

# api_is_at NAME…: kubernetes.default leads there, and nowhere else.
api_is_at() {
    local name wanted
    wanted=$(for name; do printf '%s\n' "$(address_of "$name")"; done | sort | xargs)
    [ "$(kubectl_anywhere get endpointslice kubernetes --output='jsonpath={range .endpoints[*]}{.addresses[0]}{"\n"}{end}' |
        sort | xargs)" = "$wanted" ]
}

secret_is_encrypted() {
    kubectl_anywhere create secret generic quiet --from-literal=word=swordfish || return
    etcdctl_of control-1 get /registry/secrets/default/quiet --print-value-only > "$RUN_DIR/secret" &&
        grep -aq '^k8s:enc:' "$RUN_DIR/secret" && ! grep -aq swordfish "$RUN_DIR/secret"
}

# --- away and lost ------------------------------------------------------------------------------------------------------

# comes_back NAME: after a loss of power. Its own kubelet must have said so since, its pod answer, and the service by its
# kube-proxy.
comes_back() {
    local since
    power_off "$1" && since=$(utc) && power_on "$1" &&
        within 180 has_renewed_since "$since" "$1" && within 120 logs_come_from "$1" && within 120 service_works_on "$1"
}

# hang NAME: its API server takes connections, and answers none.
hang() { in_node "$1" pkill -STOP -x kube-apiserver; }
api_server_of() { in_node "$1" pgrep -x kube-apiserver; }
has_another_server() { are_others "$2" "$(api_server_of "$1")"; }
all_have_renewed_since() {
    local name
    for name in "${all[@]}"; do has_renewed_since "$1" "$name" || return; done
}

# lease_elsewhere: the node without a planned address can keep its lease no more.
lease_elsewhere() {
    local former
    former=$(address_of worker-2)
    if [ "${former##*.}" -ge 150 ]; then leases=(100 149); else leases=(150 199); fi
    former=$(dnsmasq_of_server)
    describe && within 60 has_another_dnsmasq "$former"
}
dnsmasq_of_server() { ip netns pids "$SERVER" | xargs ps -o pid=,comm= -p | awk '$2 == "dnsmasq" { print $1 }'; }
has_another_dnsmasq() { are_others "$1" "$(dnsmasq_of_server)"; }
has_another_address() { [ -n "$(address_of "$1")" ] && [ "$(address_of "$1")" != "$2" ]; }
says_its_address() {
    [ "$(kubectl_anywhere get node "$1" --output='jsonpath={.status.addresses[?(@.type=="InternalIP")].address}')" = \
        "$(address_of "$1")" ]
}
serves_with_its_address() {
    in_node "$1" openssl x509 -in /etc/kubernetes/pki/kubelet.crt -noout -checkip "$(address_of "$1")" | grep 'does match'
}

is_described() { inside "$SERVER" curl -fsS "http://$SERVER_ADDRESS/described" | grep "^$1 "; }
uid_of() { kubectl_anywhere get node "$1" --output='jsonpath={.metadata.uid}'; }
is_another() { [ "$(uid_of "$1")" != "$2" ]; }
is_no_node() { [ -z "$(kubectl_anywhere get node "$1" --ignore-not-found --output=name)" ]; }
schedules() { [ -z "$(kubectl_anywhere get node "$1" --output='jsonpath={.spec.unschedulable}')" ]; }
runs_version() { [ "$(kubectl_anywhere get node "$1" --output='jsonpath={.status.nodeInfo.kubeletVersion}')" = "v$2" ]; }

# install_in_place NAME [OPTION]
install_in_place() { bootstrapper node reinstall "$(mac_of "$1")" "${@:2}" && install_whole "$1"; }
start_again_whole() { destroy "$1" && install_in_place "$1"; }
# Of a cluster that is to begin anew.
begin_anew() { destroy "$1" && install_in_place "$1" --force; }

# registers_again NAME: its Node object is deleted, and its kubelet makes another.
registers_again() {
    kubectl_anywhere delete node "$1" && power_off "$1" && power_on "$1" && within 120 are_ready 5
}

# --- another in its place -----------------------------------------------------------------------------------------------

describe() { describe_cluster > "$RUN_DIR/description" && cp "$RUN_DIR/description" "$BSROOT/cluster-desc.yml"; }

# comes NAME: by the edit of the description that removes another. It is switched on at once.
comes() { describe && within 60 is_described "$1" && plug_in "$1" && install_whole "$1"; }

# call NAME: by its other host name; its address is the one of before.
call() { describe && within 60 is_described "$(called "$1")"; }

# goes_when_looked NODE: looks, as if minutes had gone by.
goes_when_looked() { look 1 && is_no_node "$1"; }

# --- a writer -----------------------------------------------------------------------------------------------------------

# Each server may have a write for so long; so one that comes to the last of them may take three times that.
patience=5

# start_writer: a client that counts up every 100 ms, as an API client does: at the next server where one fails.
start_writer() {
    local number=0
    : > "$RUN_DIR/writes"
    while [ ! -e "$RUN_DIR/writer-stops" ]; do
        number=$((number + 1))
        if write "$number"; then echo "$SECONDS $number ok"; else echo "$SECONDS $number failed"; fi >> "$RUN_DIR/writes"
        sleep 0.1
    done
}

# write NUMBER: from where no node is, for each of them is installed again meanwhile.
write() {
    local server
    for server in 11 12 13; do
        ! inside "$SERVER" curl -fsS -o /dev/null --max-time $patience --cacert "$RUN_DIR/writer/ca.crt" \
            --cert "$RUN_DIR/writer/tls.crt" --key "$RUN_DIR/writer/tls.key" --request PATCH \
            --header 'Content-Type: application/merge-patch+json' --data "{\"data\": {\"n\": \"$1\"}}" \
            "https://10.99.0.$server:6443/api/v1/namespaces/default/configmaps/writer" 2>> "$RUN_DIR/writer.log" || return 0
    done
    return 1
}

prepare_writer() {
    local pki=$RUN_DIR/writer
    mkdir -p "$pki" && kubectl_anywhere create configmap writer --from-literal=n=0 && believe_what_is_served || return
    in_node control-1 cat /etc/kubernetes/pki/super-admin.crt > "$pki/tls.crt"
    in_node control-1 cat /etc/kubernetes/pki/super-admin.key > "$pki/tls.key"
}

# restarting NAME COMMAND…: what restarts a machine. The writer's record has when it began and ended, of a control plane.
restarting() {
    local status=0
    [[ $1 != control-* ]] || echo "$SECONDS restart begins" >> "$RUN_DIR/writes"
    "${@:2}" || status=$?
    [[ $1 != control-* ]] || echo "$SECONDS restart ends" >> "$RUN_DIR/writes"
    return "$status"
}

# no_write_failed: while a control plane restarts, a write may find its server gone, and the next one waiting for etcd's next
# leader: it succeeds at the last one at the latest, so from one that succeeds to the next it is three patiences. At any other
# time none fails, and none has to go to another server for want of an answer.
no_write_failed() {
    awk -v patience="$patience" '
        function longer(a, b) { return a > b ? a : b }
        $2 == "restart" { restarts = $3 == "begins"; if (restarts) touched = 1 }
        $3 == "failed"  { if (touched) failed++; else failed_else++ }
        $3 == "ok"      { if (!last) last = $1
                          if (touched) gap = longer(gap, $1 - last); else gap_else = longer(gap_else, $1 - last)
                          last = $1; done++; touched = restarts }
        END { printf "%d writes; while a control plane restarted %d failed, and %d s went by without one; else %d, and %d s\n",
                  done + failed + failed_else, failed, gap, failed_else, gap_else
              exit !(done > 50 && gap <= 3 * patience && failed_else == 0 && gap_else < patience) }' "$RUN_DIR/writes"
}

# --- roots --------------------------------------------------------------------------------------------------------------

# The writer, too: with the root that signs next.
believe_what_is_served() {
    from worker-1 curl -fsS -o "$RUN_DIR/writer/ca.crt.new" "http://$SERVER_ADDRESS/ca.crt" &&
        mv "$RUN_DIR/writer/ca.crt.new" "$RUN_DIR/writer/ca.crt"
}

# A bootstrapper that runs takes up a step within the hour, which nobody waits for here.
rotate_ca() {
    stop_server && "$PROGRAM" pki rotate-ca --bsroot "$BSROOT" "$@" && start_server && believe_what_is_served
}

renews() { run_unit "$1" bootstrapper-renew.service; }

# programs_of NAME: those that read roots only when they start, by their process numbers.
programs_of() { in_node "$1" pgrep -x 'kubelet|etcd|kube-apiserver|kube-controller|kube-scheduler'; }

# serials_of NAME: of the certificates with which it serves that the cluster's root has signed.
serials_of() {
    local port ports=(10250)
    [[ $1 != control-* ]] || ports+=(6443)
    for port in "${ports[@]}"; do
        from worker-1 openssl s_client -connect "$(address_of "$1"):$port" 2> /dev/null < /dev/null | openssl x509 -noout -serial
    done
}

# are_others FORMER NOW: as many lines, and none is of before.
are_others() {
    if [ "$(wc -l <<< "$1")" != "$(wc -l <<< "$2")" ] || [ -n "$(comm -12 <(sort <<< "$1") <(sort <<< "$2"))" ]; then
        echo "before: ${1//$'\n'/ }; now: ${2//$'\n'/ }" && return 1
    fi
}
have_restarted() { are_others "$2" "$(programs_of "$1")"; }
serves_anew() { are_others "$2" "$(serials_of "$1")"; }
api_answers() { [[ $1 != control-* ]] || kubectl_at "$1" get --raw /readyz; }

# renews_whole NAME [anew]: until its programs have started again, with other certificates where they are issued anew, and are
# well.
renews_whole() {
    local programs serials
    programs=$(programs_of "$1") serials=$(serials_of "$1")
    renews "$1" || { in_node "$1" tail -n 5 /var/log/lab/bootstrapper-renew.service.log && return 1; }
    within 180 have_restarted "$1" "$programs" && { [ -z "${2-}" ] || within 60 serves_anew "$1" "$serials"; } &&
        within 180 members_are_healthy 3 && within 180 api_answers "$1" && within 180 are_ready 5
}

# all_renew [anew]: one after the other, as their timers have them at different hours: a member that believes other roots
# restarts.
all_renew() {
    local name
    for name in "${all[@]}"; do restarting "$name" renews_whole "$name" "$@" || { echo "$name" && return 1; }; done
}

is_signed_anew() {
    openssl verify -CAfile <(openssl x509 -in "$BSROOT/ca.crt") <(in_node "$1" cat /etc/kubernetes/pki/kubelet.crt)
}

# --- upgrade ------------------------------------------------------------------------------------------------------------

lay_out_release() {
    release_images && release_files && describe && within 120 is_in_force
}
is_in_force() { bootstrapper render --node control-1 | grep -q "kube-apiserver:v$release@sha256"; }

# upgrade NAME: as docs/kubernetes.md has it: never a second one while a member is missing.
upgrade() {
    start_again_whole "$1" && within 240 runs_version "$1" "$release" && within 240 are_ready 5 &&
        within 120 members_are_healthy 3 && within 120 logs_come_from "$1"
}

# --- run it -----------------------------------------------------------------------------------------------------------

describe_cluster > "$BSROOT/cluster-desc.yml"
check "all control planes are described" within 60 is_described control-3
power_on control-3 containerd.service > /dev/null
for name in "${workers[@]}"; do check "$name is plugged in" plug_in "$name" || exit 1; done
timed "the control planes are installed again, with all of their units" each_at_once begin_anew "${controls[@]}" || exit 1
timed "the workers are installed" each_at_once install_whole "${workers[@]}" || exit 1
timed "all five are Ready" within 300 are_ready 5 || exit 1
timed "kubernetes status has all of it as described" within 120 is_as_described
check "for which the bootstrapper may list nodes" may_bootstrapper list nodes
check "and no secrets" fails may_bootstrapper list secrets
timed "control planes have their label, which no kubelet may give" within 120 have_label node-role.kubernetes.io/control-plane 3
timed "and workers theirs" within 120 have_label node-role.kubernetes.io/worker=,example.com/rack=a1 2
timed "a worker's Node object is deleted, and it registers again" registers_again worker-1
timed "it gets its labels once more" within 120 have_label node-role.kubernetes.io/worker= 2
timed "a pod is started on each node" within 60 run_workload
for name in "${all[@]}"; do
    timed "kubectl logs works for $name" within 120 logs_come_from "$name"
    timed "and exec" within 30 exec_works_on "$name"
    timed "and a service, by kube-proxy" within 90 service_works_on "$name"
    timed "and port-forward" within 60 forward_works_to "$name"
    timed "and metrics through the API" within 60 metrics_come_from "$name"
    timed "and a pod there asks the API" within 60 pod_asks_api "$name"
done
for name in "${all[@]}"; do
    check "$name's kubelet is known as its node" \
        is_known_as "system:node:$name" system:nodes "$name" /etc/kubernetes/kubelet.conf
done
for name in "${controls[@]}"; do
    check "$name's controller manager is known as that" \
        is_known_as system:kube-controller-manager '' "$name" /etc/kubernetes/controller-manager.conf
    check "and its scheduler" is_known_as system:kube-scheduler '' "$name" /etc/kubernetes/scheduler.conf
    check "and its admin" is_known_as kubernetes-admin kubeadm:cluster-admins "$name" /etc/kubernetes/admin.conf
    check "and who needs no role binding" \
        is_known_as kubernetes-super-admin system:masters "$name" /etc/kubernetes/super-admin.conf
done
check "an admin is known with the kubeconfig that the bootstrapper writes" \
    user_is_known_as kubernetes-admin kubeadm:cluster-admins
check "and another user, in the group" user_is_known_as alice developers --user alice --group developers
timed "etcd has no secret in the clear" secret_is_encrypted
timed "every addon is applied, on record" within 180 says_nothing_of_addons control-1

timed "the API server takes flannel, ingress, metrics-server and local-path storage" takes_addons \
    's/cni: none/cni: flannel, metrics_server: y, local_path_storage: y/; s/name: worker,/& ingress_label: y,/
     s/(hostname: worker-1,)/\1 flannel_iface: eth0,/' 7
timed "and as they are with their other switches" takes_addons \
    's/cni: none/cni: flannel, flannel_backend: host-gw, kube_proxy: nftables/; s/name: worker,/& ingress_label: y,/
     s/^domainname:/ingress_hostnetwork: y\n&/' 5

timed "an addon is edited by hand" edit_by_hand
timed "one that the API server refuses comes to it" break_an_addon control-1
timed "and fails the unit" fails apply_addons control-1
timed "node why has the server's words" within 20 says_why control-1 'Broken_Name'
timed "what stands behind it is applied" kubectl_anywhere get configmap behind-it
timed "what was edited stays" edit_holds
check "the broken one is taken away" eval 'in_node control-1 rm /etc/kubernetes/addons/00-broken.yaml && apply_addons control-1'

former=$(address_of worker-2)
timed "worker-2 can keep its lease no more" lease_elsewhere
timed "while it runs, it is leased another address" dhcp_again worker-2
check "which is another one" has_another_address worker-2 "$former"
timed "the certificate with which its kubelet serves has it" within 120 serves_with_its_address worker-2
timed "and its Node object" within 60 says_its_address worker-2
timed "kubectl logs works there" within 60 logs_come_from worker-2
timed "metrics through the API" within 60 metrics_come_from worker-2
timed "it loses power, and comes back" comes_back worker-2

former=$(api_server_of control-1)
timed "an API server hangs" hang control-1
timed "another one answers" kubectl_at control-2 --request-timeout=5s get --raw /readyz
timed "its kubelet ends it, and starts another" within 240 has_another_server control-1 "$former"
since=$(utc)
timed "every kubelet comes through" within 90 all_have_renewed_since "$since"
timed "all five are Ready" within 60 are_ready 5

check "the bootstrapper is stopped" stop_server
for name in "${all[@]}"; do
    timed "$name loses power, and comes back" comes_back "$name"
done
timed "control-1 loses power" power_off control-1
for name in "${workers[@]}" control-2; do
    timed "$name loses power meanwhile, and comes back" comes_back "$name"
done
timed "control-1 is switched on" power_on control-1
timed "all five are Ready" within 180 are_ready 5
timed "a control plane is destroyed" destroy control-3
timed "the four others are Ready" within 180 are_ready 4
timed "kubernetes.default leads to it no more" within 60 api_is_at control-1 control-2
for name in control-1 control-2 "${workers[@]}"; do timed "a pod asks the API from $name" within 60 pod_asks_api "$name"; done
for name in control-1 control-2 "${workers[@]}"; do timed "kubectl logs works for $name" within 60 logs_come_from "$name"; done
start_server

timed "kubernetes status names the lost one" within 60 status_says '^  control-3 +unreachable'
timed "and node why has the words of its condition" within 90 says_why control-3 'not Ready: NodeStatusUnknown'
former=$(uid_of control-3)
kubectl_anywhere cordon control-3 > /dev/null
timed "no second one is installed again meanwhile" is_refused control-2 control-3
timed "the lost one is installed again" install_in_place control-3
timed "its Node object is another" within 180 is_another control-3 "$former"
timed "and not cordoned" schedules control-3
timed "all five are Ready" within 240 are_ready 5
timed "etcd has three healthy members" within 120 members_are_healthy 3
timed "kubernetes status has all of it as described" within 60 is_as_described
timed "kubectl logs works there" within 120 logs_come_from control-3

check "a writer begins" prepare_writer
start_writer > /dev/null 2>&1 &
timed "a next root is made" rotate_ca
timed "all believe it" all_renew
timed "all are Ready" within 240 are_ready 5
timed "it signs" rotate_ca --switch --force
timed "all have their certificates issued anew" all_renew anew
for name in "${all[@]}"; do check "$name's kubelet serves with one of the next root" is_signed_anew "$name"; done
timed "all are Ready" within 240 are_ready 5
for name in "${all[@]}"; do timed "kubectl logs works for $name" within 120 logs_come_from "$name"; done
if [ -n "$next_programs" ]; then
    programs=$next_programs release=$(version_in "$next_programs")
    timed "version $release is laid out" lay_out_release
    for name in "${all[@]}"; do timed "$name is installed again with it" restarting "$name" upgrade "$name"; done
else
    printf '  !! %s\n' 'No upgrade was made: BOOTSTRAPPER_KUBERNETES_NEXT_BIN names no folder with a later version.'
fi
touch "$RUN_DIR/writer-stops"
check "no write failed but while a control plane restarted, and then none for longer than it may" no_write_failed
echo "# $(no_write_failed)"

timed "a control plane is destroyed" destroy control-3
controls=(control-1 control-2 control-4)
timed "another machine is described in its place" comes control-4
timed "its etcd member goes by itself, and the other's comes" within 600 members_are_healthy 3
timed "its Node object goes" within 240 is_no_node control-3
timed "the other is Ready" within 240 are_ready 5
timed "kubectl logs works there" within 120 logs_come_from control-4

called[control-4]=control-5
timed "a control plane gets another host name, and keeps its address" call control-4
timed "as long as it runs under the former, its etcd member stays" eval 'look 3 && members_are_healthy 3'
timed "and its Node object" eval '! is_no_node control-4'
timed "it is installed again" start_again_whole control-4
timed "etcd has three healthy members" within 240 members_are_healthy 3
timed "it is Ready under the other name" within 240 are_ready 5
timed "the Node object of the former goes" within 180 goes_when_looked control-4
timed "and no member of etcd with it" members_are_healthy 3

workers=(worker-2)
timed "a worker is removed from the description" describe_without worker-1
timed "as long as it runs, its Node object stays" eval 'look 3 && ! is_no_node worker-1'
timed "it is switched off" power_off worker-1
timed "its Node object goes" within 240 goes_when_looked worker-1
timed "the other four are Ready" within 60 are_ready 4
