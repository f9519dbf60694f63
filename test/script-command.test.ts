import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { ferrule } from "./faults/command-line.ts";
import { folder, reason, run } from "./script/run.ts";

/** Firewall scripts on the command line. */

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

  test("trace: the machine that flags describe is the script's, and what it sets up counts", async () => {
    const path = folder.file(
      "asks.sh",
      `#!/bin/sh
own=$(ip -4 -o addr show dev eth0 | awk '{ sub("/.*", "", $4); print $4 }')
via=$(ip route | awk '/^default/ { print $3 }')
iptables -A INPUT -d "$own" -s "$via" -j ACCEPT
iptables -P INPUT DROP
ip link add br7 type bridge
ip addr add 10.9.8.1/24 dev br7
ip link set br7 up
echo 1 > /proc/sys/net/ipv4/conf/br7/rp_filter
`,
    );
    const flags = ["--if", "eth0=198.51.100.2/24", "--route", "default via 198.51.100.1 dev eth0"];
    const passed = await ferrule("trace", path, ...flags, "udp 198.51.100.1:53 > 198.51.100.2:33000 in eth0");
    expect([passed.status, passed.stdout]).toEqual([
      0,
      expect.stringContaining(`by ${path}:4: filter INPUT rule 1: -s 198.51.100.1/32 -d 198.51.100.2/32`),
    ]);
    const local = await ferrule("trace", path, ...flags, "udp 10.9.8.7:53 > 10.9.8.1:33000 in br7");
    expect(local.stdout).toContain("routing     for this host");
    const spoofed = await ferrule("trace", path, ...flags, "udp 192.0.2.7:53 > 10.9.8.1:33000 in br7");
    expect(spoofed.stdout).toContain("reverse path");
  });

  test("trace and show: the script's ipsets", async () => {
    const path = folder.file(
      "sets.sh",
      "ipset create web bitmap:port range 80-90\nipset add web 81\niptables -P INPUT DROP\niptables -A INPUT -m set --match-set web dst -j ACCEPT\n",
    );
    const packet = (port: number): string => `tcp 203.0.113.9:40000 > 198.51.100.2:${port} syn in eth0`;
    expect((await ferrule("trace", path, packet(81))).status).toBe(0);
    expect((await ferrule("trace", path, packet(82))).status).toBe(1);
    const saved = await ferrule("show", path, "--sets");
    expect(saved.stdout).toBe("create web bitmap:port range 80-90\nadd web 81\n");
    const [rules, sets] = [folder.file("rules", (await ferrule("show", path)).stdout), folder.file("ipsets", saved.stdout)];
    expect((await ferrule("trace", rules, "--ipset", sets, packet(81))).status).toBe(0);
    expect((await ferrule("show", rules, "--ipset", folder.file("wrong", "create web nothing\n"))).status).toBe(2);
    expect((await ferrule("show", rules, "--ipset", folder.file("none", ""))).stderr).toContain("Set web doesn't exist.");
  });

  test.each(["gateway.sh", "init.sh"])("the example %s runs", async name => {
    const { status, stdout, stderr } = await ferrule("show", `examples/${name}`);
    expect(status).toBe(0);
    expect(stderr).not.toMatch(/:\d+: /);
    expect(stdout).toContain("ESTABLISHED -j ACCEPT");
  });

  test("a script in any folder, of any name, for its owner's eyes only", async () => {
    const odd = join(folder.path, "a b:c,d\\e\n$(id)");
    mkdirSync(odd);
    writeFileSync(join(odd, "lib"), "iptables -A INPUT -j DROP\n");
    writeFileSync(join(odd, "f;w"), '#!/bin/sh\n. "$(dirname "$0")/lib"\ntouch "$(dirname "$0")/written"\n');
    for (const [name, mode] of [
      ["lib", 0o600],
      ["f;w", 0o600],
      ["", 0o700],
    ] as const)
      chmodSync(join(odd, name), mode);
    const { status, stdout, stderr } = await ferrule("show", join(odd, "f;w"), "--json");
    expect([status, stdout.includes(JSON.stringify(join(odd, "lib")))]).toEqual([0, true]);
    expect(stderr).toContain("Read-only file system");
  });

  test("a script among other people's files, and one that is none", async () => {
    const path = join(tmpdir(), `ferrule-script-${process.pid}.sh`);
    writeFileSync(path, '#!/bin/bash\necho "$0" "$PWD" *\niptables -A INPUT -j DROP\n');
    const { stdout, stderr } = await ferrule("show", path);
    rmSync(path);
    expect([stdout.includes("-A INPUT -j DROP"), stderr]).toEqual([true, `${path} | ${path} ${tmpdir()} ${basename(path)}\n`]);
    const piped = spawnSync(process.execPath, ["--import", "tsx", "src/cli/main.ts", "show", "-"], {
      encoding: "utf8",
      input: "#!/bin/sh\nnothing\niptables -A INPUT -j DROP\n",
    });
    expect([piped.status, piped.stdout.includes("-A INPUT -j DROP"), piped.stderr]).toEqual([
      0,
      true,
      "<stdin> | <stdin>: 2: nothing: not found\n",
    ]);
  });

  test("where namespaces are not to be had it is refused with the reason", () => {
    const path = folder.file("plain.sh", "#!/bin/sh\niptables -A INPUT -j DROP\n");
    const none = 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"';
    const command = [
      "--user",
      "--map-root-user",
      "sh",
      "-c",
      none,
      "sh",
      process.execPath,
      "--import",
      "tsx",
      "src/cli/main.ts",
      "show",
      path,
    ];
    const { status, stdout, stderr } = spawnSync("unshare", command, { encoding: "utf8" });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(
      /a script runs only in namespaces of its own, and this machine gives none: unshare: .*No space left on device \(user\.max_user_namespaces is 0\)/,
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
  for (let turn = 0; turn < 800; turn++) {
    if (holds()) return;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error("it never came to hold");
}
