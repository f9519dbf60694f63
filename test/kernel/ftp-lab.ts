/**
 * A real FTP client and a real FTP server, the kernel's NAT between them, and what passed: run in a namespace of its own by
 * ftp.test.ts, one transfer for each mode. Prints one line of JSON for each.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeCapture } from "../../src/packet/capture/index.ts";
import { hex, u16, u32 } from "../../src/packet/index.ts";
import { mustRun, run } from "./command.ts";
import { inNamespace, reenter } from "./namespace.ts";

/** One transfer as the kernel saw it. */
export interface Transfer {
  readonly name: string;
  readonly family: 4 | 6;
  readonly rules: string;
  /** What the client fetched. */
  readonly fetched: string;
  /** What came in, in order, and what left by either interface. Times are µs. */
  readonly came: readonly { readonly at: number; readonly in: string; readonly packet: string }[];
  readonly left: Readonly<Record<string, readonly string[]>>;
  /** `conntrack -E expect`: the new ones, without timeouts. */
  readonly expectations: readonly string[];
}

/** Whom the client calls, and how: the server itself, or an address that is translated to it. */
const MODES: readonly {
  readonly name: string;
  readonly family: 4 | 6;
  readonly called: string;
  readonly nat: string;
  readonly way: "passive" | "active";
  readonly extended: boolean;
}[] = (["passive", "active"] as const).flatMap(way =>
  [
    { nat: "none", family: 4 as const, called: "192.0.2.10", rule: "" },
    { nat: "SNAT", family: 4 as const, called: "192.0.2.10", rule: "-A POSTROUTING -o wan0 -j SNAT --to-source 192.0.2.111" },
    { nat: "MASQUERADE", family: 4 as const, called: "192.0.2.10", rule: "-A POSTROUTING -o wan0 -j MASQUERADE" },
    {
      nat: "DNAT",
      family: 4 as const,
      called: "203.0.113.222",
      rule: "-A PREROUTING -i lan0 -p tcp --dport 21 -j DNAT --to-destination 192.0.2.10",
    },
    {
      nat: "both",
      family: 4 as const,
      called: "203.0.113.2",
      rule: "-A PREROUTING -i lan0 -p tcp --dport 21 -j DNAT --to-destination 192.0.2.10\n-A POSTROUTING -o wan0 -j MASQUERADE",
    },
    { nat: "MASQUERADE", family: 6 as const, called: "fd00:2::a", rule: "-A POSTROUTING -o wan0 -j MASQUERADE" },
    {
      nat: "DNAT",
      family: 6 as const,
      called: "fd00:cafe:1234:5678::5",
      rule: "-A PREROUTING -i lan0 -p tcp --dport 21 -j DNAT --to-destination fd00:2::a",
    },
  ].flatMap(({ nat, family, called, rule }) => {
    // PORT and PASV are IPv4's; EPRT and EPSV do for both.
    const variants = family === 4 ? [false, true] : [true];
    return variants.map(extended => ({
      name: `${way}${extended ? " extended" : ""}, IPv${family}, ${nat}`,
      family,
      called,
      nat: rule,
      way,
      extended,
    }));
  }),
);

const TCP = 6;
/** Offsets in the link header that captures of all interfaces have, and the mark of a packet that leaves. */
const SLL2_INTERFACE = 4;
const SLL2_DIRECTION = 10;
const OUTGOING = 4;
const protocolOf = (packet: Uint8Array): number => ((packet[0] ?? 0) >> 4 === 6 ? (packet[6] ?? 0) : u16(packet, 8) & 255);
const CONTENT = "the quick brown fox\n";

if (!inNamespace()) process.exit(reenter());
const folder = mkdtempSync(join(tmpdir(), "ferrule-ftp-"));
const children: ChildProcess[] = [];
try {
  const { client, server } = buildNetwork();
  startServer(server);
  for (const mode of MODES) console.log(JSON.stringify(transfer(mode, client)));
} finally {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);

