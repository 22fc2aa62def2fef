# shellcheck shell=bash
# What is said at the end: how long each phase took, or why it went wrong.

report_phases() {
    local machine
    printf '\n%-10s %10s %10s %10s %10s %10s   %s\n' 'seconds' 'firmware' 'live' 'install' 'restart' 'total' ''
    printf '%-10s %10s %10s %10s %10s\n' '' '→ kernel' '→ script' '→ disk' '→ running'
    for ((machine = 1; machine <= NODES; machine++)); do
        report_machine "$machine"
    done
}

report_machine() {
    local machine=$1 running kernel script installed outcome
    running=$(later "$(seen "$machine" running)" "$(seen "$machine" phoned-home)")
    kernel=$(seen "$machine" live-kernel)
    script=$(seen "$machine" script-starts)
    installed=$(seen "$machine" installed)
    outcome='installed'
    if [[ -z $kernel ]]; then
        outcome='booted from its disk, nothing reinstalled'
        kernel=$(seen "$machine" installed-kernel)
    fi
    printf '%-10s %10s %10s %10s %10s %10s   %s\n' "$(host_name "$machine")" "$(seconds "$kernel")" \
        "$(between "$kernel" "$script")" "$(between "$script" "$installed")" \
        "$(between "${installed:-$kernel}" "$running")" "$(seconds "$running")" "$outcome"
}

seen() { echo "${SEEN["$1 $2"]:-}"; }

later() {
    local first=${1:-0} second=$2
    echo $((first > second ? first : second))
}

between() {
    local from=$1 to=$2
    [[ -z $from || -z $to ]] || from=$((to - from))
    seconds "${to:+$from}"
}

say_how_to_look() {
    cat << EOF

Left running. To look:
  consoles                $RUN_DIR/core-*.console.log
  the bootstrapper's log  $SERVER_LOG
  its network             nsenter --net=/run/netns/$SERVER curl http://$SERVER_ADDRESS/readyz
To stop: vm-cluster/down$([[ $RUN_DIR == "$CHECKOUT/vm-cluster/run" ]] || echo " --run-dir $RUN_DIR")
EOF
    [[ -z $POWERED_OFF ]] || echo "To switch machines on: vm-cluster/power on"
}

# give_up REASON FILE…: says why, shows how the files end, and leaves.
give_up() {
    local reason=$1 file
    shift
    for file in "$@"; do
        printf '\n--- the end of %s\n' "$file"
        tail -n 25 "$file" | plain
    done >&2
    printf '\n' >&2
    die "$reason"
}
