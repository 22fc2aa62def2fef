# shellcheck shell=bash
# shellcheck disable=SC2034,SC2153,SC2154 # the parts of vm-cluster/lib and of tests/lib/kubernetes read and set these
# One control plane and one worker of the lab, with Debian: what they are installed with, and what can be asked of them. Sourced.

control=1 worker=2

# --- what they are installed with -----------------------------------------------------------------------------------------

describe_machines() {
    local image
    image=$(sha256sum < "$(installed_system)")
    cat << END
bootstrapper: $SERVER_ADDRESS
subnet: 10.99.0.0/24
iplow: 10.99.0.100
iphigh: 10.99.0.199
domainname: lab.test
ssh_authorized_keys: [$(<"$RUN_DIR/key.pub")]
os: {install_method: raw, image: {path: stable/current/installed-system.img.gz, sha256: ${image%% *}}}
kubernetes: {version: $release, install: sysext, cni: none, service_cidr: 10.112.0.0/12}
nodes:
  - {mac: "$(mac_address $control)", hostname: $(host_name $control), ip: $(ip_address $control), kube_master: y, etcd_member: y}
  - {mac: "$(mac_address $worker)", hostname: $(host_name $worker), config: ignition}
END
}

# The built-in template, and a network for pods, which stands in for flannel: those of one node reach one another.
write_network_template() {
    local network='{"cniVersion": "1.0.0", "name": "lab", "plugins": [{"type": "bridge", "bridge": "cni0", "isGateway": true,
      "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.244.0.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}'
    awk -v network="$network" '{ print } /^write_files:/ {
        print "  - path: /etc/cni/net.d/10-lab.conflist\n    permissions: \"0644\"\n    owner: root"
        print "    content: |\n      " network
    }' src/Bootstrapper/Rendering/Templates/cloud-config.template > "$BSROOT/cloud-config.template"
}

# The system extension with the programs of Kubernetes; without a folder that has them, their stand-ins.
make_extension() {
    local tree=$RUN_DIR/extension release_directory=$BSROOT/www/static/kubernetes/$release image=kubernetes-$release-amd64.raw
    mkdir -p "$tree"/usr/{bin,local/bin,lib/extension-release.d} "$release_directory" &&
        echo 'ID=_any' > "$tree/usr/lib/extension-release.d/extension-release.kubernetes" &&
        cp -r "$ROOT/usr/lib/cni" "$tree/usr/local/bin/" || return
    if [ -n "$programs" ]; then
        cp "$programs/kubelet" "$ROOT/usr/bin/kubectl" "$tree/usr/bin/"
    else
        cp tests/lib/systemd/{kubelet,kubectl} "$tree/usr/bin/"
    fi
    chmod -R go+rX "$tree" &&
        mksquashfs "$tree" "$release_directory/$image" -all-root -comp lz4 -quiet -no-progress > /dev/null &&
        (cd "$release_directory" && sha256sum "$image" > SHA256SUMS)
}

make_data_root() {
    put_images && write_network_template && make_extension && describe_machines > "$BSROOT/cluster-desc.yml" || return
    if [ -n "$programs" ]; then release_images; else pause_image && etcd_image; fi
}

# --- what can be asked of them --------------------------------------------------------------------------------------------

has_state() { [ "$(jq -r .state "$(inventory_file "$1")")" = "$2" ]; }

# A machine without an address of its own has one by DHCP, which our DNS knows.
address_of_machine() {
    inside "$SERVER" busybox nslookup "$(host_name "$1").lab.test" "$SERVER_ADDRESS" |
        sed -n '/^Name:/,$s/^Address[ 0-9]*: *\([0-9.]*\).*/\1/p' | head -n 1
}

# connect MACHINE: the connection stays, for a handshake takes an emulated machine seconds.
connect() {
    local address
    address=$(address_of_machine "$1") && [ -n "$address" ] &&
        inside "$SERVER" timeout 60 ssh "${ssh_options[@]}" -o ControlMaster=yes -o ControlPersist=yes -i "$RUN_DIR/key" -f -N \
            -S "$RUN_DIR/ssh-$1" "core@$address" > "$RUN_DIR/ssh-$1.log" 2>&1
}
ssh_options=(-o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ConnectTimeout=30)

disconnect() { [ ! -S "$RUN_DIR/ssh-$1" ] || ssh -q -S "$RUN_DIR/ssh-$1" -O exit core@there 2> /dev/null; }

# in_machine MACHINE COMMAND…: as root.
in_machine() { timeout 120 ssh -S "$RUN_DIR/ssh-$1" core@there sudo -- "$(printf '%q ' "${@:2}")"; }

plug_in() { MEMORY=${memory[$1]} power_on "$1" "${processors[@]}"; }

# start_again MACHINE: the power is lost, and comes back.
start_again() {
    disconnect "$1"
    power_off "$1" && plug_in "$1" && within 240 connect "$1"
}

# --- systemd --------------------------------------------------------------------------------------------------------------

# units_of MACHINE: the names of its config's units, whichever language that is in.
units_of() {
    "$PROGRAM" render --bsroot "$BSROOT" --node "$(mac_address "$1")" --out "$RUN_DIR/rendered-$1" > /dev/null &&
        grep -rohE 'name"?: *"?[a-z-]+\.(service|timer|path)' "$RUN_DIR/rendered-$1" | sed 's/.*[ "]//' | sort -u |
        tr '\n' ' ' && echo
}

