# shellcheck shell=bash
# The bootstrapper: built, started in its namespace, and waited for.

# Sets PROGRAM unless the operator chose one.
build_program() {
    if [[ -n $PROGRAM ]]; then
        [[ -x $PROGRAM ]] || die "$PROGRAM is not a program"
        return
    fi
    PROGRAM=$CHECKOUT/artifacts/publish/Bootstrapper/release/bootstrapper
    is_built && return

    command -v dotnet > /dev/null || die "the .NET SDK is missing: https://dotnet.microsoft.com/download"
    say "Building the bootstrapper"
    source "$CHECKOUT/docker/sdk.sh"
    # What it leaves running for the next build would hold the lock of the run directory.
    dotnet publish "$CHECKOUT/src/Bootstrapper" -c Release -v quiet --nologo 9>&- || die "the build failed"
}

# The assembly carries the time at which it was compiled.
is_built() {
    [[ -e $PROGRAM.dll ]] &&
        [[ -z $(find "$CHECKOUT"/src "$CHECKOUT"/*.props "$CHECKOUT/global.json" -type f -newer "$PROGRAM.dll" -print -quit) ]]
}

start_server() {
    say "Starting the bootstrapper at $SERVER_ADDRESS with $BSROOT"
    # Not through inside(): the process number must be the program's, not that of a shell around it.
    nsenter --net="/run/netns/$SERVER" setsid "$PROGRAM" serve --bsroot "$BSROOT" > "$SERVER_LOG" 2>&1 < /dev/null 9>&- &
    echo $! > "$SERVER_PID"

    local deadline=$(($(now) + 60000))
    until inside "$SERVER" curl -sf -o /dev/null --max-time 2 "http://$SERVER_ADDRESS/readyz"; do
        is_alive "$SERVER_PID" || give_up "the bootstrapper ended" "$SERVER_LOG"
        (($(now) < deadline)) || give_up "the bootstrapper is not ready after 60 s" "$SERVER_LOG"
        sleep 0.1
    done
}

# A program that ends takes its file with it, at any moment.
is_alive() { kill -0 "$(cat "$1" 2> /dev/null)" 2> /dev/null; }
