import type { Variant } from "../../syntax/index.ts";
import { FUNCTION_FILES } from "./functions.ts";
import { shell } from "./shell-text.ts";
import { OWN, SLOTS } from "./stage.ts";

/** What stands in for a program inside the sandbox. */
export type Stand = "tool" | "nothing" | "logger" | "lsmod" | "sysctl" | "sudo";

const VARIANTS = ["", "-legacy", "-nft"];
const RULE_TOOLS = ["iptables", "ip6tables"].flatMap(tool =>
  VARIANTS.flatMap(variant => ["", "-save", "-restore"].map(job => `${tool}${variant}${job}`)),
);

/** Programs that would change the kernel's packet filter in ways that Ferrule does not follow; each call is refused and told. */
export const REFUSED: readonly string[] = ["nft", "ebtables", "arptables"].flatMap(tool =>
  [tool, ...(tool === "nft" ? [] : ["-legacy", "-nft", "-save", "-restore"].map(rest => tool + rest))].concat(),
);

/** Which program is stood in for by what. */
export const STANDS: Readonly<Record<string, Stand>> = Object.fromEntries([
  ...[...RULE_TOOLS, "iptables-xml", "xtables-nft-multi", "xtables-legacy-multi", "ipset", ...REFUSED].map((name): [string, Stand] => [
    name,
    "tool",
  ]),
  ...["modprobe", "insmod", "rmmod", "depmod"].map((name): [string, Stand] => [name, "nothing"]),
  ["logger", "logger"],
  ["lsmod", "lsmod"],
  ["sysctl", "sysctl"],
  ["sudo", "sudo"],
  ["doas", "sudo"],
]);

/**
 * Sends the words of the command, each ended by a NUL, and takes the answer. A request is a file of its own: to make it anew where there is
 * none is to own that slot until the last line gives it back, so that commands at the same time never mix. Only builtins run on the
 * way of a command that prints nothing.
 */
const TOOL = shell`#!/bin/sh
PATH=/usr/bin:/bin
d=${OWN}
name=$0
while :; do case $name in */*) name=\${name#*/} ;; *) break ;; esac; done
case $name in xtables-*-multi) name=\${1-}; [ $# -gt 0 ] && shift ;; esac
loud=quiet
[ /dev/fd/2 -ef $d/o/voice ] && loud=loud
n=$(($$ % ${SLOTS}))
tried=0
set -C
until { printf '%s\0' "\${FERRULE_AT-}" $loud "$name" "$@" > $d/i/$n; } 2>/dev/null; do
  n=$(((n + 1) % ${SLOTS}))
  tried=$((tried + 1))
  [ $((tried % ${SLOTS})) -eq 0 ] && sleep 0.1
  if [ $tried -gt ${SLOTS * 100} ]; then
    echo "$name: no more commands can run at the same time" >&2
    exit 4
  fi
done
set +C
takes=
file=
case $name in
  *-restore | iptables-xml)
    takes=yes
    for word; do case $word in -*) ;; *) [ -r "$word" ] && file=$word ;; esac; done ;;
  ipset)
    option=
    for word; do
      case $option in -f | -fi* | --fi*) [ -r "$word" ] && file=$word ;; esac
      case $word in res* | -R | --res*) takes=yes ;; esac
      option=$word
    done ;;
esac
if [ -n "$takes" ]; then
  if [ -d "$file" ]; then : > $d/i/$n.file
  elif [ -n "$file" ]; then cat -- "$file" > $d/i/$n.file
  else cat > $d/i/$n.in
  fi
fi
echo $n > $d/o/door
read -r status more < $d/o/$n
case $more in
  f)
    IFS= read -r into < $d/o/$n.err
    if ! { cat $d/o/$n.out > "\${into}"; } 2>/dev/null; then
      status=1
      why='No such file or directory'
      case $into in */*) [ -d "\${into%/*}/" ] && why='Read-only file system' ;; esac
      case $name in
        ipset) echo "ipset v7.17: Cannot open $into for writing: $why" ;;
        *) echo "Failed to open file, error: $why" ;;
      esac >&2
    fi ;;
esac
case $more in *o*) cat $d/o/$n.out ;; esac
case $more in *e*) cat $d/o/$n.err >&2 ;; esac
echo -$n > $d/o/door
exit $status
`;

const LOGGER = `#!/bin/sh
[ -p /dev/stdin ] && /bin/cat > /dev/null
exit 0
`;

const LSMOD = `#!/bin/sh
echo 'Module                  Size  Used by'
[ -r /proc/modules ] || exit 0
while read -r name size used by rest; do
  printf '%-19s %8s  %s %s\\n' "$name" "$size" "$used" "$by"
done < /proc/modules
`;

/** Runs what it is given as it is: whoever runs the script is root in here. */
const SUDO = shell`#!/bin/sh
while [ $# -gt 0 ]; do
  case $1 in
    --) shift; break ;;
    -[ugpCUhrtT]) shift; [ $# -gt 0 ] && shift ;;
    -*) shift ;;
    [A-Za-z_]*=*) export "$1"; shift ;;
    *) break ;;
  esac
done
[ $# -gt 0 ] || exit 1
exec "$@"
`;

/**
 * Settings of the network are set in the sandbox's own network, and told to Ferrule where that kernel has no place for them; others
 * seem to be set.
 */
