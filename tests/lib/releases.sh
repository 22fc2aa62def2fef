# shellcheck shell=bash
# What docker/release.sh makes, and whether it is whole. GNUPGHOME is a directory of the test's own. Sourced.

# The key that release@lab.test signs with.
make_release_key() {
    mkdir -p "$GNUPGHOME" && chmod 700 "$GNUPGHOME" &&
        gpg --batch --quiet --passphrase '' --quick-generate-key 'Release <release@lab.test>' ed25519 sign never
}

version() { dotnet msbuild src/Bootstrapper/Bootstrapper.csproj -getProperty:Version; }

# release_verifies DIR: as docs/releases.md says.
release_verifies() {
    (cd "$1" && gpg --batch --verify SHA256SUMS.asc SHA256SUMS && sha256sum --check --strict SHA256SUMS) &&
        [ "$(find "$1" -type f | wc -l)" = "$(($(wc -l <"$1/SHA256SUMS") + 2))" ]
}

# materials_of DIR ARCH: one package of each kind, with a version; and no name twice.
materials_of() {
    local file urls url
    file=$(echo "$1"/bootstrapper-*-"$2".cdx.json)
    urls=$(jq --raw-output '.components[].purl' "$file") || return
    for url in "pkg:deb/debian/dnsmasq-base@2\\.[^?]*[?]arch=$2&distro=debian-13" \
        "pkg:deb/debian/shim-signed@[^?]*[?]arch=amd64&distro=debian-13" \
        "pkg:nuget/YamlDotNet@[0-9.]*" "pkg:nuget/Microsoft.NETCore.App.Runtime.linux-${2/amd64/x64}@[0-9.]*"; do
        grep -x "$url" <<<"$urls" || { echo "not there: $url"; return 1; }
    done
    [ -z "$(sort <<<"$urls" | uniq --repeated | tee /dev/stderr)" ]
}
