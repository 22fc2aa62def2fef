# shellcheck shell=bash
# Words to the operator, and the clock they are told by.

say() { printf '%s\n' "$*"; }

die() {
    printf 'vm-cluster: %s\n' "$*" >&2
    exit 1
}

# Wall clock, in milliseconds.
now() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }

# Milliseconds as seconds with one decimal; a dash for what did not happen.
seconds() {
    local milliseconds=${1:-}
    if [[ -z $milliseconds ]]; then
        printf -- '-'
    else
        printf '%d.%d' $((milliseconds / 1000)) $((milliseconds % 1000 / 100))
    fi
}

# A serial console as text: SeaBIOS moves the cursor now and then, in the middle of words too.
plain() { tr -d '\r' | sed 's/\x1b\[[0-9;?]*[A-Za-z]//g'; }
