# shellcheck shell=bash
# Runs the parts of the test run one after another and keeps the score. Sourced by tests/run.

passed=0 failed=0 times=''
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# part NAME COMMAND...: runs it, shows what it says, adds its results to the score. Fails when the part does.
part() {
    local name=$1 started=$SECONDS status good bad
    shift
    printf '\n── %s\n' "$name"
    "$@" 2>&1 </dev/null | tee "$scratch/output"
    status=${PIPESTATUS[0]}
    read -r good bad < <(results "$status")
    [ "$bad" = 0 ] || what_failed >>"$scratch/failed"
    passed=$((passed + good)) failed=$((failed + bad))
    times+=$(printf '%-12s %4d s  %s passed, %s failed' "$name" $((SECONDS - started)) "$good" "$bad")$'\n'
    [ "$bad" = 0 ]
}

# results STATUS: prints how many checks of the last part passed and how many failed. A part may be dotnet test, whose
# summary has the numbers; a script that writes a line "ok - …" or "not ok - …" for each; or one check by itself.
# A skipped test counts as failed, for all that it needs is installed; so does a part that ends badly without
# saying what failed.
results() {
    awk -v status="$1" '
        /^ok /                           { good++ }
        /^not ok /                       { bad++ }
        /^ +succeeded: [0-9]+$/          { good += $2 }
        /^ +(failed|skipped): [0-9]+$/   { bad += $2 }
        END {
            if (status != 0 && !bad) bad++
            if (!good && !bad) good++
            print good + 0, bad + 0
        }' "$scratch/output"
}

# Prints each failed check of the last part with the lines about it, 20 at most, as dotnet test and tests/lib/checks.sh
# write them; of a part that says nothing of its checks, its last lines.
what_failed() {
    awk '
        /^(failed [^ ]|not ok )/             { left = 21 }
        /^(ok |skipped [^ ]|[^ ].*\.dll \()/ { left = 0 }
        left-- > 0                           { print; said = 1 }
        END                                  { exit !said }' "$scratch/output" || tail -n 20 "$scratch/output"
}

# Prints what failed, the time of each part and, alone on the last line, the score. Fails when anything did. What failed
# stands here once more, for of a long log the end is what is kept and read.
report() {
    [ "$failed" = 0 ] || { printf '\n── what failed\n' && cat "$scratch/failed"; }
    printf '\n%s\n' "$times"
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
}
