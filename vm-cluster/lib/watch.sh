# shellcheck shell=bash
# Follows the machines by what the bootstrapper knows of them (its inventory) and by what they print themselves (lines
# that start with LABMARK on the serial console, or with live: where the live system is that of docker/), until all are running or
# one cannot be any more.

declare -A RECORD     # [machine]: in the inventory, as it was read last
declare -A STATE      # [machine]: what it says
declare -A SEEN       # [machine event]: milliseconds after power-on; an event is a state or a mark
declare -A MARKS      # [machine]: how many marks were read
HEARD=                # when a machine last came further, in milliseconds of the clock

watch_machines() {
    local power_on=$1 machine
    HEARD=$power_on
    until all_running; do
        for ((machine = 1; machine <= NODES; machine++)); do
            read_marks "$machine" $(($(now) - power_on))
            read_state "$machine" $(($(now) - power_on))
            is_alive "$(machine_pid "$machine")" || give_up "$(host_name "$machine"): QEMU ended" "$(console "$machine")"
            [[ -z ${SEEN["$machine failed"]:-} ]] ||
                give_up "$(host_name "$machine") failed" "$SERVER_LOG" "$(console "$machine")"
        done
        is_alive "$SERVER_PID" || give_up "the bootstrapper ended" "$SERVER_LOG"
        (($(now) < HEARD + TIMEOUT * 1000)) || give_up_waiting
        sleep 0.2
    done
}

# The inventory may still say `running` from the last time; its phone-home unit says that this boot has come so far.
is_running() { [[ ${STATE[$1]:-} == running && -n ${SEEN["$1 phoned-home"]:-} ]]; }

all_running() {
    local machine
    for ((machine = 1; machine <= NODES; machine++)); do
        is_running "$machine" || return 1
    done
}

# What the last words are of a machine that is not running, says best why.
give_up_waiting() {
    local machine=1
    while is_running "$machine"; do
        machine=$((machine + 1))
    done
    give_up "$(host_name "$machine") is ${STATE[$machine]:-off}, and no machine has come further for $TIMEOUT s" \
        "$SERVER_LOG" "$(console "$machine")"
}

# A machine of which nothing was heard has no file yet. Before power-on the time is empty: what the inventory remembers has
# not happened in this run.
read_state() {
    local machine=$1 time=$2 file record='{}' state message
    file=$(inventory_file "$machine")
    [[ ! -e $file ]] || record=$(<"$file")
    [[ $record != "${RECORD[$machine]:-}" ]] || return 0
    RECORD[$machine]=$record
    IFS=$'\t' read -r state message < <(jq -r '[.state // "configured", .message // ""] | @tsv' <<< "$record")
    [[ $state != "${STATE[$machine]:-}" ]] || return 0
    STATE[$machine]=$state
    tell "$machine" "$time" "$state${message:+: $message}"
    note "$machine" "$state" "$time"
}

# A mark counts once its line has ended: the console arrives byte by byte.
read_marks() {
    local machine=$1 time=$2 marks mark
    [[ -e $(console "$machine") ]] || return 0
    mapfile -t marks < <(grep -aoP '(LABMARK|live:) \K.* uptime=[0-9.]+(?=\r)' "$(console "$machine")")
    for mark in "${marks[@]:${MARKS[$machine]:-0}}"; do
        tell "$machine" "$time" "  ${mark% uptime=*}"
        note_mark "$machine" "$time" "$mark"
    done
    MARKS[$machine]=${#marks[@]}
}

note_mark() {
    local machine=$1 time=$2 mark=$3 uptime=${3##* uptime=}
    case $mark in
        live-system* | installed-system*)
            note "$machine" "${mark%%-system*}-kernel" $((time - 10#${uptime/./} * 10))
            note "$machine" "${mark%% *}" "$time"
            ;;
        script-starts*) note "$machine" script-starts "$time" ;;
        'unit-done '*phone-home*) note "$machine" phoned-home "$time" ;;
    esac
}

# Keeps the first time: a unit may report more than once, and a machine that begins again and again comes no further.
note() {
    [[ -z ${SEEN["$1 $2"]:-} ]] || return 0
    SEEN["$1 $2"]=$3
    HEARD=$(now)
}

tell() {
    local machine=$1 time=$2 what=$3
    printf '%s  %7s s  %s\n' "$(host_name "$machine")" "$(seconds "$time")" "$what"
}
