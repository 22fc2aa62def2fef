#!/bin/sh
# Rendered by bootstrapper from cluster-desc.yml for control-1 (52:54:00:10:10:11); your own: templates/install.sh.template.
# Runs in the live system. Safe to run again: it begins from the start, on the same disk.
set -u

bootstrapper='http://10.10.10.1'
mac='52:54:00:10:10:11'
install_disk=''
image_url='http://10.10.10.1/stable/current/flatcar_production_image.bin.bz2'
teller=
work=$(mktemp -d) || exit 1

say() {
  echo "bootstrapper: $*"
}

if command -v curl >/dev/null 2>&1; then
  # A server that has lost its power says nothing, and would be waited for for ever.
  fetch() { curl -fsS --retry 5 --retry-delay 2 --connect-timeout 10 --speed-limit 1 --speed-time 60 "$1"; }
  post() { curl -sS --max-time 20 -o "$work/answer" -w '%{http_code}' --data "$2" "$1"; }
  headers() { curl -fsSI --max-time 20 "$1" | tr -d '\r'; }
else
  # No wget -T: Debian's busybox is built without it, and crashes.
  fetch() { wget -q -O - "$1"; }
  post() {
    timeout 20 wget -O "$work/answer" --post-data "$2" "$1" 2>"$work/answer.error" && echo 200 && return
    sed -n 's|.*HTTP/[0-9.]* \([0-9]*\).*|\1|p' "$work/answer.error"
  }
  headers() { timeout 20 wget -q -S --spider "$1" 2>&1 | tr -d '\r'; }
fi

# header NAME URL
header() {
  headers "$2" | awk -v name="$1:" 'tolower($1) == name { $1 = ""; print; exit }'
}

# A form value: whatever needs no escape stays, the rest becomes a dash.
form() {
  printf %s "$*" | tr -c "A-Za-z0-9._/:=,'-" '+' | tr -d '\n'
}

# What is in this machine may say why it cannot be installed, so that is told first.
give_up() {
  trap - EXIT
  [ -z "$teller" ] || wait "$teller"
  exit 1
}

# Tells the bootstrapper, and does not go on before it has been heard: what comes next may rely on it.
report() {
  while :; do
    status=$(post "$bootstrapper/api/v1/report/$mac" "$1")
    case $status in
      2??) return ;;
      429) ;;
      4??)
        say "the bootstrapper refused $1 ($status): $(cat "$work/answer" 2>/dev/null)"
        give_up
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
  trap - EXIT
  say "FAILED: $*"
  report "state=failed&message=$(form "$*")"
  say 'The live system stays up for you to look. A restart tries again.'
  rm -rf "$work"
  give_up
}

# Whatever ends this script before its end.
trap 'fail "install.sh broke off; its last message is on the console"' EXIT

interface_with_mac() {
  for address in /sys/class/net/*/address; do
    [ "$(cat "$address" 2>/dev/null)" = "$mac" ] && basename "$(dirname "$address")" && return
  done
  return 1
}

# What the kernel says of a disk, by its name in /sys/block: sda, nvme0n1. That of /dev/cciss/c0d0 is cciss!c0d0.
attribute() {
  head -n 1 "/sys/block/$1/$2" 2>/dev/null
}

path_of() {
  echo "/dev/$1" | tr '!' /
}

# Kernels fill up with blanks, NVMe's to 20 characters.
tidy() {
  sed 's/  */ /g; s/^ //; s/ $//'
}

# In bytes.
size_of() {
  sectors=$(attribute "$1" size)
  case $sectors in '' | *[!0-9]*) sectors=0 ;; esac
  echo "$((sectors * 512))"
}

