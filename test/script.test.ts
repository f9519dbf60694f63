import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { KEPT_NAMES } from "../src/cli/host-names.ts";
import { LIMITS, runScript, type Limits, type ScriptRun } from "../src/cli/script/index.ts";
import { transcriptLines } from "../src/cli/script/transcript.ts";
import { defaultNames, printSave } from "../src/syntax/index.ts";
import { ferrule } from "./faults/command-line.ts";
import { noSandbox, scriptFolder } from "./script/sandbox.ts";

/** Firewall scripts as people write them, and as an enemy does. */

const reason = await noSandbox();
if (reason !== "") console.log(`skipped: firewall scripts in a sandbox: ${reason}`);

const folder = scriptFolder();
afterAll(folder.remove);
chmodSync(folder.path, 0o755);

/** Runs a script by itself, with the whole run to look at. */
async function run(name: string, text: string, limits: Partial<Limits> = {}, args: readonly string[] = []): Promise<ScriptRun> {
  const path = folder.file(name, text);
  return runScript(
    { name, text, place: { folder: folder.path, path }, args },
    { limits: { ...LIMITS, ...limits }, host: undefined, tools: { variant: "nft", hosts: KEPT_NAMES, names: defaultNames } },
  );
}

/** The rules of IPv4 in the words of -S, each behind the line that made it. */
function rules({ v4 }: Pick<ScriptRun, "v4">): readonly string[] {
  if (!v4) return [];
  const places = [...v4.tables.values()].flatMap(table => [...table.chains.values()].flatMap(chain => chain.rules.map(rule => rule.at)));
  const lines = printSave(v4)
    .split("\n")
    .filter(line => line.startsWith("-A"));
  return lines.map((line, index) => `${places[index]?.file}:${places[index]?.line} ${line}`);
}

