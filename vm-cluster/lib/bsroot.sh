# shellcheck shell=bash
# A sample data root: a description of the lab's machines, and the stand-ins' images under the names of a release.

RELEASE=1.0.0   # no Flatcar release: the stand-ins'
CHANNEL_DIRECTORY=www/stable

prepare_bsroot() {
    mkdir -p "$BSROOT"
    [[ -z $FRESH ]] || forget_machines
    if is_ours "$BSROOT/cluster-desc.yml"; then
        put_images
        write_description > "$BSROOT/cluster-desc.yml"
        write_template "$BSROOT/cloud-config.template"
    fi
}

# Their certificates, too: of a machine that was given secrets and has no record the bootstrapper wants to be told how it is.
forget_machines() {
    rm -rf "$BSROOT"/{inventory,timeline,tls,etcd,enrolled.json,dnsmasq/leases,tftpboot/pxelinux.cfg}
}

write_template() {
    is_ours "$1" || return 0
    rm -f "$1"
    [[ -z $GATEWAY ]] || template_that_looks_outside > "$1"
}

# Not there yet, or written by an earlier `up`.
is_ours() { [[ ! -e $1 ]] || grep -qF 'Written by vm-cluster/up' "$1"; }

put_images() {
    local release=$BSROOT/$CHANNEL_DIRECTORY/$RELEASE
    mkdir -p "$release"
    cp "$IMAGES/vmlinuz" "$release/flatcar_production_pxe.vmlinuz"
    initramfs > "$release/flatcar_production_pxe_image.cpio.gz"
    cp "$(installed_system)" "$release/installed-system.img.gz"
    ln -sfn "$RELEASE" "$BSROOT/$CHANNEL_DIRECTORY/current"
    if is_secure; then
        mkdir -p "$BSROOT"/{tftpboot,www/debian-live}
        has_own_key || cp "$SIGNED"/tftpboot/*.efi "$BSROOT/tftpboot/"
        cp "$SIGNED"/www/debian-live/* "$BSROOT/www/debian-live/"
    fi
}

# The kernel unpacks archives one after the other (Linux, buffer-format.rst). Random bytes stay as long as they are.
initramfs() {
    cat "$IMAGES/initramfs.cpio.gz"
    [[ $RESTART != kexec ]] || "$CHECKOUT/vm-cluster/images/programs" kexec
    ((PAD > 0)) || return 0
    head -c "${PAD}M" /dev/urandom > "$RUN_DIR/padding"
    (cd "$RUN_DIR" && cpio --create --format=newc --quiet <<< padding) | gzip -1n
    rm "$RUN_DIR/padding"
}

write_description() {
    local image
    image=$(sha256sum < "$(installed_system)")
    cat << EOF
# Written by vm-cluster/up, again at every start. To keep your own, give it a data root: --bsroot DIR
bootstrapper: $SERVER_ADDRESS
subnet: 10.99.0.0
netmask: 255.255.255.0
iplow: 10.99.0.100
iphigh: 10.99.0.199
routers: [${GATEWAY:+$SERVER_ADDRESS}]
domainname: lab.test
# The default, 10.96.0.0/12, has the lab's network in it.
k8s_service_cluster_ip_range: 10.112.0.0/12
boot_loader: $(boot_loader)
fan_out: $FAN_OUT
$(dhcp_keys)
os:
  install_method: raw
  image:
    path: stable/current/installed-system.img.gz
    sha256: ${image%% *}
  restart: $RESTART
EOF
    ((UNPLANNED == 0)) || welcome_others
    ! is_secure || describe_signed_system
    echo 'nodes:'
    local machine
    for ((machine = 1; machine <= NODES - UNPLANNED; machine++)); do
        describe_machine "$machine"
    done
}

# The second profile is for those who find the first one full.
welcome_others() {
    cat << EOF
unknown_nodes: discover
profiles:
  - {name: storage, quantity: 1, labels: {example.com/disks: many}}
  - {name: default}
EOF
}

# Machines with Secure Boot are installed by the live system that is made for them; the others by one that plays Flatcar's. An
# image that is signed as a whole has its kernel's arguments in it.
describe_signed_system() {
    printf 'profiles:\n  - name: secure\n'
    if has_own_key; then
        printf '    secure_boot: uki\n'
    else
        printf '    secure_boot: y\n    kernel_args: [console=ttyS0]\n'
    fi
}

describe_machine() {
    local machine=$1
    cat << EOF
  - mac: $(mac_address "$machine")
    hostname: $(host_name "$machine")
    ip: $(ip_address "$machine")
    serial: $(serial_number "$machine")
    uuid: $(uuid "$machine")
EOF
    ! is_secure || echo '    profile: secure'
    ((machine > 1)) || printf '    kube_master: y\n    etcd_member: y\n'
}