# How the disk is attached. scsi: whatever else calls itself that, such as the volumes of a RAID controller.
transport() {
  case $1 in
    rbd*) echo network ;;
    nvme*) # below its controller, or below a subsystem that has several (multipath) and no transport of its own
      case $(cat "/sys/block/$1/device/transport" "/sys/block/$1"/device/nvme[0-9]*/transport 2>/dev/null | grep -vx pcie) in
        '') echo nvme ;;
        *) echo network ;;
      esac
      ;;
    mspblk*) echo sd ;;
    mmcblk*)
      case $(attribute "$1" device/type) in SD*) echo sd ;; *) echo mmc ;; esac
      ;;
    *)
      case $(readlink -f "/sys/block/$1") in
        */virtual/*) echo virtual ;;
        */usb[0-9]*) echo usb ;;
        */fw[0-9]*) echo firewire ;;
        */rport-*) echo fc ;;
        */session[0-9]*) echo iscsi ;;
        */ata[0-9]*) echo sata ;;
        */end_device-*) echo sas ;;
        */virtio[0-9]*) echo virtio ;;
        *) echo scsi ;;
      esac
      ;;
  esac
}

# SATA and SAS disks have it in a page of binary data.
serial_of() {
  for file in serial device/serial; do
    attribute "$1" "$file" | tidy | grep . && return
  done
  tail -c +5 "/sys/block/$1/device/vpd_pg80" 2>/dev/null | tr -dc '\041-\176'
}

model_of() {
  attribute "$1" device/model | tidy
}

# As lsblk has it, without 0x.
wwn_of() {
  for file in wwid device/wwid; do
    attribute "$1" "$file" | sed -n -e 's/^naa\.//p' -e 's/^eui\.//p' | grep . && return
  done
}

# Serial number or size: by what the bootstrapper knows the disk again when the machine comes back.
disk_identity() {
  for file in wwid serial device/wwid device/serial dm/uuid; do
    identity=$(attribute "$1" "$file") && [ -n "$identity" ] && echo "$identity" && return
  done
  echo "$1:$(attribute "$1" size)"
}

# Names that udev gave the disk, below /dev/disk; not those of what is on it.
links_of() {
  find -L /dev/disk -samefile "$(path_of "$1")" 2>/dev/null | sed 's|^/dev/disk/||' | grep -Ev '^by-(label|uuid|part[a-z]*)/'
}

