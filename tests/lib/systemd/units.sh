# shellcheck shell=bash
# shellcheck disable=SC2154 # machines.sh sets them
# What can be seen without a program of Kubernetes. Sourced by tests/vm-systemd.

for machine in "$control" "$worker"; do check "$(host_name "$machine") is switched on" switch_on "$machine"; done
for machine in "$control" "$worker"; do install_machine "$machine"; done
for machine in "$control" "$worker"; do
    look_at "$machine" systemd-sysext.service
    check "systemd has nothing to say to them" units_are_right "$machine"
    check "containerd asks nobody but the bootstrapper for images" within 60 asks_nobody_else "$machine"
    check "the timer for certificates waits for its hour" timer_waits "$machine"
done
check "etcd is healthy" within 60 etcd_is_healthy
check "and has a scope of systemd's" has_scope_of_etcd

check "a next root is made" rotate_ca
for machine in "$control" "$worker"; do
    check "the timer of $(host_name "$machine") elapses, and its service believes it" \
        timer_renews "$machine" 'other roots are believed'
done
check "the next root signs" rotate_ca --switch --force
for machine in "$control" "$worker"; do
    check "the timer of $(host_name "$machine") elapses, and its service has certificates issued anew" \
        timer_renews "$machine" 'renewed kubelet-serving'
done
check "etcd is healthy" within 60 etcd_is_healthy

for machine in "$control" "$worker"; do
    timed "$(host_name "$machine") loses power, and comes back" start_again "$machine" || exit 1
done
for machine in "$control" "$worker"; do look_at "$machine"; done
check "etcd is healthy" within 60 etcd_is_healthy
