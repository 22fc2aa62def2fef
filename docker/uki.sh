#!/bin/bash
# Makes the one program that firmware with the operator's key starts: kernel, initial RAM disk and command line, signed.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/packages.sh"

usage() {
    cat <<'EOT'
Usage: docker/uki.sh --to BSROOT [--url URL] [--keys DIR] [--root FILE]...
                     [--args ARGUMENTS] [--packages DIR] [--release NAME]
                     [--mirror URL]

Makes BSROOT/tftpboot/uki.efi for machines with secure_boot: uki, of the live
system in BSROOT/www/debian-live (docker/live-system.sh), the cluster's root
certificates in BSROOT/ca.crt, and a command line that has it fetch
URL/start.sh, which it trusts by those certificates alone. Signs it with
DIR/db.key and db.crt (bootstrapper secureboot keys). Run it again when one of
these changes.

The same files and packages make the same bytes, but for the signature, which
has the time in it. The key is read where it is, and copied nowhere.

EOT
    packages_usage
}

options_usage() {
    cat <<'EOT'
  --to BSROOT     the data root, with the files named above
  --url URL       the bootstrapper's, by which the machines reach it (default:
                  https://ADDRESS[:PORT] by `bootstrapper` and `https_port` in
                  BSROOT/cluster-desc.yml)
  --keys DIR      default: BSROOT/secureboot
  --root FILE     a file with more roots that it trusts, such as the next one,
                  BSROOT/ca-next.pem, before that one signs; of the file nothing
                  but its certificates is taken. May be given several times
  --args ARGUMENTS  more for the kernel's command line, such as
                  "console=ttyS0,115200"; nothing else adds any
EOT
}

url='' keys='' arguments='' roots=()

own_option() {
    case $1 in
        --url) url=$(value_of "$@") ;;
        --keys) keys=$(value_of "$@") ;;
        --root) roots+=("$(value_of "$@")") ;;
        --args) arguments=$(value_of "$@") ;;
        *) misused "unknown option '$1'" ;;
    esac
}

# wants FILE WHAT-TO-DO: a file that there must be.
wants() {
    [ -e "$1" ] || unavailable "$1 is missing: $2"
    [ -r "$1" ] || unavailable "$1 cannot be read: run this as its owner"
    [ -s "$1" ] || unavailable "$1 is empty: $2"
}

# described KEY: what a key at the top of cluster-desc.yml says.
described() {
    [ -e "$to/cluster-desc.yml" ] || return 0
    sed -n "s/^$1:[[:space:]]*//p" "$to/cluster-desc.yml" |
        sed -e 's/[[:space:]]*#.*//' -e 's/[[:space:]]*$//' -e "s/^['\"]\(.*\)['\"]$/\1/" | tail -n 1
}

find_url() {
    local address port
    if [ -z "$url" ]; then
        address=$(described bootstrapper)
        port=$(described https_port)
        [ -n "$address" ] || unavailable "$to/cluster-desc.yml does not say \`bootstrapper\`: give --url https://ADDRESS"
        url=https://$address
        [ "${port:-443}" = 443 ] || url+=:$port
    fi
    url=${url%/}
    [[ $url =~ ^https://[A-Za-z0-9.-]+(:[0-9]+)?$ ]] || misused "--url is https://ADDRESS or https://ADDRESS:PORT, not '$url'"
}

# certificates_of FILE: all that are in it, as OpenSSL writes them, and nothing else: the next root has its key beside it.
certificates_of() {
    run_tool uki openssl crl2pkcs7 -nocrl -certfile "$1" -out "$scratch/certificates.p7" >"$scratch/said" 2>&1 ||
        unavailable "$1 is no file of certificates in PEM: $(reason)"
    run_tool uki openssl pkcs7 -in "$scratch/certificates.p7" -print_certs |
        sed -n '/^-----BEGIN CERTIFICATE-----$/,/^-----END CERTIFICATE-----$/p' >"$scratch/certificates.pem"
    [ -s "$scratch/certificates.pem" ] || unavailable "$1 has no certificate in PEM"
    cat "$scratch/certificates.pem"
}

# The kernel unpacks this archive after the other. It is as old as its first certificate: the live system's clock is not put back
# behind that. The kernel keeps the time, as docker/live-system.sh makes sure.
pack_certificates() {
    local root=$scratch/certificates file all from
    mkdir -p "$root/etc/ssl/certs"
    all=$root/etc/ssl/certs/ca-certificates.crt
    for file in "$to/ca.crt" "${roots[@]}"; do certificates_of "$file" || exit; done |
        awk '/BEGIN/ { one = "" } { one = one $0 "\n" } /END/ && !seen[one]++ { printf "%s", one }' >"$all"
    from=$(run_tool uki openssl x509 -in "$all" -noout -startdate)
    find "$root" -exec touch --date="${from#*=}" {} +
    (cd "$root" && find etc -print0 | LC_ALL=C sort -z |
        cpio --null --create --format=newc --owner=0:0 --reproducible --quiet) >"$1"
}

build() {
    run_tool uki ukify build --efi-arch x64 --stub "$scratch/uki/usr/lib/systemd/boot/efi/linuxx64.efi.stub" \
        --linux "$live/vmlinuz" --initrd "$live/initrd.img" --initrd "$scratch/certificates.img" \
        --cmdline "cloud-config-url=$url/start.sh${arguments:+ $arguments}" \
        --os-release $'ID=bootstrapper\nNAME="Live system of Bootstrapper"' --output "$1" >"$scratch/said" 2>&1 ||
        unavailable "cannot make the image: $(reason)"
}

# The last thing that a tool said; of OpenSSL's errors, the words.
reason() { tail -n 1 "$scratch/said" | sed 's/^[0-9A-F]*:error:[0-9A-F]*:[^:]*:[^:]*:\([^:]*\):.*/\1/'; }

sign() {
    if ! { run_tool uki sbsign --key "$keys/db.key" --cert "$keys/db.crt" --output "$2" "$1" &&
        run_tool uki sbverify --cert "$keys/db.crt" "$2"; } >"$scratch/said" 2>&1; then
        unavailable "cannot sign with $keys/db.key, a private key in PEM, as $keys/db.crt, its certificate: $(reason)"
    fi
}

umask 022
read_packages_options "$@"
needs cpio
find_url
[[ $arguments != *[![:print:]]* ]] || misused "--args is one line"
keys=${keys:-$to/secureboot} live=$to/www/debian-live
wants "$live/vmlinuz" "docker/live-system.sh --to $to makes it"
wants "$live/initrd.img" "docker/live-system.sh --to $to makes it"
wants "$to/ca.crt" "the bootstrapper makes it when it is first started"
for root in "${roots[@]}"; do wants "$root" "it is a file with certificates"; done
wants "$keys/db.key" "bootstrapper secureboot keys --bsroot $to makes it"
wants "$keys/db.crt" "bootstrapper secureboot keys --bsroot $to makes it"
take_tools uki systemd-ukify systemd-boot-efi sbsigntool openssl
pack_certificates "$scratch/certificates.img"
build "$scratch/unsigned.efi"
sign "$scratch/unsigned.efi" "$scratch/uki.efi"
put "$scratch/uki.efi" tftpboot/uki.efi
echo "$to/tftpboot/uki.efi: $(du -m "$scratch/uki.efi" | cut -f 1) MiB, fetches $url/start.sh, trusts" \
    "$(grep -c BEGIN "$scratch/certificates/etc/ssl/certs/ca-certificates.crt") root(s); unsigned it has the SHA-256" \
    "$(sha256sum <"$scratch/unsigned.efi" | cut -d ' ' -f 1)"
