#!/bin/bash
# Puts the signed boot loaders for machines with Secure Boot into a data root, from Debian's packages.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/packages.sh"

usage() {
    cat <<'EOT'
Usage: docker/secure-boot.sh --to BSROOT [--packages DIR] [--release NAME]
                             [--mirror URL]

Puts shimx64.efi and grubx64.efi, signed by Microsoft and by Debian, into
BSROOT/tftpboot, from Debian's packages shim-signed and grub-efi-amd64-signed.
EOT
    packages_usage
}

# put_loader PACKAGE FILE NAME: a file of a package.
put_loader() {
    local deb
    deb=$(package "$1")
    dpkg-deb --fsys-tarfile "$deb" | tar --extract --to-stdout ".$2" >"$scratch/$3" || unavailable "$deb does not have $2"
    put "$scratch/$3" "tftpboot/$3"
    echo "$to/tftpboot/$3: ${deb##*/}"
}

read_packages_options "$@"
put_loader shim-signed /usr/lib/shim/shimx64.efi.signed shimx64.efi
put_loader grub-efi-amd64-signed /usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed grubx64.efi
