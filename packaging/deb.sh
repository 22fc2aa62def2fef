#!/bin/bash
# Makes a Debian package of the program, for hosts on which it runs without a container.
set -euo pipefail
. "$(dirname "$0")/../docker/common.sh"

usage() {
    cat <<'USAGE'
Usage: packaging/deb.sh --to DIR [--arch ARCH]

Makes DIR/bootstrapper_VERSION_ARCH.deb: the program (self-contained: the host
needs no .NET), its systemd unit, man pages and completions. It installs on
Debian 12 and 13, and what is made of them. Needs the .NET SDK, dpkg and
help2man.

  --to DIR       where to put it
  --arch ARCH    amd64 or arm64 (default: this machine's)
USAGE
}

# In KiB, as dpkg-gencontrol counts: what a disk makes of it is another thing on another disk.
installed_size() {
    find "$root" -path "$root/DEBIAN" -prune -o -type f -printf '%s\n' -o -printf '1\n' |
        awk '{ size += int(($1 + 1023) / 1024) } END { print size }'
}

# Whatever it starts; age and gpg for backups, ipmitool and nftables for what takes them, and boot loaders that every
# description may name.
control() {
    cat <<END
Package: bootstrapper
Version: $(debian_version "$version")
Architecture: $arch
Maintainer: The Bootstrapper authors <bootstrapper@localhost>
Section: admin
Priority: optional
Installed-Size: $(installed_size)
Depends: bzip2, ca-certificates, dnsmasq-base, docker-registry, git, gpgv, libc6 (>= 2.36), libssl3t64 | libssl3,
 libstdc++6, procps, skopeo, util-linux, zstd
Recommends: age, gpg, gpg-agent, ipmitool, ipxe, nftables, pxelinux, syslinux-common
Description: turns a rack of blank machines into an installed Kubernetes cluster
 Reads one description of the machines, cluster-desc.yml, and serves them all
 that they boot and install from: DHCP, TFTP, DNS, boot loaders, operating
 system images, configurations and certificates of its own authority. Works
 without internet.
END
}

# run_help COMMAND…: as help2man reads it, which wants the usage first and sections by names of its own.
run_help() {
    "$program" "$@" --help | awk '
        /^Description:$/ { section = "description"; next }
        /^Usage:$/       { section = "usage"; next }
        /^[A-Z][a-z]+:$/ { section = "rest" }
        section == "description" { description = description $0 "\n"; next }
        section == "usage" && NF { sub(/^ +/, ""); usage = usage (usage == "" ? "Usage: " : "  or: ") $0 "\n"; next }
        { rest = rest $0 "\n" }
        END { gsub(/\n  /, "\n", description); sub(/^ +/, "", description); printf "%s\n%s\n%s", usage, description, rest }'
}

# commands COMMAND…: those right below it, a line each.
commands() {
    "$program" "$@" --help | awk '/^Commands:$/ { below = 1; next } /^[A-Z]/ || !NF { below = 0 } below { print $1 }'
}

# man_pages COMMAND…: of it and all below it, as bootstrapper-COMMAND-….1.
man_pages() {
    local below name=bootstrapper page
    for below in "$@"; do name+=-$below; done
    page=$root/usr/share/man/man1/$name.1
    run_help "$@" >"$scratch/help"
    { echo '#!/bin/sh'; echo "cat '$scratch/help'"; } >"$scratch/$name"
    chmod +x "$scratch/$name"
    help2man --no-info --no-discard-stderr --version-string="$version" --source="bootstrapper $version" \
        --name="$(sed -n '/^Usage:/,$ { /^Usage:/d; /^  or:/d; /./ { p; q } }' "$scratch/help" | sed 's/\.$//')" \
        "$scratch/$name" >"$page"
    gzip -9n "$page"
    for below in $(commands "$@"); do man_pages "$@" "$below"; done
}

# For operators' hands: the data root is the package's, unless something else is said, to the service or here.
launcher() {
    cat <<'END'
#!/bin/sh
if [ -z "$BOOTSTRAPPER_BSROOT" ] && [ -r /etc/default/bootstrapper ]; then
    BOOTSTRAPPER_BSROOT=$(sed -n "s/^BOOTSTRAPPER_BSROOT=[\"']*\([^\"']*\).*/\1/p" /etc/default/bootstrapper | tail -n 1)
fi
export BOOTSTRAPPER_BSROOT="${BOOTSTRAPPER_BSROOT:-/var/lib/bootstrapper}"
exec /usr/lib/bootstrapper/bootstrapper "$@"
END
}

fill() {
    local share=$root/usr/share
    mkdir -p "$root"/{DEBIAN,usr/bin,usr/lib/systemd/system,var/lib/bootstrapper} "$share"/{doc/bootstrapper,man/man1}
    mkdir -p "$share"/{bash-completion/completions,zsh/vendor-completions,fish/vendor_completions.d}
    publish "$arch" "$root/usr/lib/bootstrapper"
    launcher >"$root/usr/bin/bootstrapper"
    chmod 755 "$root/usr/bin/bootstrapper"
    cp "$repository/packaging/bootstrapper.service" "$root/usr/lib/systemd/system/"
    cp "$repository/LICENSE" "$share/doc/bootstrapper/copyright"
    gzip -9nc "$repository/CHANGELOG.md" >"$share/doc/bootstrapper/changelog.gz"
    program=$root/usr/lib/bootstrapper/bootstrapper
    if [ "$arch" != "$own_arch" ]; then
        program=$scratch/own/bootstrapper
        publish "$own_arch" "$scratch/own"
    fi
    "$program" completion bash >"$share/bash-completion/completions/bootstrapper"
    "$program" completion zsh >"$share/zsh/vendor-completions/_bootstrapper"
    "$program" completion fish >"$share/fish/vendor_completions.d/bootstrapper.fish"
    man_pages
    control >"$root/DEBIAN/control"
    cp "$repository"/packaging/debian/* "$root/DEBIAN/"
    chmod -R u=rwX,go=rX "$root"
    chmod 755 "$root"/DEBIAN/{postinst,prerm,postrm}
}

own_arch=$(dpkg --print-architecture 2>/dev/null) || unavailable "dpkg is missing: this takes a Debian machine"
to='' arch=$own_arch
while [ $# -gt 0 ]; do
    case $1 in
        --to) to=$(value_of "$@"); shift ;;
        --arch) arch=$(value_of "$@"); shift ;;
        -h | --help) usage && exit ;;
        *) misused "unknown option '$1'" ;;
    esac
    shift
done
[ -n "$to" ] || misused "--to is missing: where to put the package"
[[ $arch == amd64 || $arch == arm64 ]] || misused "--arch is amd64 or arm64, not '$arch'"
command -v dotnet >/dev/null || unavailable "the .NET SDK (dotnet) is missing"
command -v help2man >/dev/null || unavailable "help2man is missing; apt-get install help2man"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
umask 022
version=$(program_version)
root=$scratch/root
# The same commit makes the same bytes: no file is older or newer than it, and help2man dates its pages by it.
SOURCE_DATE_EPOCH=$(date --date="$(created)" +%s)
export SOURCE_DATE_EPOCH
fill
find "$root" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
mkdir -p "$to"
package=bootstrapper_$(debian_version "$version")_$arch.deb
dpkg-deb --root-owner-group --build "$root" "$to/$package.part" >/dev/null
mv "$to/$package.part" "$to/$package"
say "made $to/$package"
