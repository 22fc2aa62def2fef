# shellcheck shell=bash
# What a laptop with internet finds there: a vendor of operating systems, registries of container images, a server with
# downloads. All small, made here, and in one network namespace. Sourced.

# make_vendor DIR: a key, and its public half in DIR/vendor.asc.
make_vendor() {
    mkdir -p "$1" && chmod 700 "$1"
    gpg --homedir "$1" --batch --quiet --passphrase '' --quick-generate-key 'Stand-in vendor <vendor@lab.test>' ed25519 sign never
    gpg --homedir "$1" --batch --quiet --armor --export > "$1/vendor.asc"
}

# publish_release VENDOR RELEASE VERSION: signs the files of a directory and names their release.
publish_release() {
    local vendor=$1 release=$2 version=$3 file
    printf 'FLATCAR_VERSION=%s\n' "$version" > "$release/version.txt"
    for file in "$release"/*; do
        gpg --homedir "$vendor" --batch --quiet --detach-sign "$file" || return
    done
    ln -sfn "$version" "$(dirname "$release")/current"
}

# make_root DIR HOST…: a certificate that is good for these hosts, and its own root.
make_root() {
    local directory=$1 names
    shift
    names=$(printf 'DNS:%s,' "$@")
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj '/CN=Stand-in internet' \
        -addext "subjectAltName=${names%,}" -keyout "$directory/internet.key" -out "$directory/internet.crt" 2> /dev/null
}

# registry_settings DIR ADDRESS
registry_settings() {
    cat << EOF
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: $1/registry}}
http: {addr: "$2:443", tls: {certificate: $1/internet.crt, key: $1/internet.key}}
EOF
}

# put_blob LAYOUT: stores what it reads, prints its digest.
put_blob() {
    local digest
    cat > "$1/blob"
    digest=$(sha256sum < "$1/blob" | cut -d ' ' -f 1)
    mkdir -p "$1/blobs/sha256" && mv "$1/blob" "$1/blobs/sha256/$digest"
    echo "$digest"
}

# descriptor LAYOUT DIGEST KIND
descriptor() {
    printf '{"mediaType":"application/vnd.oci.image.%s","digest":"sha256:%s","size":%d}' \
        "$3" "$2" "$(stat -c %s "$1/blobs/sha256/$2")"
}

# make_image LAYOUT: an OCI layout with one image of one file.
make_image() {
    local layout=$1 layer config manifest
    mkdir -p "$layout" && echo stand-in > "$layout/file"
    layer=$(tar --create --mtime=@0 --directory "$layout" file | put_blob "$layout")
    config=$(printf '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
        "$layer" | put_blob "$layout")
    manifest=$(printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s,"layers":[%s]}' \
        "$(descriptor "$layout" "$config" config.v1+json)" "$(descriptor "$layout" "$layer" layer.v1.tar)" | put_blob "$layout")
    printf '{"imageLayoutVersion":"1.0.0"}' > "$layout/oci-layout"
    printf '{"schemaVersion":2,"manifests":[%s]}' "$(descriptor "$layout" "$manifest" manifest.v1+json)" > "$layout/index.json"
}