const SYSCTL = shell`#!/bin/sh
keep=$PATH
PATH=/usr/bin:/bin
quiet= bare= ignore= rc=0 asked=
path_of() { case $1 in */*) path=$1 ;; *) path=$(printf '%s' "$1" | tr . /) ;; esac; }
show() { [ -n "$quiet" ] || if [ -n "$bare" ]; then printf '%s\n' "$2"; else printf '%s = %s\n' "$1" "$2"; fi; }
put() {
  path_of "$1"
  case $path in
    *..*) echo "sysctl: cannot stat /proc/sys/$path: No such file or directory" >&2; rc=255; return ;;
    net/*) ;;
    *) show "$1" "$2"; return ;;
  esac
  if { printf '%s\n' "$2" > "/proc/sys/$path"; } 2>/dev/null; then show "$1" "$2"; return; fi
  case $path in
    net/netfilter/* | net/ipv4/netfilter/* | net/bridge/* | net/nf_conntrack_*) ${OWN}/bin/setting "$path=$2"; show "$1" "$2"; return ;;
  esac
  if [ -e "/proc/sys/$path" ]; then
    echo "sysctl: setting key \"$1\": Invalid argument" >&2
    rc=255
    return
  fi
  [ -n "$ignore" ] || { echo "sysctl: cannot stat /proc/sys/$path: No such file or directory" >&2; rc=255; }
}
get() {
  path_of "$1"
  if value=$(cat "/proc/sys/$path" 2>/dev/null); then show "$1" "$value"
  else [ -n "$ignore" ] || { echo "sysctl: cannot stat /proc/sys/$path: No such file or directory" >&2; rc=255; }
  fi
}
load() {
  [ -r "$1" ] || { echo "sysctl: cannot open \"$1\": No such file or directory" >&2; rc=255; return; }
  while IFS= read -r line || [ -n "$line" ]; do
    line=$(printf '%s\n' "$line" | sed 's/^[[:blank:]-]*//; s/[[:blank:]]*$//; s/[[:blank:]]*=[[:blank:]]*/=/')
    case $line in '' | '#'* | ';'*) ;; *=*) put "\${line%%=*}" "\${line#*=}" ;; esac
  done < "$1"
}
while [ $# -gt 0 ]; do
  case $1 in
    -a | -A | -X | --all) grep -rs . /proc/sys/net | sed 's,^/proc/sys/,,; s,:, = ,' ; asked=yes ;;
    -p?* | --load=*) file=\${1#-p}; load "\${file#--load=}"; asked=yes ;;
    -p | --load)
      if [ $# -gt 1 ]; then shift; load "$1"; else load /etc/sysctl.conf; fi
      asked=yes ;;
    --system) load /etc/sysctl.conf; asked=yes ;;
    --write | --quiet | --values | --ignore) case $1 in --q*) quiet=yes ;; --v*) bare=yes ;; --i*) ignore=yes ;; esac ;;
    -*)
      case $1 in *q*) quiet=yes ;; esac
      case $1 in *n*) bare=yes ;; esac
      case $1 in *e*) ignore=yes ;; esac ;;
    *=*) put "\${1%%=*}" "\${1#*=}"; asked=yes ;;
    *) get "$1"; asked=yes ;;
  esac
  shift
done
exit $rc
`;

/**
 * Keeps in the environment which line of which file bash is at; inside a system's library of functions, the line that called it. All in
 * one line, for lines of a trap would count.
 */
function trap(): string {
  const library = shell`${FUNCTION_FILES.join(" | ")}) FERRULE_AT=\${BASH_SOURCE[1]-}:\${BASH_LINENO[0]-} ;;`;
  const place = shell`case \${BASH_SOURCE[0]-} in "") ;; ${library} *) FERRULE_AT=\${BASH_SOURCE[0]}:$LINENO ;; esac`;
  return `FERRULE_LAST=$_; ${place}; : "$FERRULE_LAST"`;
}

/** What bash reads before a script. */
const AT = shell`trap '${trap()}' DEBUG
export FERRULE_AT=\${FERRULE_AT-}
set -o functrace
if [ -n "\${FERRULE_POSIX-}" ]; then
  unset FERRULE_POSIX
  set -o posix
fi
`;

/** The files that the sandbox wants before it runs anything, by their names there; the stage knows them too. */
export const SHIM_FILES: Readonly<Record<string, string>> = {
  tool: TOOL,
  nothing: "#!/bin/sh\nexit 0\n",
  logger: LOGGER,
  lsmod: LSMOD,
  sysctl: SYSCTL,
  sudo: SUDO,
  at: AT,
};

/** The line that tells the stage which names stand where: `iptables=tool …`. With `real`, the rule tools are the machine's own of that variant. */
export function standsLine(real?: Variant): string {
  const stands = Object.entries(STANDS).filter(([name]) => !real || !/tables|ipset|nft/.test(name));
  const own = real
    ? RULE_TOOLS.filter(name => !/-(?:nft|legacy)/.test(name)).map(name => [name, `../real/usr/sbin/${ownName(name, real)}`])
    : [];
  return [...stands, ...own].map(pair => pair.join("=")).join(" ");
}

/** `iptables-save` → `iptables-legacy-save` */
const ownName = (name: string, variant: Variant): string => name.replace(/tables/, `tables-${variant}`);