# The disks that are worth a word: with a medium, and neither a drive for media nor a part of this system's memory.
disks() {
  for device in /sys/block/*; do
    case ${device##*/} in
      '*' | loop* | ram* | zram* | pmem* | sr* | fd* | mtdblock* | mmcblk*boot* | mmcblk*rpmb*) continue ;;
    esac
    [ "$(attribute "${device##*/}" hidden)" != 1 ] && [ "$(size_of "${device##*/}")" -gt 0 ] && echo "${device##*/}"
  done
}

# Who uses a disk or one of its partitions, so that nobody else may write to it; nothing where nobody does.
user_of() {
  for part in "/sys/block/$1" "/sys/block/$1/$1"*; do
    [ -e "$part" ] || continue
    for holder in "$part"/holders/* "$part"/bcache; do
      [ -e "$holder" ] && echo "is part of $(basename "$holder")" && return
    done
    # A file system of several devices is mounted by the name of one of them.
    for device in /sys/fs/btrfs/*/devices/"${part##*/}"; do
      [ -e "$device" ] && echo 'is part of a mounted btrfs' && return
    done
    node=$(path_of "${part##*/}")
    mounted=$(awk -v number="$(cat "$part/dev" 2>/dev/null)" '$3 == number { print $5; exit }' /proc/self/mountinfo)
    [ -n "$mounted" ] || mounted=$(awk -v node="$node" '$1 == node { print $2; exit }' /proc/mounts)
    [ -n "$mounted" ] && echo "is mounted at $mounted" && return
    awk -v node="$node" '$1 == node { found = 1 } END { exit !found }' /proc/swaps 2>/dev/null && echo 'is swap space' && return
  done
}

# A disk that is there twice is reached by two paths; writing to one of them goes behind the back of multipath.
has_another_path() {
  wwid=$(attribute "$1" device/wwid)
  [ -n "$wwid" ] || return
  grep -lxF -e "$wwid" /sys/block/*/device/wwid 2>/dev/null | cut -d / -f 4 | grep -vxF -e "$1" | sed 's/^/is the same disk as /;q'
}

# Why a disk takes no operating system unless somebody asks for just this one ($2 is "asked"); nothing where it may.
unfit() {
  case ${2:-}$(transport "$1") in
    usb | firewire) echo 'is attached from outside (USB or FireWire)' ;;
    sd) echo 'is an SD card' ;;
    fc | iscsi | network) echo 'is in the network' ;;
    *virtual) echo 'is not hardware' ;;
    sas | scsi | askedsas | askedscsi) has_another_path "$1" ;;
  esac
}

# Why a disk takes no operating system, whoever asks; nothing where it may.
unusable() {
  if [ ! -b "$(path_of "$1")" ]; then
    echo "has no $(path_of "$1")"
  elif [ "$(attribute "$1" ro)" = 1 ]; then
    echo 'is read-only'
  elif [ "$(attribute "$1" queue/zoned)" = host-managed ]; then
    echo 'is host-managed: its zones take data in sequence alone (SMR, ZNS)'
  else
    user_of "$1"
  fi
}


# Each disk of this machine that is not written, and why.
passed_over=

pass_over() {
  passed_over="$passed_over${passed_over:+; }$*"
}

# A disk that multipath made is one; its partitions, and volumes, show themselves by the names that their makers give them.
part_of_device_mapper() {
  case $(attribute "$1" dm/uuid) in
    part[0-9]*-*) echo 'a partition' ;;
    LVM-* | CRYPT-* | VDO-* | stratis-*) echo 'a volume' ;;
    *) return 1 ;;
  esac
}

# Sets $disk and $name, its name in sysfs. Whole disks take a system; partitions and other files do not.
take_named_disk() {
  disk=$(readlink -f "$install_disk") && [ -b "$disk" ] || disk=$install_disk
  name=$(echo "${disk#/dev/}" | tr / '!')
  if [ ! -b "$disk" ]; then
    reason='is not a disk of this machine'
  elif [ -e "/sys/class/block/$name/partition" ]; then
    reason='is a partition, expected the whole disk'
  elif part=$(part_of_device_mapper "$name"); then
    reason="is $part, expected the whole disk"
  elif [ "$(size_of "$name")" = 0 ]; then
    reason='has no size: it is not a disk, or has no medium'
  else
    reason=$(unusable "$name")
  fi
  [ -z "$reason" ] && return
  reason="$install_disk $reason; disks of this machine: $(disks | tr '\n' ' ')"
  return 1
}

# The same for the smallest disk that is large enough, of equal ones the first by name.
take_smallest_disk() {
  name=
  for candidate in $(disks); do
    size=$(size_of "$candidate")
    unfit=$(unfit "$candidate")
    [ -n "$unfit" ] || unfit=$(unusable "$candidate")
    [ -n "$unfit" ] || [ "$size" -ge 8000000000 ] || unfit="is too small ($size bytes)"
    if [ -n "$unfit" ]; then
      pass_over "$candidate $unfit"
    elif [ -z "$name" ] || [ "$size" -lt "$smallest" ]; then
      name=$candidate smallest=$size
    fi
  done
  disk=$(path_of "$name")
  reason="there is no disk of at least 8000000000 bytes: ${passed_over:-none at all}"
  [ -n "$name" ]
}

take_disk() {
  if [ -n "$install_disk" ]; then take_named_disk; else take_smallest_disk; fi
}

# Partition tables, file systems and RAID write something into the first or the last MiB, which are zero on an empty disk. The
# last one rarely begins at a whole MiB. What cannot be read may be anything.
holds_data() {
  end=$(($(size_of "$name") / 512))
  sectors=$((end < 2048 ? end : 2048))
  {
    dd if="$disk" bs=512 count="$sectors"
    dd if="$disk" bs=512 count="$sectors" skip="$((end - sectors))"
  } >"$work/ends" 2>/dev/null
  if [ "$sectors" = 0 ] || [ "$(wc -c <"$work/ends")" != "$((sectors * 1024))" ]; then return 0; fi
  [ "$(tr -d '\000' <"$work/ends" 2>/dev/null | head -c 1 | wc -c)" -gt 0 ]
}

# What went over the wire since the download began, in hundredths of the image; 99 until it is really done.
progress() {
  received=/sys/class/net/$interface/statistics/rx_bytes
  total=$(header content-length "$image_url" | tr -d ' ')
  begin=$(cat "$received")
  while sleep 3; do
    percent=$((($(cat "$received") - begin) * 100 / ${total:-1}))
    [ "$percent" -gt 99 ] && percent=99
    post "$bootstrapper/api/v1/report/$mac" "state=installing&progress=$percent" >/dev/null
  done
}

run_installer() {
  set -- -d "$disk" -b 'http://10.10.10.1/stable' -V 'current' -c "$work/config"
  reason='flatcar-install failed; its own message is on the console'
  flatcar-install "$@"
}

fetch_config() {
  reason='cannot fetch the configuration'
  (umask 077 && fetch "$bootstrapper/cloud-config/$mac" >"$work/config")
}

# seconds_of DATE...: since 1970, of a date as HTTP has it (RFC 9110, 5.6.7); nothing for another. Not every date(1) reads one.
seconds_of() {
  echo "$*" | awk 'NF == 6 && length($0) == 29 && $2 $4 ~ /^[0-9]+$/ && $5 ~ /^[0-9:]+$/ && $6 == "GMT" && split($5, time, ":") == 3 {
    month = (index("JanFebMarAprMayJunJulAugSepOctNovDec", $3) + 2) / 3
    year = month < 3 ? $4 - 1 : $4
    days = 365 * year + int(year / 4) - int(year / 100) + int(year / 400) + int((153 * ((month + 9) % 12) + 2) / 5) + $2 - 719469
    printf "%.0f", days * 86400 + time[1] * 3600 + time[2] * 60 + time[3]
  }'
}

# Somebody better keeps the clock.
is_synchronised() {
  [ -e /run/systemd/timesync/synchronized ] || [ "$(timedatectl show --property NTPSynchronized --value 2>/dev/null)" = yes ]
}

# set_clock DATE...: certificates are valid from a moment on, so a clock that is behind is put forward to the bootstrapper's; never
# back, and never once a time server has set it. Sets $clock_ahead to the seconds by which it is ahead, where those are many.
set_clock() {
  clock_ahead=
  theirs=$(seconds_of "$@")
  ours=$(date +%s)
  [ -n "$theirs" ] || return 0
  if [ "$((theirs - ours))" -gt 60 ] && ! is_synchronised; then
    echo "the clock is $((theirs - ours)) seconds behind the bootstrapper's, and is put forward"
    date -u -s "@$theirs" >/dev/null || echo 'it cannot be set'
  elif [ "$((ours - theirs))" -gt 60 ]; then
    clock_ahead=$((ours - theirs))
    echo "the clock is $clock_ahead seconds ahead of the bootstrapper's: one of the two is wrong"
  fi
}


# A JSON string, or null for an empty one; what could end the string is left out.
quoted() {
  value=$(printf %s "$1" | tr -dc 'A-Za-z0-9 ._:/()+,@#=!-' | tidy)
  if [ -n "$value" ]; then printf '"%s"' "$value"; else printf null; fi
}

text() {
  quoted "$(head -n 1 "$1" 2>/dev/null)"
}

# A whole number, 0 where there is none.
number() {
  case ${1:-x} in
    *[!0-9]*) printf 0 ;;
    *) printf %s "$1" ;;
  esac
}

between() {
  [ "$first" = yes ] || printf ,
  first=no
}

rotational() {
  case $(attribute "$1" queue/rotational) in 1) echo true ;; 0) echo false ;; *) echo null ;; esac
}

links() {
  first=yes
  for link in $(links_of "$1"); do
    between
    quoted "$link"
  done
}

disk_facts() {
  first=yes
  for disk in $(disks); do
    [ "$(transport "$disk")" != virtual ] || continue
    between
    printf '{"name":%s,"size":%s,"model":%s,"serial":%s,"wwn":%s,"transport":%s,"rotational":%s,"links":[%s]' \
      "$(quoted "$disk")" "$(size_of "$disk")" "$(quoted "$(model_of "$disk")")" "$(quoted "$(serial_of "$disk")")" \
      "$(quoted "$(wwn_of "$disk")")" "$(quoted "$(transport "$disk")")" "$(rotational "$disk")" "$(links "$disk")"
    printf ',"unfit":%s,"unusable":%s}' "$(quoted "$(unfit "$disk")")" "$(quoted "$(unusable "$disk")")"
  done
}

# Ethernet cards of the hardware: virtual ones have no device behind them.
nics() {
  first=yes
  for card in /sys/class/net/*; do
    [ -e "$card/device" ] || continue
    [ "$(cat "$card/type")" = 1 ] || continue
    link=false
    [ "$(cat "$card/carrier" 2>/dev/null)" = 1 ] && link=true
    between
    printf '{"name":"%s","mac":%s,"link":%s}' "$(basename "$card")" "$(text "$card/address")" "$link"
  done
}

# Only where the live system has ipmitool and its driver.
bmc() {
  ipmitool lan print 2>/dev/null | sed -n 's/^IP Address  *: *//p' | grep -v '^0\.0\.0\.0$' | head -n 1
}

# As JSON.
what_is_in_this_machine() {
  dmi=/sys/class/dmi/id
  printf '{"cpus":%s,"memory":%s,"vendor":%s,"product":%s,"serial":%s,"uuid":%s' "$(grep -c '^processor' /proc/cpuinfo)" \
    "$(($(number "$(sed -n 's/^MemTotal: *\([0-9]*\) .*/\1/p' /proc/meminfo)") * 1024))" "$(text $dmi/sys_vendor)" \
    "$(text $dmi/product_name)" "$(text $dmi/product_serial)" "$(text $dmi/product_uuid)"
  printf ',"bmc":%s,"disks":[%s],"nics":[%s]}' "$(quoted "$(bmc)")" "$(disk_facts)" "$(nics)"
}

# send_facts URL JSON: prints the status of the answer, and none where there was none.
if command -v curl >/dev/null 2>&1; then
  send_facts() {
    curl -sS -o /dev/null -w '%{http_code}' --max-time 20 -H 'Content-Type: application/json' --data "$2" "$1"
  }
else
  # busybox' wget calls it a form, whatever it is.
  send_facts() {
    error=$(timeout 20 wget -O /dev/null --post-data "$2" "$1" 2>&1) && echo 200 && return
    echo "$error" | sed -n 's|.*HTTP/[0-9.]* \([0-9]*\).*|\1|p'
  }
fi

# tell_facts: ten times, for some minutes. The pauses grow, and each machine's are others: those of a rack that were not heard
# together are not to come again together.
tell_facts() {
  facts=$(what_is_in_this_machine)
  pause=4
  for attempt in 1 2 3 4 5 6 7 8 9 10; do
    status=$(send_facts "$bootstrapper/api/v1/report/$mac/facts" "$facts")
    case $status in
      2??) return ;;
      429) ;;
      4??) break ;;
    esac
    [ "$attempt" = 10 ] && break
    random=$(tr -dc 0-9 </dev/urandom | head -c 2)
    sleep $((pause / 2 + 1$random % 100 * pause / 200))
    [ "$pause" -ge 32 ] || pause=$((pause * 2))
  done
  echo "bootstrapper: it was not told what is in this machine (${status:-no answer})"
  return 1
}


interface=$(interface_with_mac) || fail "this script is for $mac, which is not an address of this machine"
# shellcheck disable=SC2046
set_clock $(header date "$bootstrapper/healthz")
# For the inventory: the installation neither waits for it nor fails by it.
tell_facts &
teller=$!
take_disk || fail "$reason"
[ -z "$passed_over" ] || say "passed over: $passed_over"

data=no
holds_data && data=yes
say "installing on $disk ($(disk_identity "$name"))"
report "state=installing&disk=$(form "$(disk_identity "$name")")&disk_holds_data=$data${clock_ahead:+&clock_ahead=$clock_ahead}"

try fetch_config || fail "$reason"
progress &
watcher=$!
try run_installer || { kill "$watcher"; fail "$reason"; }
kill "$watcher"

rm -rf "$work/config"
report 'state=installed'
trap - EXIT
say 'installed; restarting from the disk'
systemctl reboot 2>/dev/null || reboot -f
