#!/bin/sh
# Rendered by bootstrapper from cluster-desc.yml for by-ipxe (52:54:00:00:00:04); your own: templates/install.sh.template.
# Runs in the live system. Safe to run again: it begins from the start, on the same disk.
set -u

bootstrapper='http://10.0.0.1'
mac='52:54:00:00:00:04'
install_disk=''
image_url='http://10.0.0.1/stable/current/flatcar_production_image.bin.bz2'
work=$(mktemp -d) || exit 1

say() {
  echo "bootstrapper: $*"
}

if command -v curl >/dev/null 2>&1; then
  # A server that has lost its power says nothing, and would be waited for for ever.
  fetch() { curl -fsS --retry 5 --retry-delay 2 --connect-timeout 10 --speed-limit 1 --speed-time 60 "$1"; }
  post() { curl -sS --max-time 20 -o "$work/answer" -w '%{http_code}' --data "$2" "$1"; }
  image_bytes() { curl -fsSI "$1" | tr -d '\r' | awk 'tolower($1) == "content-length:" { print $2 }'; }
else
  # No wget -T: Debian's busybox is built without it, and crashes.
  fetch() { wget -q -O - "$1"; }
  post() {
    timeout 20 wget -O "$work/answer" --post-data "$2" "$1" 2>"$work/answer.error" && echo 200 && return
    sed -n 's|.*HTTP/[0-9.]* \([0-9]*\).*|\1|p' "$work/answer.error"
  }
  image_bytes() { wget -q -S --spider "$1" 2>&1 | tr -d '\r' | awk 'tolower($1) == "content-length:" { print $2 }'; }
fi

# A form value: whatever needs no escape stays, the rest becomes a dash.
form() {
  printf %s "$*" | tr -c "A-Za-z0-9._/:=,'-" '+' | tr -d '\n'
}

# Tells the bootstrapper, and does not go on before it has been heard: what comes next may rely on it.
report() {
  while :; do
    status=$(post "$bootstrapper/api/v1/report/$mac" "$1")
    case $status in
      2??) return ;;
      4??)
        say "the bootstrapper refused $1 ($status): $(cat "$work/answer" 2>/dev/null)"
        exit 1
        ;;
    esac
    say "cannot report $1 (${status:-no answer}); trying again"
    sleep 3
  done
}

# try COMMAND...: three times, each when the bootstrapper answers. One that is being restarted is waited for: the machines that it
# is just giving something to are none that failed. The command says in $reason what it cannot do.
try() {
  for attempt in 1 2 3; do
    "$@" && return
    say "attempt $attempt: $reason"
    sleep 2
    until fetch "$bootstrapper/healthz" >/dev/null 2>&1; do
      say 'the bootstrapper does not answer; asking again'
      sleep 3
    done
  done
  return 1
}

fail() {
  say "FAILED: $*"
  report "state=failed&message=$(form "$*")"
  say 'The live system stays up for you to look. A restart tries again.'
  rm -rf "$work"
  exit 1
}

interface_with_mac() {
  for address in /sys/class/net/*/address; do
    [ "$(cat "$address" 2>/dev/null)" = "$mac" ] && basename "$(dirname "$address")" && return
  done
  return 1
}

is_free() {
  [ -b "/dev/$1" ] && [ "$(cat "/sys/block/$1/ro")" = 0 ] && [ "$(cat "/sys/block/$1/removable")" = 0 ] &&
    ! grep -q "^/dev/$1" /proc/mounts
}

# Sizes in bytes and names of the disks that could take the operating system: writable, built in, not the one we run from.
disks() {
  for device in /sys/block/*; do
    name=$(basename "$device")
    case $name in loop* | ram* | zram* | sr* | fd* | dm-* | md* | nbd*) continue ;; esac
    is_free "$name" || continue
    echo "$(($(cat "$device/size") * 512)) $name"
  done
}

pick_disk() {
  if [ -n "$install_disk" ]; then
    readlink -f "$install_disk"
    return
  fi
  smallest=$(disks | awk '$1 >= 8000000000' | sort -n | head -n 1)
  [ -n "$smallest" ] && echo "/dev/${smallest#* }"
}

# Serial number or size: by what the bootstrapper knows the disk again when the machine comes back.
disk_identity() {
  device=/sys/block/$(basename "$disk")
  for file in wwid serial device/wwid device/serial; do
    identity=$(cat "$device/$file" 2>/dev/null) && [ -n "$identity" ] && echo "$identity" && return
  done
  echo "$(basename "$disk"):$(cat "$device/size")"
}

# Partition tables and file systems write something into the first or the last MiB, which are zero on an empty disk.
holds_data() {
  last=$(($(cat "/sys/block/$(basename "$disk")/size") / 2048 - 1))
  used=$({
    dd if="$disk" bs=1048576 count=1
    dd if="$disk" bs=1048576 skip="$last" count=1
  } 2>/dev/null | tr -d '\000' | head -c 1 | wc -c)
  [ "$used" -gt 0 ]
}

# What went over the wire since the download began, in hundredths of the image; 99 until it is really done.
progress() {
  received=/sys/class/net/$interface/statistics/rx_bytes
  total=$(image_bytes "$image_url")
  begin=$(cat "$received")
  while sleep 3; do
    percent=$((($(cat "$received") - begin) * 100 / ${total:-1}))
    [ "$percent" -gt 99 ] && percent=99
    post "$bootstrapper/api/v1/report/$mac" "state=installing&progress=$percent" >/dev/null
  done
}

run_installer() {
  set -- -d "$disk" -b 'http://10.0.0.1/stable' -V 'current' -c "$work/config"
  reason='flatcar-install failed; its own message is on the console'
  flatcar-install "$@"
}

fetch_config() {
  reason='cannot fetch the configuration'
  (umask 077 && fetch "$bootstrapper/cloud-config/$mac" >"$work/config")
}

# For the inventory; nothing here depends on it.
tell_facts() {
  fetch "$bootstrapper/facts.sh" >"$work/facts.sh" && sh "$work/facts.sh" "$mac"
}

interface=$(interface_with_mac) || fail "this script is for $mac, which is not an address of this machine"
tell_facts || say 'the bootstrapper was not told what is in this machine'
disk=$(pick_disk) || fail "there is no disk of at least 8000000000 bytes: $(disks | tr '\n' ' ')"
[ -b "$disk" ] || fail "$disk is not a disk of this machine: $(disks | tr '\n' ' ')"

data=no
holds_data && data=yes
say "installing on $disk ($(disk_identity))"
report "state=installing&disk=$(form "$(disk_identity)")&disk_holds_data=$data"

try fetch_config || fail "$reason"
progress &
watcher=$!
try run_installer || { kill "$watcher"; fail "$reason"; }
kill "$watcher"

rm -rf "$work/config"
report 'state=installed'
say 'installed; restarting from the disk'
systemctl reboot 2>/dev/null || reboot -f
