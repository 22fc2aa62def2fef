# shellcheck shell=bash
# shellcheck disable=SC2154 # cluster.sh sets them
# What can be tried without a program of Kubernetes but kubectl. Sourced by tests/kubernetes.

# Once, for a check with an empty name would find anything.
pause=$(image_of pause) || exit 1

# --- containerd ---------------------------------------------------------------------------------------------------------

# Each version of containerd has a configuration of its own; each is read by the containerd that it is for.
containerd_reads_it() {
    local dump=$RUN_DIR/containerd.toml
    in_node control-1 "$1" --config "$2" config dump > "$dump" 2> "$dump.log" || { cat "$dump.log" && return 1; }
    grep -E "^version = $3\$" "$dump" && grep -F "bootstrapper:5000/$pause" "$dump" &&
        grep -E "config_path = ['\"]/etc/containerd/certs.d['\"]" "$dump" && ! grep -F 'Ignoring unknown key' "$dump.log" &&
        grep -E "bin_dirs? = .*['\"]/opt/cni/bin['\"]" "$dump"
}

# Not by translation, which it would tell.
starts_with_its_own() {
    in_node control-1 pgrep -af 'containerd --config /etc/containerd/config-3.toml' &&
        ! in_node control-1 grep 'migrated from version' /var/log/lab/containerd.service.log
}

containerd_runs() { in_node control-1 ctr version; }

# pulls NAME: as a node does, by hosts.toml, with no account.
pulls() { in_node control-1 ctr --namespace k8s.io images pull --hosts-dir /etc/containerd/certs.d "$1"; }

digest_of() { in_node control-1 ctr --namespace k8s.io images list "name==$1" | awk 'NR == 2 { print $3 }'; }

pulls_by_digest() {
    local digest
    digest=$(digest_of "$pause") && [ -n "$digest" ] && pulls "${pause%:*}@$digest" &&
        [ "$(digest_of "${pause%:*}@$digest")" = "$digest" ]
}

# What we do not have is asked for nowhere else: it is not found, where another registry would not have been reached.
pulls_nothing_else() {
    local said
    said=$(pulls quay.io/nobody/nothing:1 2>&1) && return 1
    grep -F 'quay.io/nobody/nothing:1: not found' <<< "$said" || { echo "$said" && return 1; }
}

# --- etcd ---------------------------------------------------------------------------------------------------------------

# start_etcd NAME: what the kubelet would start.
start_etcd() { in_node "$1" /lab/pod etcd >> "$RUN_DIR/$1-etcd.log" 2>&1 < /dev/null & }

# etcd_comes_up NAME…: at the same time, as after a power cut.
etcd_comes_up() {
    local name joining=()
    for name; do
        { run_unit "$name" etcd-join.service && start_etcd "$name"; } & joining+=($!)
    done
    wait "${joining[@]}"
}

pki=/etc/kubernetes/pki/etcd
# etcdctl_of NAME ARGUMENT…
etcdctl_of() {
    in_node "$1" timeout 20 etcdctl --endpoints="https://$(address_of "$1"):2379" --cacert=$pki/ca.crt \
        --cert=$pki/healthcheck-client.crt --key=$pki/healthcheck-client.key "${@:2}"
}

members_are_healthy() {
    [ "$(etcdctl_of control-1 endpoint health --cluster --write-out=json | jq 'map(select(.health)) | length')" = "$1" ] &&
        [ "$(etcdctl_of control-1 member list --write-out=json | jq '.members | length')" = "$1" ]
}

state_of_etcd() { in_node "$1" grep -o -- '--initial-cluster-state=[a-z]*' /etc/kubernetes/manifests/etcd.yaml; }

has_written() { etcdctl_of "$1" put lab "$2" && [ "$(etcdctl_of "$1" get lab --print-value-only)" = "$2" ]; }
has_read() { [ "$(etcdctl_of "$1" get lab --print-value-only)" = "$2" ]; }

