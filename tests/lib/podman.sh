# shellcheck shell=bash
# A podman of our own: images and containers in a folder outside the checkout, so that the machine's own are not
# touched and a second run finds the Debian base and its packages again. Sourced.

# Every limit a container asks for has to be one that its parent has: a build machine may be a container itself.
podman_settings() {
    cat <<EOF
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
runtime = "runc"
tmp_dir = "$1/state"
EOF
}

# The vfs driver copies the whole image for each layer, but works where overlays cannot be mounted.
storage_settings() {
    cat <<EOF
[storage]
driver = "$3"
graphroot = "$1/$3"
runroot = "$2/$3"
EOF
}

# best_driver FOLDER: whether an overlay can be mounted there is found out by mounting one.
best_driver() {
    local probe
    probe=$(mktemp -d "$1/probe.XXXXXX")
    mkdir "$probe"/{lower,upper,work,merged}
    if mount -t overlay overlay -o "lowerdir=$probe/lower,upperdir=$probe/upper,workdir=$probe/work" \
        "$probe/merged" 2>/dev/null; then
        umount "$probe/merged" && echo overlay
    else
        echo vfs
    fi
    rm -rf "$probe"
}

# take_store: sets store to the folder that outlives the test, which holds it alone: begun without its lock, it begins again.
take_store() {
    store=${XDG_CACHE_HOME:-$HOME/.cache}/bootstrapper-lab/podman
    mkdir -p "$store"
    [ -n "${ALONE:-}" ] || exec env ALONE=1 flock --close "$store/lock" "$0"
}

# use_own_podman STORE RUN: from here on podman, also when docker/build.sh calls it, works in these two folders. RUN is
# for what does not outlive a restart of the machine. The health check runs when asked: its timers would want systemd.
use_own_podman() {
    mkdir -p "$1" "$2"
    storage_settings "$1" "$2" "$(best_driver "$1")" >"$2/storage.conf"
    podman_settings "$2" >"$2/containers.conf"
    export CONTAINERS_STORAGE_CONF=$2/storage.conf CONTAINERS_CONF=$2/containers.conf
    export BUILDAH_ISOLATION=chroot DISABLE_HC_SYSTEMD=true
    podman info >/dev/null
}

# base_image ARCH: the Debian that images are built on, made once for each way of making it; prints its name. ARCH is as
# docker/base.sh takes it.
base_image() {
    local image
    image=localhost/debian-base:$(sha256sum docker/base.sh | cut -c 1-12)-${1/,/-}
    podman image exists "$image" || podman manifest exists "$image" ||
        docker/base.sh --tool podman --arch "$1" --image "$image" >&2 || return
    echo "$image"
}
