import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folder, reason, rules, run, said } from "./script/run.ts";

/** Firewall scripts as people write them. */

interface Case {
  readonly script: string;
  readonly rules: readonly string[];
  readonly said?: readonly string[];
  readonly status?: number;
  readonly args?: readonly string[];
  /** Other files of the folder. */
  readonly files?: Readonly<Record<string, string>>;
}

async function check(name: string, wanted: Case): Promise<void> {
  for (const [file, text] of Object.entries(wanted.files ?? {})) folder.file(file, text);
  const done = await run(name, wanted.script, {}, wanted.args);
  expect({ rules: rules(done), said: said(done, name), status: done.status }).toEqual({ said: [], status: 0, ...pick(wanted) });
}

const pick = ({ rules: wanted, said: words, status }: Case): object => ({
  rules: wanted,
  ...(words && { said: words }),
  ...(status !== undefined && { status }),
});

const CASES: Readonly<Record<string, Case>> = {
  "functions, loops and files that are read": {
    script: `#!/bin/bash
IPT=/sbin/iptables
. ./ports.conf
allow() {
  for port in "$@"; do
    $IPT -A INPUT -p tcp \\
      --dport $port -j ACCEPT
  done
}
allow $PORTS
while read -r net; do iptables -A INPUT -s "$net" -j DROP; done < nets.txt
source lib/more.sh
`,
    files: { "ports.conf": "PORTS='22 80'\n", "nets.txt": "10.0.0.0/8\n192.0.2.7\n" },
    rules: [
      "x:6 -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT",
      "x:6 -A INPUT -p tcp -m tcp --dport 80 -j ACCEPT",
      "x:11 -A INPUT -s 10.0.0.0/8 -j DROP",
      "x:11 -A INPUT -s 192.0.2.7/32 -j DROP",
    ],
    said: ["x | /x: line 12: lib/more.sh: No such file or directory"],
    status: 1,
  },
  "a sourced file keeps its own name and lines": {
    script: "#!/bin/bash\n. ./own.sh\n\n. /$PWD/own.sh\n",
    files: { "own.sh": "# own\niptables -A OUTPUT -o lo -j ACCEPT\n" },
    rules: ["own.sh:2 -A OUTPUT -o lo -j ACCEPT", "own.sh:2 -A OUTPUT -o lo -j ACCEPT"],
  },
  "dash keeps its ways, and has lines all the same": {
    script: `#!/bin/sh
if [ a == a ]; then iptables -A INPUT -j DROP; fi
f() { local p=$1; iptables -A INPUT -p udp --dport $p -j ACCEPT; }
f 53
iptables-restore --noflush <<END
*filter
-A INPUT -p tcp --dport 22 -j ACCEPT
COMMIT
END
`,
    rules: ["x:3 -A INPUT -p udp -m udp --dport 53 -j ACCEPT", "x:5 -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"],
    said: ["x | /x: 2: [: a: unexpected operator"],
  },
  "no first line: /bin/sh": { script: "iptables -A INPUT -j DROP\n", rules: ["x:1 -A INPUT -j DROP"] },
  "env finds bash": {
    script: "#!/usr/bin/env bash\nfor i in {1..2}; do iptables -A INPUT -j DROP; done\n",
    rules: ["x:2 -A INPUT -j DROP", "x:2 -A INPUT -j DROP"],
  },
  "perl runs as it is": {
    script: '#!/usr/bin/perl\nsystem("iptables", "-A", "INPUT", "-p", "tcp", "--dport", $_, "-j", "DROP") for 1..2;\n',
    rules: ["x:0 -A INPUT -p tcp -m tcp --dport 1 -j DROP", "x:0 -A INPUT -p tcp -m tcp --dport 2 -j DROP"],
  },
  "a failure has the line and the tool's sentence, and $? is the tool's": {
    script: `#!/bin/bash
iptables -N mine
iptables -N mine; echo $?
iptables -A nowhere -j DROP || echo failed
iptables -X nowhere 2> /dev/null
iptables -X nowhere 2>&1 | grep -c .
`,
    rules: [],
    said: ["x:3: iptables: Chain already exists.", "x | 1", "x:4: iptables: No chain/target/match by that name.", "x | failed", "x | 1"],
  },
  "tools read each other": {
    script: `#!/bin/bash
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
iptables-save > /tmp/saved
iptables -F
iptables-restore < /tmp/saved
iptables-save -f /tmp/again; grep -c dport /tmp/again
iptables-save | sed s/22/23/ | iptables-restore
iptables-restore /tmp/saved
iptables -L INPUT --line-numbers -n | awk '/dpt/ { print $1 }'
[ "$(which iptables)" = /usr/sbin/iptables ] && $(command -v iptables) -A INPUT -j DROP
sudo -n iptables -A INPUT -i lo -j DROP
env -i /sbin/iptables -A INPUT -i eth9 -j DROP
`,
    rules: [
      "x:8 -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT",
      "x:10 -A INPUT -j DROP",
      "x:11 -A INPUT -i lo -j DROP",
      "x:0 -A INPUT -i eth9 -j DROP",
    ],
    said: ["x | 1 (2 times)"],
  },
  "other programs are as usual; what would change the machine does nothing": {
    script: `#!/bin/bash
modprobe nf_conntrack_ftp || echo no module
/sbin/modprobe -q ip_tables && rmmod x && lsmod > /dev/null
logger -t fw starting; echo x | logger
hostname > /dev/null && ip addr show lo | grep -c 127.0.0.1
sysctl -w kernel.panic=1 net.ipv4.ip_forward=1
sysctl -n net.ipv4.ip_forward
nft add table x
[ "$(id -u)" = 0 ] || exit 3
echo x > /var/log/fw; touch /var/lock/subsys/iptables /tmp/x /run/x || echo private
`,
    rules: [],
    said: [
      "x | 1",
      "x | kernel.panic = 1",
      "x | net.ipv4.ip_forward = 1",
      "x | 1",
      "x:8: nft: its rules are none of iptables', and Ferrule does not run them",
    ],
  },
  "bash that reads nothing before the script": {
    script: "#!/bin/bash --posix\niptables -A INPUT -j DROP\n",
    rules: ["x:2 -A INPUT -j DROP"],
  },
  "what changes from run to run has its place too": {
    script: '#!/bin/sh\niptables -A INPUT -m comment --comment "$(cat /proc/uptime)" -j DROP\niptables -R INPUT 1 -j DROP\n',
    rules: ["x:3 -A INPUT -j DROP"],
  },
  arguments: {
    script: '#!/bin/sh\ncase "$1" in start) iptables -A INPUT -p $2 -j DROP ;; esac\n',
    args: ["start", "udp"],
    rules: ["x:2 -A INPUT -p udp -j DROP"],
  },
  "fault 26: words of all kinds reach the tool, and no shell": {
    script: `#!/bin/bash
iptables -A INPUT -m comment --comment '$(touch /tmp/own) \`id\` "; exit 1 #' -j DROP
iptables -A INPUT -m comment --comment $'two\\nlines' -j DROP
iptables -A INPUT -m comment --comment "" -j DROP
iptables -A INPUT -m comment --comment -n -j DROP
[ -e /tmp/own ] && echo ran
true
`,
    rules: [
      'x:2 -A INPUT -m comment --comment "\\$(touch /tmp/own) `id` \\"; exit 1 #" -j DROP'.replace("\\$", "$"),
      'x:3 -A INPUT -m comment --comment "two',
      'x:4 -A INPUT -m comment --comment "" -j DROP',
      "x:5 -A INPUT -m comment --comment -n -j DROP",
    ],
  },
  "tracing shows the script's own work": {
    script: "#!/bin/bash\nset -x\niptables -A INPUT -j DROP\n",
    rules: ["x:3 -A INPUT -j DROP"],
    said: ["x | + iptables -A INPUT -j DROP"],
  },
  "libraries of init scripts are there, and their lines are the caller's": {
    script: `#!/bin/bash
. /etc/init.d/functions
source /etc/rc.status
log_daemon_msg Starting fw
action "one rule" iptables -A INPUT -j DROP
log_end_msg $?
`,
    rules: ["x:5 -A INPUT -j DROP"],
    said: ["x | Starting fw", "x | one rule"],
  },
  "ipsets, and rules that name them": {
    script: `#!/bin/bash
ipset create bad hash:net
ipset create bad hash:net || echo twice
iptables -A INPUT -m set --match-set bad src -j DROP
iptables -A INPUT -m set --match-set none src -j DROP
ipset destroy bad
echo "add bad 192.0.2.0/24" | ipset restore
ipset test bad 192.0.2.9 2> /dev/null && iptables -A INPUT -j ACCEPT
`,
    rules: ["x:4 -A INPUT -m set --match-set bad src -j DROP", "x:8 -A INPUT -j ACCEPT"],
    said: [
      "x:3: ipset v7.17: Set cannot be created: set with the same name already exists",
      "x | twice",
      "x:5: iptables v1.8.9 (nf_tables): Set none doesn't exist.",
      "x:6: ipset v7.17: Set cannot be destroyed: it is in use by a kernel component",
    ],
  },
  "many at the same time": {
    script: "#!/bin/bash\nfor i in {1..40}; do iptables -A INPUT -p tcp --dport 7 -j DROP & done; wait\niptables -S | grep -c dport\n",
    rules: Array.from({ length: 40 }, () => "x:2 -A INPUT -p tcp -m tcp --dport 7 -j DROP"),
    said: ["x | 40"],
  },
};

describe.runIf(reason === "")("a script", () => {
  for (const [title, wanted] of Object.entries(CASES))
    test(title, async () => {
      const place = (text: string): string => text.replaceAll("/x:", `${join(folder.path, "x")}:`);
      await check("x", { ...wanted, ...(wanted.said && { said: wanted.said.map(place) }) });
    });
});
