# shellcheck shell=bash
# What an Ignition config makes of a disk, by its specification and without Ignition, in the words of vm-cluster/ignition.
# Sourced.

# number DATABASE NAME: of a user or a group, as the lines of DISK have it; a number is one already.
number() {
    awk -v kind="$1" -v name="$2" '
        $1 == kind { split($2, entry, ":"); if (entry[1] == name) { print entry[3]; found = 1 } }
        END { if (!found) print name }' "$DISK"
}

# model_files CONFIG: "file PATH MODE UID:GID SHA256" and "link PATH TARGET".
model_files() {
    local path mode user group data packed
    jq -r '
        def file(path; mode; user; group; data; packed): [path, mode, user, group, data, packed] | map(tostring) | join("|");
        def root: 0;
        def account: if . == null then root else .name // .id end;
        (.storage.files[]? | file(.path; .mode; .user | account; .group | account;
            .contents.source | ltrimstr("data:;base64,"); .contents.compression // "plain")),
        (.systemd.units[]? | . as $unit |
            (select(.contents) | file("/etc/systemd/system/" + .name; 420; root; root; .contents | @base64; "plain")),
            (.dropins[]? | file("/etc/systemd/system/\($unit.name).d/\(.name)"; 420; root; root; .contents | @base64; "plain"))),
        (.passwd.users[]? | select(.sshAuthorizedKeys) |
            file("\(.homeDir // "/home/" + .name)/.ssh/authorized_keys.d/ignition"; 384; .name; .primaryGroup // .name;
                .sshAuthorizedKeys | map(. + "\n") | add | @base64; "plain"))' "$1" |
        while IFS='|' read -r path mode user group data packed; do
            printf 'file %s %o %s:%s %s\n' "$path" "$mode" "$(number passwd "$user")" "$(number group "$group")" \
                "$(base64 -d <<<"$data" | if [ "$packed" = gzip ]; then gunzip; else cat; fi | sha256sum | cut -d ' ' -f 1)"
        done
    jq -r '
        (.storage.links[]? | "link \(.path) \(.target)"),
        (.systemd.units[]? | select(.mask) | "link /etc/systemd/system/\(.name) /dev/null")' "$1"
}

# model_units CONFIG: systemd presets, which its first start follows.
model_units() {
    jq -r '.systemd.units[]? | select(.enabled != null) |
        "preset \(if .enabled then "enable" else "disable" end) \(.name)"' "$1"
}

# model_users CONFIG: of each new user the name, the words about it, home and shell; password; the groups that it is in.
model_users() {
    jq -r '.passwd.users[]? | select(.name != "core") |
        "passwd \(.name):\(.gecos // ""):\(.homeDir // "/home/" + .name):\(.shell // "")",
        (select(.passwordHash) | "shadow \(.name):\(.passwordHash)"),
        (.name as $name | .groups[]? | "group \(.):\($name)")' "$1"
}

# What is on DISK, of the same kinds. Files that make up the databases of users, and Ignition's own notes, are no file of the
# config's.
disk_files() {
    grep -E '^(file|link) ' "$DISK" |
        grep -vE '^file /etc/(passwd|shadow|group|gshadow|subuid|subgid)-? ' |
        grep -vE '^file /etc/(\.pwd\.lock|selinux/config|\.ignition-result\.json|systemd/system-preset/20-ignition\.preset) '
}

disk_units() { grep '^preset ' "$DISK"; }

disk_users() {
    awk -F '[ :]' '$1 == "passwd" && $2 != "root" && $2 != "core"' "$DISK" | sed -E 's/^(passwd [^:]*):[^:]*:[^:]*:[^:]*:/\1:/'
    sed -nE 's/^(shadow [^:]*:\$[^:]*):.*/\1/p; s/^(group [^:]*):[^:]*:[^:]*:([^:]+)$/\1:\2/p' "$DISK"
}

# is_as_modelled KIND CONFIG: shows what is missing (-) and what is too much (+).
is_as_modelled() { diff -U 0 <("model_$1" "$2" | sort) <("disk_$1" | sort); }
