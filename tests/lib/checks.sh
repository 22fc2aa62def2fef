# shellcheck shell=bash
# One line for each thing a script checks, in the form that tests/run counts. Sourced.

failures=0

# check SENTENCE COMMAND...: whether the command succeeds. What it says is shown only when it does not.
check() {
    local sentence=$1 output
    shift
    if output=$("$@" 2>&1); then
        echo "ok - $sentence"
    else
        echo "not ok - $sentence"
        printf '%s\n' "$output" | sed 's/^/    /'
        failures=$((failures + 1))
        return 1
    fi
}

# timed SENTENCE COMMAND…: a check, and how long it took.
timed() {
    local begin=$SECONDS status=0
    check "$@" || status=$?
    echo "# $((SECONDS - begin)) s, $SECONDS s in all"
    return "$status"
}

# within SECONDS COMMAND...: tries until the command succeeds; fails, with its last words, when the time is over.
within() {
    local deadline=$((SECONDS + $1)) output
    shift
    until output=$("$@" 2>&1); do
        ((SECONDS < deadline)) || { printf '%s\n' "$output" && return 1; }
        sleep 0.2
    done
    printf '%s\n' "$output"
}

# give_up SENTENCE: for what makes every further check pointless.
give_up() {
    echo "not ok - $1"
    exit 1
}
