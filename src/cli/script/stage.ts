import { shell } from "./shell-text.ts";

/** Where the sandbox keeps what is Ferrule's own. */
export const OWN = "/.ferrule";

/** Requests that may be under way at once; one more is told that there are too many. */
export const SLOTS = 64;

/** Folders of the machine that a script sees, all of them for reading only. Homes, mounts, sockets and devices are not among them. */
export const SYSTEM_FOLDERS: readonly string[] = [
  "bin",
  "sbin",
  "lib",
  "lib32",
  "lib64",
  "libx32",
  "usr",
  "etc",
  "opt",
  "var",
  "boot",
  "srv",
  "nix",
  "gnu",
];

/**
 * The program that furnishes the sandbox and runs the script in it, for /bin/sh. It starts in fresh namespaces with all capabilities in them
 * and no user ids; it says `born` on descriptor 4 and waits for a line on descriptor 3, so that ids can be mapped, and again after `open`, so
 * that the queue can be opened from outside. Arguments: the script's folder or nothing, its path where the folder is not shown or nothing, the words for prlimit, `--`, the words for setpriv,
 * `--`, the script's command line. No word of them is ever read as shell text.
 */
export const STAGE: string = shell`
set -u
umask 022
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin
folder=$1
file=$2
shift 2
new=/sys
own=${OWN}
fail() { printf 'fail %s\n' "$*" >&4; exit 1; }
try() { said=$("$@" 2>&1) || fail "$1: $said"; }
printf 'born\n' >&4
read -r _ <&3 || exit 1

# A root of its own: an empty one in memory, the system's folders bound into it.
try mount -t tmpfs -o mode=755,size=16m,nr_inodes=32k ferrule $new
for name in ${SYSTEM_FOLDERS.join(" ")}; do
  if [ -L "/$name" ]; then try cp -P "/$name" "$new/$name"
  elif [ -d "/$name" ]; then try mkdir "$new/$name"; try mount --rbind "/$name" "$new/$name"
  fi
done
for name in dev proc sys run tmp home root mnt media .ferrule .old; do try mkdir -p "$new/$name"; done
try mount -t proc -o nosuid,nodev,noexec proc $new/proc
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs $new/sys 2>/dev/null
try mount -t tmpfs -o mode=755,size=64k,nr_inodes=64,nosuid,noexec ferrule $new/dev
for name in null zero full random urandom; do
  : > $new/dev/$name
  try mount --bind /dev/$name $new/dev/$name
done
ln -s /proc/self/fd $new/dev/fd; ln -s fd/0 $new/dev/stdin; ln -s fd/1 $new/dev/stdout; ln -s fd/2 $new/dev/stderr
mkdir $new/dev/shm

# Places to write to, each in memory and small.
private() { try mount -t tmpfs -o mode=1777,size=16m,nr_inodes=4k,nosuid,nodev ferrule "$new$1"; }
private /tmp; private /run; private /dev/shm
[ -d $new/var/log ] && private /var/log
[ -d $new/var/tmp ] && private /var/tmp
[ -d $new/var/run ] && [ ! -L $new/var/run ] && private /var/run
[ -d $new/var/lock ] && [ ! -L $new/var/lock ] && private /var/lock
mkdir -p $new/run/lock/subsys
if [ -n "$folder" ]; then
  mkdir -p "$new$folder" 2>/dev/null
  try mount --rbind "$folder" "$new$folder"
fi
cd $new || fail "cd $new"
try pivot_root . .old
try umount -l /.old
rmdir /.old

# The queue between the shims and Ferrule: requests (i) may be written by the script, answers and pipes (o) only read.
mkdir $own/q $own/i $own/o $own/bin $own/real
try mount -t tmpfs -o mode=755,size=96m,nr_inodes=4k,nosuid,nodev,noexec ferrule $own/q
mkdir $own/q/i $own/q/o
slots=
n=0
while [ $n -lt ${SLOTS} ]; do
  slots="$slots $own/q/o/$n"
  : > $own/q/o/$n.out; : > $own/q/o/$n.err
  n=$((n + 1))
done
: > $own/q/o/script
: > $own/q/o/network
: > $own/q/o/functions
for name in tool nothing logger lsmod sysctl sudo at; do : > $own/q/o/$name; chmod 755 $own/q/o/$name; done
try mkfifo $slots $own/q/o/door $own/q/o/voice
try mount -t tmpfs -o mode=755,size=1m,nr_inodes=4k,nosuid,nodev ferrule $own/bin
printf 'open\n' >&4
read -r names <&3 || exit 1
read -r libraries <&3 || exit 1
try mount --bind $own/q/i $own/i
try mount --bind $own/q/o $own/o
for name in tool nothing logger lsmod sysctl sudo at; do cat $own/o/$name > $own/bin/$name; chmod 755 $own/bin/$name; done
ln -s tool $own/bin/setting
try umount -l $own/q
if [ -n "$file" ]; then
  mkdir -p "\${file%/*}/"
  cat $own/o/script > "$file" || fail "$file"
fi

# The shims stand in for the programs of their names, wherever these are or would be looked for.
farms=' '
farm() {
  [ -d "$1" ] || return 0
  real=$(cd -P "$1" && pwd) || return 0
  case $farms in *" $real "*) return 0 ;; esac
  farms="$farms$real "
  keep=$own/real$real
  mkdir -p "$keep"
  try mount --rbind "$real" "$keep"
  try mount -t tmpfs -o mode=755,size=4m,nr_inodes=16k,nosuid,nodev ferrule "$real"
  [ -n "$(ls -A "$keep")" ] && PATH=$keep:$PATH ln -s "$keep"/* "$real/"
  for pair in $names; do PATH=$keep:$PATH ln -sfn "$own/bin/\${pair#*=}" "$real/\${pair%%=*}"; done
}
farm /usr/sbin
farm /sbin
farm /usr/local/sbin
for place in /usr/bin /bin /usr/local/bin; do
  real=$(cd -P "$place" 2>/dev/null && pwd) || continue
  case $farms in *" $real "*) continue ;; esac
  for pair in $names; do
    name=$real/\${pair%%=*}
    [ -f "$name" ] && [ ! -L "$name" ] && try mount --bind "$own/bin/\${pair#*=}" "$name"
  done
done

# Libraries that the machine lacks, each in a layer of its own.
for library in $libraries; do
  mkdir -p "$own/real/layer$library"
  rmdir "$own/real/layer$library"
  cat $own/o/functions > "$own/real/layer$library"
done

# From here on nothing can be written but the private places.
while read -r _ _ _ _ point flags _; do
  case $point in
    /dev/* | /proc | /proc/* | /sys | /sys/* | /tmp | /run | /var/log | /var/tmp | /var/run | /var/lock | $own/i) continue ;;
    *\\*) point=$(printf '%b' "$(printf '%s\n' "$point" | sed 's/\\/\\0/g')") ;;
  esac
  try mount -o "remount,bind,ro\${flags#r?},nosuid,nodev" none "$point"
done < /proc/self/mountinfo

# The layers are laid over the folders that exist. Where the kernel cannot do that, the library stays missing.
for library in $libraries; do
  place=\${library%/*}
  while [ ! -d "$place" ]; do place=\${place%/*}; done
  [ -n "$place" ] || continue
  real=$(cd -P "$place" && pwd)
  mount -t overlay -o "ro,nosuid,nodev,lowerdir=$own/real/layer$place:$real" ferrule "$real" 2>/dev/null
done

# What root may read and no script needs to.
for secret in /etc/shadow /etc/shadow- /etc/gshadow /etc/gshadow- /etc/ssl/private/* /etc/ssh/ssh_host_*_key; do
  [ -f "$secret" ] && [ -r "$secret" ] && try mount -o bind,nodev,nosuid,noexec /dev/null "$secret"
done
echo 0 > /proc/sys/user/max_user_namespaces 2>/dev/null || fail 'the number of nested namespaces cannot be limited'
ip link set lo up 2>/dev/null

# What the machine's network is, before and after.
part() { printf 'part %s\n' "$1" >&4; shift; "$@" 2>/dev/null | sed 's/^/ /' >&4; }
settings() {
  grep -s . /proc/sys/net/ipv4/ip_* /proc/sys/net/ipv4/icmp_* /proc/sys/net/ipv4/fwmark_* /proc/sys/net/ipv4/conf/*/* \
    /proc/sys/net/ipv6/fwmark_* /proc/sys/net/ipv6/icmp/* /proc/sys/net/ipv6/conf/*/* /proc/sys/net/netfilter/nf_conntrack_* \
    /proc/sys/net/bridge/*
}
network() {
  part $1-addresses ip -d -j addr show
  part $1-routes4 ip -j -4 route show table all
  part $1-routes6 ip -j -6 route show table all
  part $1-rules4 ip -j -4 rule
  part $1-rules6 ip -j -6 rule
}
[ -s $own/o/network ] && ip -force -batch $own/o/network > /dev/null 2>&1
network before
part before settings
cd "\${folder:-\${file%/*}/}" || cd /tmp
unset OLDPWD
printf 'run\n' >&4
setsid --wait prlimit "$@" < /dev/null > $own/o/voice 2>&1 3>&- 4>&-
printf 'end %s\n' $? >&4
cd /
part after settings
network after
printf 'done\n' >&4
`;