# install_again NAME [OPTION]: as docs/kubernetes.md says.
install_again() { bootstrapper node reinstall "$@" && install_node "$1" && power_on "$1" containerd.service; }

# is_refused NAME OTHER: its reinstall, for the other is not healthy.
is_refused() {
    local said
    said=$(bootstrapper node reinstall "$1" 2>&1) && return 1
    tr -s '\n ' ' ' <<< "$said" | grep -E "without $1 etcd has no majority: .* and $2 did not answer so" ||
        { echo "$said" && return 1; }
}

# begins_to_join NAME: and goes on trying.
begins_to_join() { run_unit "$1" etcd-join.service > /dev/null 2>&1 & }

# Without a majority a member can neither leave nor come.
keeps_waiting() { sleep 12 && in_node "$1" pgrep -f etcd-join && ! in_node "$1" test -e /etc/kubernetes/manifests/etcd.yaml; }
has_joined() { ! in_node "$1" pgrep -f etcd-join && in_node "$1" test -e /etc/kubernetes/manifests/etcd.yaml; }

stop_etcd() { in_node "$1" pkill -x etcd && within 20 etcd_is_gone "$1"; }
etcd_is_gone() { ! in_node "$1" pgrep -x etcd; }

# status_says PATTERN: of all the cluster; its exit code tells that no API server is there.
status_says() { { bootstrapper kubernetes status 2> /dev/null || :; } | grep -E "$1"; }
status_fails() { bootstrapper kubernetes status > /dev/null 2>&1; [ $? = 69 ]; }

# members_are COUNT: as the cluster lists them, whether they run or not.
members_are() { [ "$(etcdctl_of control-1 member list --write-out=json | jq '.members | length')" = "$1" ]; }

# Stand-in for kubectl, where no API server is: there are the Node objects of /run/lab/nodes, none is Ready, and whatever is
# asked is done.
stand_in_kubectl() {
    in_node "$1" /bin/sh -c ': >/run/lab/nodes && install -D -m 0755 /dev/stdin /opt/bin/kubectl' << 'EOF'
#!/bin/sh
case " $* " in
    *" get namespace "*) echo lab ;;
    *" get nodes "*) cat /run/lab/nodes ;;
    *" label "*) echo "$*" >>/run/lab/labelled ;;
esac
EOF
}

# labels UID COUNT: with a Node object of worker-1 that has this UID it has been labelled so often.
labels() {
    # shellcheck disable=SC2016 # of that shell
    in_node control-1 /bin/sh -c 'echo "worker-1 $0" >/run/lab/nodes; exec /bin/sh /opt/bootstrapper/apply-addons' "$1" &&
        [ "$(in_node control-1 grep -c 'nodes worker-1 node-role.kubernetes.io/worker=$' /run/lab/labelled)" = "$2" ]
}

look_at_once() { in_node control-1 /bin/sh /opt/bootstrapper/retire-nodes; }

# look TIMES: for who is no longer described, minutes after the look before.
look() {
    for ((count = 0; count < $1; count++)); do
        in_node control-1 /bin/sh -c 'cd /run && [ ! -e bootstrapper-off ] || sed -i "s/ [0-9]*$/ 0/" bootstrapper-off'
        look_at_once
    done
}

# describe_without NAME…: the others are described as before.
describe_without() {
    local name
    describe_cluster > "$RUN_DIR/description" || return
    for name; do sed -i "/hostname: $name,/d" "$RUN_DIR/description"; done
    cp "$RUN_DIR/description" "$BSROOT/cluster-desc.yml" && within 60 is_not_described "$@"
}
is_not_described() { ! inside "$SERVER" curl -fsS "http://$SERVER_ADDRESS/described" | grep -E "^($(IFS='|' && echo "$*")) "; }

# --- the kernel and the kubelet -----------------------------------------------------------------------------------------

