# shellcheck shell=bash
# What build.sh, base.sh and release.sh share. Sourced, never run.

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$repository/docker/sdk.sh"

# Those that are built.
archs=()

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

# read_architectures LIST TOOL: sets archs to those of a list with commas.
read_architectures() {
    case $1 in
        amd64 | arm64 | amd64,arm64 | arm64,amd64) IFS=, read -ra archs <<<"$1" ;;
        *) misused "--arch is amd64, arm64 or amd64,arm64, not '$1'" ;;
    esac
    [ ${#archs[@]} = 1 ] || [ "$2" != docker ] ||
        misused "docker keeps one architecture under a name: for several, --tool podman or buildah"
}

# name_of IMAGE ARCH: what that architecture's image is called, when there are several.
name_of() { [ ${#archs[@]} = 1 ] && printf '%s' "$1" || printf '%s-%s' "$1" "$2"; }

# join TOOL IMAGE NAME: gives that name to the image; of several architectures it is an index, and each tool takes from it what
# fits the machine that it runs on. The name may be another image's, which a container may use: tag moves it, create does not.
join() {
    local image=$2 arch
    if [ ${#archs[@]} -gt 1 ]; then
        image=$3-$$
        "$1" manifest create "$image" >/dev/null
        for arch in "${archs[@]}"; do
            "$1" manifest add "$image" "containers-storage:$(full_name "$2-$arch")" >/dev/null
        done
    fi
    [ "$image" = "$3" ] || "$1" tag "$image" "$3"
    [ "$image" = "$2" ] || "$1" manifest rm "$image" >/dev/null
}

# full_name IMAGE: as podman and buildah call what is in no registry.
full_name() { [[ $1 == */* ]] && printf '%s' "$1" || printf 'localhost/%s' "$1"; }

# publish ARCH FOLDER: the program as it is in the image; the same of the same commit, wherever that is checked out. The
# generator of log messages has their classes in an order of chance where the compiler works on several threads.
publish() {
    rm -rf "$2"
    say "publishing the program for linux/$1"
    dotnet publish "$repository/src/Bootstrapper" --configuration Release --runtime "linux-${1/amd64/x64}" \
        --self-contained --output "$2" --verbosity quiet --nologo -property:PathMap="$repository/=/bootstrapper/" \
        -property:UseSharedCompilation=false -property:CompilerResponseFile="$repository/docker/compiler.rsp"
}

# debian_version VERSION: 1.0.0-rc.1 comes before 1.0.0, which Debian writes 1.0.0~rc.1 (deb-version(7)).
debian_version() { printf '%s' "${1/-/\~}"; }

program_version() { dotnet msbuild "$repository/src/Bootstrapper/Bootstrapper.csproj" -getProperty:Version; }

# When the commit was made, and not when the image: the same commit says the same.
created() {
    TZ=UTC0 git -C "$repository" log -1 --format=%cd --date=format-local:%Y-%m-%dT%H:%M:%SZ 2>/dev/null ||
        echo 1970-01-01T00:00:00Z
}
