# shellcheck shell=bash
# What build.sh, base.sh and release.sh share. Sourced, never run.

# A first run of the SDK greets, and makes a certificate for web developers.
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# misused MESSAGE, unavailable MESSAGE: say it in the name of the script that was run and end it, with the
# exit status that sysexits(3) has for a wrong command line and for something missing on this machine.
misused() { say "$*; --help explains" && exit 64; }
unavailable() { say "$*" && exit 69; }
say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# value_of OPTION [VALUE]: prints the value that an option was given.
value_of() {
    [ $# -ge 2 ] || misused "$1 needs a value"
    printf '%s' "$2"
}

# container_tool [TOOL]: prints the tool asked for, or the first of the three that works: it is installed, and in the
# case of docker there is an engine that answers.
container_tool() {
    local known='docker podman buildah' tool
    [[ " $known " == *" ${1:-docker} "* ]] || misused "--tool is one of $known, not '$1'"
    for tool in ${1:-$known}; do
        "$tool" info >/dev/null 2>&1 && printf '%s' "$tool" && return
    done
    unavailable "no container tool works here (tried: ${1:-$known})." \
        "Start the Docker engine, or: apt-get install podman runc"
}

program_version() { dotnet msbuild "$repository/src/Bootstrapper/Bootstrapper.csproj" -getProperty:Version; }