# What kubelet.service does before it starts it, in settings of the node's own.
kernel_is_set() {
    local before
    before=$(in_node control-1 sed -n 's/^ExecStartPre=.*env sysctl/sysctl/p' /etc/systemd/system/kubelet.service) &&
        in_node control-1 /bin/sh -c "$before" &&
        [ "$(in_node control-1 cat /proc/sys/kernel/panic /proc/sys/kernel/keys/root_maxbytes | xargs)" = '10 25000000' ]
}

# --- kubectl ------------------------------------------------------------------------------------------------------------

# objects NODE: each object of its manifests and addons as one line of JSON, as it was written.
objects() {
    local file
    for file in $(in_node "$1" find /etc/kubernetes/manifests /etc/kubernetes/addons /etc/kubernetes/etcd.yaml -name '*.yaml'); do
        kubectl_of "$1" annotate --local --filename="$file" lab=y --output=json || return
    done | jq --compact-output 'if .kind == "List" then .items[] else . end | del(.metadata.annotations.lab)'
}

kubectl_of() { in_node "$1" timeout 60 kubectl --kubeconfig=/dev/null "${@:2}"; }

# is_known: the object that it reads, as kubectl's own types have it, holds all that was written. One without pods kubectl refuses
# by its type: it was found, and what is in it could be read.
is_known() {
    local written known kind
    written=$(cat) kind=$(jq -r .kind <<< "$written")
    if known=$(kubectl_of control-1 set env --local --filename=- CHECKED=y --output=json <<< "$written" 2>&1); then
        jq --null-input --exit-status --argjson written "$written" --argjson known "$known" '
            def leaves: [paths(scalars) as $path | {path: $path, value: getpath($path) | tostring}];
            ($written | leaves) - ($known | leaves) | if . == [] then true else (., false) end'
    else
        grep -F "does not have a pod template: *v1.$kind" <<< "$known" || { echo "$known" && return 1; }
    fi
}

all_are_known() {
    local object count=0
    while read -r object; do
        is_known <<< "$object" || { jq -c '[.kind, .metadata.name]' <<< "$object" && return 1; }
        count=$((count + 1))
    done < <(objects control-1)
    ((count >= "$1")) || { echo "only $count objects were found" && return 1; }
}

finds_what_is_wrong() {
    ! is_known <<< '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"},
        "spec": {"containers": [{"name": "x", "bogus": 1}]}}'
}

# --- releases ---------------------------------------------------------------------------------------------------------

# with_release VERSION IMAGES COMMAND…: asks the program about a description that has those, with a data root of its own.
with_release() {
    local root=$RUN_DIR/releases
    mkdir -p "$root" && describe_cluster |
        sed "s|^kubernetes: {version: [^,]*\(.*\)|kubernetes: {version: $1\1\nimages: {$2}|" > "$root/cluster-desc.yml" &&
        "$PROGRAM" "${@:3}" --bsroot "$root" 2>&1
}

a_version_is_enough() { with_release 1.36.2 '' render --node control-1 | grep -F registry.k8s.io/etcd:3.6.8-0; }

names_what_it_needs() {
    local said
    said=$(with_release 1.99.0 'pause: lab/pause:9' check) && return 1
    tr -s '\n ' ' ' <<< "$said" | grep -E '1\.99\.0 is not a release whose images are known .*: name images\.coredns.*etcd' ||
        { echo "$said" && return 1; }
}

works_with_them() {
    local pod
    pod=$(with_release 1.99.0 'pause: lab/pause:9, coredns: lab/coredns:9, etcd: lab/etcd:9' render --node control-1) &&
        grep -F lab/etcd:9 <<< "$pod" && grep -F kube-apiserver:v1.99.0 <<< "$pod"
}

# --- all of it ----------------------------------------------------------------------------------------------------------