function start(command: string, args: readonly string[], out: "ignore" | number = "ignore"): ChildProcess {
  const child = spawn(command, args, { stdio: ["ignore", out, "ignore"] });
  children.push(child);
  return child;
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Waits until something is so, five seconds at most. */
function until(what: string, holds: () => boolean): void {
  for (let rounds = 0; rounds < 250; rounds++) {
    if (holds()) return;
    pause(20);
  }
  throw new Error(`${what} did not happen`);
}

/** A namespace that lives as long as its process. */
function namespace(): number {
  const { pid } = start("unshare", ["-n", "sleep", "300"]);
  if (pid === undefined) throw new Error("no unshare");
  const own = readlinkSync("/proc/self/ns/net");
  until("a namespace", () => readlinkSync(`/proc/${pid}/ns/net`) !== own);
  return pid;
}

function inside(pid: number, command: string, ...args: readonly string[]): void {
  mustRun("nsenter", ["-t", `${pid}`, "-n", command, ...args]);
}

/** A client and a server, each behind an arm of the router that this namespace is. */
function buildNetwork(): { readonly client: number; readonly server: number } {
  const arms = [
    { arm: "lan0", own4: "10.0.0.1", own6: "fd00:1::1", host4: "10.0.0.5", host6: "fd00:1::5" },
    { arm: "wan0", own4: "192.0.2.1", own6: "fd00:2::1", host4: "192.0.2.10", host6: "fd00:2::a" },
  ].map(({ arm, own4, own6, host4, host6 }) => {
    const pid = namespace();
    mustRun("ip", ["link", "add", arm, "type", "veth", "peer", "name", "eth0", "netns", `${pid}`]);
    mustRun("ip", ["addr", "add", `${own4}/24`, "dev", arm]);
    mustRun("ip", ["addr", "add", `${own6}/64`, "dev", arm, "nodad"]);
    mustRun("ip", ["link", "set", arm, "up"]);
    inside(pid, "ip", "link", "set", "lo", "up");
    inside(pid, "ip", "link", "set", "eth0", "up", "mtu", "1500");
    inside(pid, "ip", "addr", "add", `${host4}/24`, "dev", "eth0");
    inside(pid, "ip", "addr", "add", `${host6}/64`, "dev", "eth0", "nodad");
    inside(pid, "ip", "route", "add", "default", "via", own4);
    inside(pid, "ip", "-6", "route", "add", "default", "via", own6);
    return pid;
  });
  // Addresses that the router only answers ARP for, or routes to the server's side.
  mustRun("ip", ["addr", "add", "192.0.2.111/32", "dev", "wan0"]);
  mustRun("ip", ["route", "add", "default", "via", "192.0.2.10"]);
  for (const path of ["ipv4/ip_forward", "ipv6/conf/all/forwarding"]) writeFileSync(`/proc/sys/net/${path}`, "1");
  const [client = 0, server = 0] = arms;
  return { client, server };
}

function startServer(server: number): void {
  const files = join(folder, "files");
  mkdirSync(files, { mode: 0o755 });
  mkdirSync(join(folder, "empty"), { mode: 0o755 });
  spawnSync("chmod", ["755", folder]);
  writeFileSync(join(files, "fox.txt"), CONTENT, { mode: 0o644 });
  const settings = {
    listen_ipv6: "YES",
    anonymous_enable: "YES",
    anon_root: files,
    port_enable: "YES",
    pasv_enable: "YES",
    // The server may not bind port 20 here.
    connect_from_port_20: "NO",
    seccomp_sandbox: "NO",
    secure_chroot_dir: join(folder, "empty"),
    background: "NO",
    // Without it vsftpd refuses data connections from an address that NAT put in the client's place.
    pasv_promiscuous: "YES",
    port_promiscuous: "YES",
  };
  const file = join(folder, "vsftpd.conf");
  writeFileSync(
    file,
    `${Object.entries(settings)
      .map(pair => pair.join("="))
      .join("\n")}\n`,
  );
  start("nsenter", ["-t", `${server}`, "-n", "vsftpd", file]);
  until(
    "the server's start",
    () => run("nsenter", ["-t", `${server}`, "-n", "sh", "-c", "ss -Hltn 'sport = :21' | grep -q ."]).status === 0,
  );
}

function transfer({ name, family, called, nat, way, extended }: (typeof MODES)[number], client: number): Transfer {
  const rules = `*raw\n-A PREROUTING -p tcp --dport 21 -j CT --helper ftp\nCOMMIT\n*nat\n${nat}${nat === "" ? "" : "\n"}COMMIT\n*filter\n-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A FORWARD -i lan0 -p tcp --dport 21 -j ACCEPT\n-A FORWARD -p tcp -j DROP\nCOMMIT\n`;
  mustRun(family === 4 ? "ip6tables-legacy-restore" : "iptables-legacy-restore", [], "*raw\nCOMMIT\n*nat\nCOMMIT\n*filter\nCOMMIT\n");
  mustRun(family === 4 ? "iptables-legacy-restore" : "ip6tables-legacy-restore", [], rules);
  run("conntrack", ["-F"]);
  const file = join(folder, "transfer.pcap");
  const error = join(folder, "tcpdump.err");
  writeFileSync(error, "");
  // One capture of both arms keeps the order in which the kernel saw the packets.
  const capture = start("sh", [
    "-c",
    `exec tcpdump -i any -y LINUX_SLL2 -w ${file} -s 2048 -B 16384 -U --immediate-mode ip or ip6 2>${error}`,
  ]);
  until("tcpdump's start", () => readFileSync(error, "utf8").includes("listening on"));
  const eventFile = join(folder, "events");
  const events = start("sh", ["-c", `exec conntrack -E expect >${eventFile} 2>&1`]);
  pause(200);
  const copy = join(folder, "copy");
  rmSync(copy, { force: true });
  // The client uses the extended commands in IPv4 until it is told not to.
  const words = ["user anonymous me@here", ...(family === 4 && !extended ? ["epsv4"] : []), "binary", `get fox.txt ${copy}`, "quit"];
  const said = run(
    "nsenter",
    ["-t", `${client}`, "-n", "tnftp", way === "active" ? "-A" : "-p", "-n", "-v", called],
    `${words.join("\n")}\n`,
  );
  pause(200);
  capture.kill("SIGTERM");
  events.kill("SIGTERM");
  pause(100);
  const links = JSON.parse(mustRun("ip", ["-j", "link"])) as readonly { readonly ifindex: number; readonly ifname: string }[];
  const came: { at: number; in: string; packet: string }[] = [];
  const left: Record<string, string[]> = { lan0: [], wan0: [] };
  for (const item of decodeCapture(readFileSync(file))) {
    const packet = item.kind === "packet" ? item.network?.bytes : undefined;
    if (item.kind !== "packet" || packet === undefined || protocolOf(packet) !== TCP) continue;
    const arm = links.find(({ ifindex }) => ifindex === u32(item.frame, SLL2_INTERFACE))?.ifname ?? "";
    if (item.frame[SLL2_DIRECTION] === OUTGOING) left[arm]?.push(hex(packet));
    else came.push({ at: Number(item.time / 1000n), in: arm, packet: hex(packet) });
  }
  const expectations = readFileSync(eventFile, "utf8")
    .split("\n")
    .filter(line => line.includes("[NEW]"))
    .map(line => line.replace(/^ *\[NEW\] \d+ /, "").trim());
  return {
    name,
    family,
    rules,
    fetched: existsSync(copy) ? readFileSync(copy, "utf8") : said.stdout + said.stderr,
    came,
    left,
    expectations,
  };
}
