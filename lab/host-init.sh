#!/bin/sh
# First process of a lab host: gives the host a private view of the file system, then waits. It runs inside mount, pid, ipc and uts
# namespaces of its own, so everything here vanishes with it. Arguments: work folder of the lab, name of the host.
# Daemons may write to /etc, /var, /run and /tmp as they please: they write to memory, never to this machine.
set -eu
work=$1
host=$2
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/.lab/work
mount --bind "$work" /run/.lab/work
for folder in etc var; do
  mkdir -p "/run/.lab/$folder/upper" "/run/.lab/$folder/work"
  mount -t overlay overlay -o "lowerdir=/$folder,upperdir=/run/.lab/$folder/upper,workdir=/run/.lab/$folder/work" "/$folder"
done
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mkdir -p "$work"
mount --bind /run/.lab/work "$work"
mkdir -p /run/lock /run/sshd /run/rpcbind /run/samba /run/vsftpd/empty /tmp/.X11-unix
chmod 1777 /run/lock /tmp/.X11-unix
hostname "$host"
echo ready > "$work/hosts/$host/ready"
trap 'exit 0' TERM
# The shell reaps what daemons leave behind, as an init does.
while :; do
  sleep 3600 &
  wait
done
