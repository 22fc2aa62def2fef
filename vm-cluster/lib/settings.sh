# shellcheck shell=bash
# What `up` was asked for, kept in the run directory: a machine that is switched on later is of the same make.

keep_settings() {
    local name
    for name in NODES MEMORY BOOT_ORDER FIRMWARE IMAGES PROGRAM; do
        printf '%s=%q\n' "$name" "${!name}"
    done > "$RUN_DIR/settings"
}

read_settings() {
    # shellcheck source=/dev/null
    source "$RUN_DIR/settings"
}