# has_come_up MACHINE: what was to be started is, and no unit failed.
has_come_up() {
    local state
    state=$(in_machine "$1" systemctl is-system-running)
    [ "$state" = running ] || {
        echo "$state"
        in_machine "$1" sh -c 'systemctl --no-pager --failed; systemctl --no-pager list-jobs'
        # shellcheck disable=SC2016 # of that shell
        in_machine "$1" sh -c 'for unit in $(systemctl --failed --plain --no-legend | cut -d " " -f 1); do
            journalctl --no-pager -n 15 -u $unit; done'
        return 1
    }
}

# units_work MACHINE [UNIT]: each is active, but for that one; what does its work and ends has ended well.
units_work() {
    local units
    read -ra units < <(units_of "$1") && [ ${#units[@]} -gt 5 ] || return
    in_machine "$1" systemctl show \
        --property=Id,Type,RemainAfterExit,ActiveState,Result,ExecMainStartTimestampMonotonic "${units[@]}" |
        awk -F = '
            function look() {
                if (!("Id" in is)) return
                if (is["Id"] == except) { delete is; return }
                ended = is["Type"] == "oneshot" && is["RemainAfterExit"] == "no"
                good = is["Result"] == "success" && (is["ActiveState"] == "active" ||
                    ended && is["ActiveState"] ~ /^(inactive|activating)$/ && is["ExecMainStartTimestampMonotonic"] > 0)
                print is["Id"], is["ActiveState"], is["Result"], good ? "good" : "NOT GOOD"
                if (!good) bad = 1
                delete is
            }
            NF == 0 { look(); next }
            { is[$1] = $2 }
            END { look(); exit bad }' except="${2-}" -
}

# units_are_right MACHINE: systemd reads them without a word.
units_are_right() {
    local units said
    read -ra units < <(units_of "$1") || return
    if ! said=$(in_machine "$1" systemd-analyze verify --man=no "${units[@]}" 2>&1) || [ -n "$said" ]; then
        echo "$said" && return 1
    fi
}

# nothing_was_ignored MACHINE: systemd found no key that it does not know, nor a circle in their order.
nothing_was_ignored() {
    in_machine "$1" journalctl --boot --no-pager --output=cat _PID=1 > "$RUN_DIR/journal-$1" && [ -s "$RUN_DIR/journal-$1" ] &&
        ! grep -iE 'unknown|ignor|cycle|obsolete|deprecated|invalid|unsupported|proceeding anyway' "$RUN_DIR/journal-$1"
}

# --- containerd, etcd, certificates -----------------------------------------------------------------------------------------

has_control_groups_of_systemd() {
    [ "$(in_machine "$1" stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ] &&
        in_machine "$1" journalctl --boot --no-pager --output=cat --unit=containerd | grep -o 'SystemdCgroup:true'
}

# asks_nobody_else MACHINE: for what we do not have. It is not found, where another registry would not have been reached.
asks_nobody_else() {
    local said
    ! said=$(in_machine "$1" ctr --namespace k8s.io images pull --hosts-dir /etc/containerd/certs.d \
        quay.io/nobody/nothing:1 2>&1) || return
    grep -F 'quay.io/nobody/nothing:1: not found' <<< "$said" || { echo "$said" && return 1; }
}

extension_is_merged() {
    in_machine "$1" systemd-sysext status --no-pager | grep kubernetes &&
        in_machine "$1" test -x /opt/bin/kubelet -a -x /opt/cni/bin/bridge
}

etcd_is_healthy() {
    local pki=/etc/kubernetes/pki/etcd
    in_machine $control curl -fsS --cacert $pki/ca.crt --cert $pki/healthcheck-client.crt --key $pki/healthcheck-client.key \
        "https://$(ip_address $control):2379/health" | grep '"health":"true"'
}

has_scope_of_etcd() { [ "$(in_machine $control systemctl is-active lab-etcd.scope)" = active ]; }

rotate_ca() {
    kill "$(<"$SERVER_PID")" && within 30 is_stopped && "$PROGRAM" pki rotate-ca --bsroot "$BSROOT" "$@" && start_server
}
is_stopped() { ! is_alive "$SERVER_PID"; }

timer_waits() { in_machine "$1" systemctl list-timers --no-pager bootstrapper-renew.timer | grep -E '[0-9]h|day'; }

# timer_elapses MACHINE: not at some hour of the next day, but now.
timer_elapses() {
    in_machine "$1" sh -c 'mkdir -p /run/systemd/system/bootstrapper-renew.timer.d
        printf "[Timer]\nOnCalendar=\nOnActiveSec=1s\nRandomizedDelaySec=0\nAccuracySec=1ms\n" \
            > /run/systemd/system/bootstrapper-renew.timer.d/now.conf
        systemctl daemon-reload && systemctl restart bootstrapper-renew.timer'
}

# timer_renews MACHINE WORDS: the service that it starts says so.
timer_renews() {
    local since
    since=$(in_machine "$1" date +%s) && timer_elapses "$1" && within 120 service_said "$1" "$since" "$2"
}
service_said() {
    in_machine "$1" journalctl --no-pager --output=cat --since="@$2" --unit=bootstrapper-renew > "$RUN_DIR/renew-$1"
    grep -E "$3" "$RUN_DIR/renew-$1" || { cat "$RUN_DIR/renew-$1" && return 1; }
    [ "$(in_machine "$1" systemctl show --property=Result --value bootstrapper-renew)" = success ]
}
