#!/bin/sh
# Runs a program in a Debian that is a folder, as root: inside.sh ROOT PROGRAM ARGUMENTS…
# HALO_RUN names a folder that takes what is written there, so that ROOT stays as it is, and HALO_LAYERS folders that lie over ROOT
# (parted by colons; the first on top). No part is mounted beside them: Wine takes what is for a reparse point. The mounts and
# processes are of a namespace of their own: with the program they are gone, whatever ended it, and nothing of this machine is ever
# mounted where somebody may delete the folder.
set -eu
if [ "${1:-}" != --mounted ]; then
  exec unshare --mount --propagation private --pid --fork --kill-child -- "$0" --mounted "$@"
fi
root=$2
shift 2
if [ -n "${HALO_RUN:-}" ]; then
  mkdir -p "$HALO_RUN/written" "$HALO_RUN/overlay" "$HALO_RUN/root"
  mount -t overlay overlay -o "lowerdir=${HALO_LAYERS:+$HALO_LAYERS:}$root,upperdir=$HALO_RUN/written,workdir=$HALO_RUN/overlay" "$HALO_RUN/root"
  root=$HALO_RUN/root
fi
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
for file in resolv.conf hosts; do cp "/etc/$file" "$root/etc/$file"; done
exec chroot "$root" "$@"
