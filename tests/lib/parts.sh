# shellcheck shell=bash
# Runs the parts of the test run, some beside others, and keeps the score. Sourced by tests/run.

scratch=$(mktemp -d)
beside_pid=''
touch "$scratch"/{score,failed}
trap clean_up EXIT

clean_up() {
    [ -z "$beside_pid" ] || { kill "$beside_pid" && wait "$beside_pid"; } 2>/dev/null
    rm -rf "$scratch"
}

# part NAME COMMAND...: runs it, shows what it says, adds its results to the score. Fails when the part does.
part() {
    local name=$1 started=$SECONDS status good bad
    shift
    printf '\n── %s\n' "$name"
    "$@" 2>&1 </dev/null | tee "$scratch/$name.txt"
    status=${PIPESTATUS[0]}
    read -r good bad < <(results "$scratch/$name.txt" "$status")
    [ "$bad" = 0 ] || what_failed "$scratch/$name.txt" >>"$scratch/failed"
    echo "$name $((SECONDS - started)) $good $bad" >>"$scratch/score"
    [ "$bad" = 0 ]
}

# beside COMMAND...: begins what runs further parts; what they say is kept until meet.
beside() {
    (
        trap - EXIT
        "$@"
    ) >"$scratch/beside.txt" 2>&1 </dev/null &
    beside_pid=$!
}

# Waits for what runs beside, and shows what it said.
meet() {
    wait "$beside_pid"
    beside_pid=''
    cat "$scratch/beside.txt"
}

# results FILE STATUS: prints how many checks of a part passed and how many failed. A part may be dotnet test, whose
# summary has the numbers; a script that writes a line "ok - …" or "not ok - …" for each; or one check by itself.
# A skipped test counts as failed, for all that it needs is installed; so does a part that ends badly without
# saying what failed.
results() {
    awk -v status="$2" '
        /^ok /                           { good++ }
        /^not ok /                       { bad++ }
        /^ +succeeded: [0-9]+$/          { good += $2 }
        /^ +(failed|skipped): [0-9]+$/   { bad += $2 }
        END {
            if (status != 0 && !bad) bad++
            if (!good && !bad) good++
            print good + 0, bad + 0
        }' "$1"
}

# what_failed FILE: prints each failed check of a part with the lines about it, 20 at most, as dotnet test and
# tests/lib/checks.sh write them; of a part that says nothing of its checks, its last lines.
what_failed() {
    awk '
        /^(failed [^ ]|not ok )/             { left = 21 }
        /^(ok |skipped [^ ]|[^ ].*\.dll \()/ { left = 0 }
        left-- > 0                           { print; said = 1 }
        END                                  { exit !said }' "$1" || tail -n 20 "$1"
}

# Prints what failed, the time of each part and, alone on the last line, the score. Fails when anything did. What failed
# stands here once more, for of a long log the end is what is kept and read.
report() {
    [ ! -s "$scratch/failed" ] || { printf '\n── what failed\n' && cat "$scratch/failed"; }
    echo
    awk '
        { printf "%-12s %4d s  %d passed, %d failed\n", $1, $2, $3, $4; good += $3; bad += $4 }
        END { printf "%-12s %4d s\n\n%d passed, %d failed\n", "all", all, good, bad; exit bad > 0 }' \
        all="$SECONDS" "$scratch/score"
}