/** What the script and its tools said. */
const said = ({ transcript, place }: ScriptRun, name: string): readonly string[] =>
  transcriptLines(transcript, name, call => `${place(call).file}:${place(call).line}`);

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
  arguments: {
    script: '#!/bin/sh\ncase "$1" in start) iptables -A INPUT -p $2 -j DROP ;; esac\n',
    args: ["start", "udp"],
    rules: ["x:2 -A INPUT -p udp -j DROP"],
  },
  "words of all kinds reach the tool, and no shell": {
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

describe.runIf(reason === "")("an enemy's script", () => {
  test.each<[name: string, text: string, stopped: RegExp, limits: Partial<Limits>]>([
    ["runs for ever", "while :; do :; done", /more than 1 s of processor time/, { cpu: 1 }],
    ["waits for ever", "iptables -A INPUT -j DROP; sleep 1000", /not done after 1 s, and 2 of its processes were running/, { wall: 1 }],
    ["is a fork bomb", "bomb() { bomb | bomb & }; bomb; while :; do :; done", /processor time|not done after 2 s/, { cpu: 2, wall: 2 }],
    ["prints for ever", "yes", /printed more than 1 MiB/, { output: 1 << 20 }],
    ["calls for ever", "while :; do iptables -A INPUT -j DROP; done", /called tools more than 50 times/, { calls: 50 }],
    ["eats memory", "perl -e '$x = \"a\" x 400000000; sleep 9'", /more than 64 MiB of memory/, { memory: 64 << 20 }],
  ])("%s, and is stopped", async (_, text, stopped, limits) => {
    await expect(run("bad", `#!/bin/bash\n${text}\n`, limits)).rejects.toThrow(stopped);
  });

  test.each<[name: string, text: string, ports: number]>([
    ["kills everything", "iptables -A INPUT -p tcp --dport 1 -j DROP\nkill -9 0 & kill -9 1; kill -9 -1", 1],
    [
      "closes its descriptors",
      "exec 0<&- 1>&- 2>&-\niptables -A INPUT -p tcp --dport 1 -j DROP\niptables -X no || iptables -A INPUT -p tcp --dport 2 -j DROP",
      2,
    ],
    [
      "talks rubbish into the pipes",
      `iptables -A INPUT -p tcp --dport 1 -j DROP
for i in 1 2 3; do head -c 200000 /dev/urandom > /.ferrule/o/door; done
printf '\\n99\\n-99\\n99999999999999\\n__proto__\\n1 1\\n' > /.ferrule/o/door
cd /.ferrule/i
ln -s /etc/passwd 1; mkfifo 2; mkdir 3; : > 4; head -c 300000 /dev/zero > 5; printf 'x\\0loud\\0iptables\\0-A' > 6; printf '\\0loud\\0__proto__\\0' > 8
ln -s /dev/zero 7
for i in 1 2 3 4 5 6 7 8; do echo $i > /.ferrule/o/door; done
iptables -A INPUT -p tcp --dport 2 -j DROP`,
      2,
    ],
    [
      "takes the shims away",
      "iptables -A INPUT -p tcp --dport 1 -j DROP\nrm -rf /.ferrule /usr/sbin/iptables 2> /dev/null\niptables -A INPUT -p tcp --dport 2 -j DROP",
      2,
    ],
    [
      "fills every place",
      "for f in /tmp /run /dev/shm /var/tmp /.ferrule/i; do dd if=/dev/zero of=$f/big bs=1M status=none; done 2> /dev/null\nrm -f /.ferrule/i/big\niptables -A INPUT -p tcp --dport 1 -j DROP",
      1,
    ],
  ])("%s, and only hurts itself", async (_, text, ports) => {
    const done = await run("bad", `#!/bin/bash\n${text}\n`, { wall: 20 });
    expect(rules(done).map(line => line.replace(/^bad:\d+ /, ""))).toEqual(
      Array.from({ length: ports }, (_each, index) => `-A INPUT -p tcp -m tcp --dport ${index + 1} -j DROP`),
    );
  });

  test.each([
    ["writes to the machine", 'touch /x /etc/x /usr/x /usr/sbin/x /opt/x; touch "$PWD/written" /var/lib/x /bin/x'],
    ["mounts", "mount -t tmpfs x /mnt; mount -o remount,rw /; mount --bind /tmp /usr; umount /tmp; umount -l /"],
    ["makes namespaces", "unshare -U true; unshare -m true; unshare -r true; nsenter -t 1 -a true"],
    [
      "sets what is not its own",
      "echo x > /proc/sys/kernel/core_pattern; echo 9 > /proc/sys/user/max_user_namespaces; echo c > /proc/sysrq-trigger",
    ],
    ["makes devices", "mknod /tmp/d b 254 0; mknod /tmp/n c 1 3; head -c1 /dev/vda; head -c1 /dev/mem; head -c1 /dev/tty"],
    [
      "looks at its keeper",
      "cat /proc/1/environ; cat /proc/1/mem; echo end 0 > /proc/1/fd/4; head -c1 /proc/1/fd/3; cat /proc/1/root/etc/passwd; ls /proc/1/cwd/",
    ],
    ["changes the machine", "date -s 2001-01-01; reboot -f; chroot / true; su nobody -c true; renice -n -5 $$"],
    ["reads secrets", "cat /etc/shadow; cat /etc/ssh/ssh_host_rsa_key; cat /root/.bashrc; cat /root/.ssh/id_rsa; cat /home/*/.profile"],
    ["goes out", "exec 3<>/dev/tcp/192.0.2.1/80; exec 3<>/dev/udp/192.0.2.1/53; ip route add default via 192.0.2.1"],
  ])("%s, in vain", async (_, text) => {
    // Each command is to fail: whichever does not is named.
    const lines = text
      .split("; ")
      .map(command => `( ${command} ) > /dev/null 2>&1 && echo ${JSON.stringify(`done: ${command.replaceAll(/["$]/g, "")}`)}`);
    expect(said(await run("bad", `#!/bin/bash\n${lines.join("\n")}\ntrue\n`), "bad")).toEqual([]);
    expect(existsSync(join(folder.path, "written"))).toBe(false);
  });

  test("sees nothing of the environment", async () => {
    process.env["FERRULE_SECRET"] = "secret";
    const done = await run("env", "#!/bin/bash\nenv | cut -d= -f1 | sort | tr '\\n' ' '\n");
    delete process.env["FERRULE_SECRET"];
    expect(said(done, "env")).toEqual(["env | BASH_ENV FERRULE_AT HOME LANG LOGNAME PATH PWD SHELL SHLVL TERM USER _"]);
  });

  test("prints no escape and no line without end", async () => {
    const done = await run(
      "esc",
      "#!/bin/bash\nprintf '\\033[31mred\\007\\n\\342\\200\\256back\\n'; head -c 100000 /dev/zero | tr '\\0' x; echo; seq 1000\n",
    );
    const lines = said(done, "esc");
    expect(lines.slice(0, 2)).toEqual(["esc | \\x1b[31mred\\x07", "esc | \\u202eback"]);
    expect(lines.every(line => line.length < 500)).toBe(true);
    expect(lines.at(-1)).toBe("esc | … 903 more lines");
  });
});

describe("what cannot run", () => {
  test.each([
    ["crlf.sh", "#!/bin/bash\r\niptables -A INPUT -j DROP\r\n", /end in CR LF.*`\/bin\/bash\^M'/],
    ["binary.sh", "\x7fELF\0\0", /no text/],
    ["empty.sh", "#!\n", /names no interpreter/],
  ])("%s", async (name, text, sentence) => {
    const { status, stdout, stderr } = await ferrule("show", folder.file(name, text));
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(sentence);
  });
});

describe.runIf(reason === "")("the command", () => {
  const INIT = `#!/bin/sh
### BEGIN INIT INFO
case "$1" in
  start)
    echo 1 > /proc/sys/net/ipv4/ip_forward
    iptables -P FORWARD DROP
    iptables -A FORWARD -i lan0 -o wan0 -s office.example -j ACCEPT
    iptables -A FORWARD -p nonsense -j ACCEPT
    ip6tables -A INPUT -p tcp --dport 22 -j ACCEPT
    ;;
  *) echo "usage: $0 start"; exit 1 ;;
esac
`;

  test("show: an init script is started, and told so; what it says has its place", async () => {
    const path = folder.file("fw-init", INIT);
    const { status, stdout, stderr } = await ferrule("show", path);
    expect(status).toBe(0);
    expect(stdout).toContain("-A FORWARD -s office.example/32 -i lan0 -o wan0 -j ACCEPT\n");
    expect(stdout).toContain("-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n");
    expect(stderr).toBe(
      `${path}: it makes no rules by itself and was run as \`fw-init start' (--script-args)\n${path}:8: iptables v1.8.9 (nf_tables): unknown protocol "nonsense" specified\n`,
    );
    expect((await ferrule("show", path, "--script-args", "stop")).stderr).toBe(
      `${path} | usage: ${path} start\n${path}: it called no tool of netfilter\n${path}: it ended with status 1\n`,
    );
  });

  test("trace: the rule's line in the script, what the script set, names that nobody looked up", async () => {
    const path = folder.file("fw-init", INIT);
    const packet = "tcp 10.0.0.5:50000 > 192.0.2.80:80 syn in lan0 out wan0";
    const dropped = await ferrule("trace", path, packet);
    expect([dropped.status, dropped.stdout]).toEqual([1, expect.stringContaining("DROPPED by the policy of filter FORWARD")]);
    expect(dropped.stdout).toContain(`${basename(path)}:7: office.example was not looked up`);
    const hosts = folder.file("hosts", "# mine\n10.0.0.5 office.example office\n");
    const passed = await ferrule("trace", path, packet, "--resolve", hosts);
    expect([passed.status, passed.stdout]).toEqual([0, expect.stringContaining(`${path}:7: filter FORWARD rule 1`)]);
    expect((await ferrule("show", path, "--resolve", folder.file("none", ""))).stderr).toContain(
      `${path}:7: iptables v1.8.9 (nf_tables): host/network \`office.example' not found`,
    );
  });

  test("an ordinary user may run scripts", async context => {
    if (process.getuid?.() !== 0) return context.skip();
    const path = folder.file("user.sh", "#!/bin/sh\nid -u\niptables -A INPUT -j DROP\n");
    const done = spawnSync(
      "setpriv",
      ["--reuid=12345", "--regid=12345", "--clear-groups", process.execPath, "--import", "tsx", "src/cli/main.ts", "show", path],
      { encoding: "utf8", env: { ...process.env, TMPDIR: "/tmp", HOME: "/tmp" } },
    );
    expect([done.status, done.stdout, done.stderr]).toEqual([0, expect.stringContaining("-A INPUT -j DROP\n"), `${path} | 0\n`]);
  });

  test("nothing outlives the command", async () => {
    const marker = `${4_000_000 + process.pid}`;
    const path = folder.file("sleeper.sh", `#!/bin/bash\n(setsid sleep ${marker} &)\niptables -A INPUT -j DROP\nsleep ${marker}\n`);
    const child = spawn(process.execPath, ["--import", "tsx", "src/cli/main.ts", "show", path], { stdio: "ignore" });
    const sleeping = (): boolean =>
      spawnSync("grep", ["-la", `sleep.${marker}`, ...processes().map(pid => `/proc/${pid}/cmdline`)], { encoding: "utf8" }).stdout !== "";
    await until(sleeping);
    child.kill("SIGKILL");
    await until(() => !sleeping());
  });

  test("the mounts of the machine are as before", async () => {
    const before = readFileSync("/proc/self/mounts", "utf8");
    await run("plain", "#!/bin/sh\niptables -A INPUT -j DROP\n");
    expect(readFileSync("/proc/self/mounts", "utf8")).toBe(before);
  });
});

const processes = (): readonly string[] =>
  spawnSync("ls", ["/proc"], { encoding: "utf8" })
    .stdout.split("\n")
    .filter(name => /^\d+$/.test(name));

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    if (holds()) return;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error("it never came to hold");
}