check "the image that was laid into images/ is in the registry" within 60 part_is images || exit 1
for name in "${controls[@]}"; do
    check "$name is plugged in" plug_in "$name" || exit 1
    check "$name is installed, by DHCP, with its own secrets" install_node "$name" || exit 1
    check "$name starts" power_on "$name" containerd.service || exit 1
done

check "containerd of sid reads what is rendered for containerd 2" \
    containerd_reads_it containerd /etc/containerd/config-3.toml 3
check "containerd of Debian 13 reads what is rendered for containerd 1" \
    containerd_reads_it /opt/debian-13/containerd /etc/containerd/config.toml 2
check "containerd runs" within 60 containerd_runs
check "with the configuration of its version" starts_with_its_own
check "it pulls through hosts.toml from the bootstrapper" pulls "$pause"
check "and by digest" pulls_by_digest
check "what the bootstrapper does not have it finds nowhere" pulls_nothing_else

check "the kernel's settings are what a kubelet insists on" kernel_is_set

check "kubectl of sid knows every object, and each of its fields" all_are_known 15
check "and would have said so" finds_what_is_wrong

check "a release that is known needs its version alone" a_version_is_enough
check "of one that is not, check names the images that it needs" names_what_it_needs
check "with them it works" works_with_them

check "three members begin an etcd cluster" etcd_comes_up "${controls[@]}"
check "all three are healthy" within 60 members_are_healthy 3
check "kubernetes status has them healthy" status_says 'etcd: 3 of 3 healthy'
check "with one leader, and the version" status_says '^  control-. +leader +3\.5\.'
check "and says that no API server answers" eval 'status_says "control-1 +unreachable" && status_fails'
check "what is written is read" has_written control-1 before
check "a control plane is lost, with its disk" destroy control-3
check "the other two write on" within 30 has_written control-2 meanwhile
check "installed again, it starts" install_again control-3
check "and joins" etcd_comes_up control-3
check "as one that comes to a cluster" grep -x -- --initial-cluster-state=existing <(state_of_etcd control-3)
check "all three are healthy again" within 60 members_are_healthy 3
check "and it has the data" within 30 has_read control-3 meanwhile

check "it is lost once more, while another member is down" eval 'destroy control-3 && stop_etcd control-2' || exit 1
check "kubernetes status names the one that is healthy no more for that" within 30 status_says '^  control-1 +unhealthy'
check "and the one that is gone" status_says '^  control-3 +unreachable'
check "its reinstall is refused: too few members are healthy" is_refused control-3 control-2
check "an admin has it done all the same" install_again control-3 --force
check "it begins to join" begins_to_join control-3
check "which it does not, for there is no majority to let it" keeps_waiting control-3
check "the member that was down comes back" start_etcd control-2
check "now it joins" within 60 has_joined control-3
check "and starts" start_etcd control-3
check "all three are healthy again" within 60 members_are_healthy 3
check "and it has the data" within 30 has_read control-3 meanwhile

check "there is something that is asked as kubectl is" stand_in_kubectl control-1
check "a node gets the labels that its kubelet may not give" labels uid-1 1
check "and once" labels uid-1 1
check "when it registers again, again" labels uid-2 2
check "two looks at the cluster take nobody out who is described" look 2
check "not even one that is off" eval 'stop_etcd control-3 && look 2 && members_are 3'
check "a control plane is removed from the description" describe_without control-3
check "while another member is down it stays" eval 'stop_etcd control-2 && look 2 && start_etcd control-2 &&
    within 60 members_are 3'
check "while it runs itself it stays" eval 'start_etcd control-3 && within 60 members_are_healthy 3 && look 2 &&
    members_are 3'
check "it is switched off, and the first look does nothing" eval 'power_off control-3 && look 1 && members_are 3'
check "nor does one that follows at once" eval 'look_at_once && members_are 3'
check "one that follows minutes later takes its member out" eval 'look 1 && within 60 members_are_healthy 2'
check "what is written is read" has_written control-2 after
