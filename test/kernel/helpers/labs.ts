/** The same router twice: the kernel's in this namespace, and ours. */
import { helperNamed, printConnection, printExpectation } from "../../../src/conntrack/index.ts";
import { printAddress } from "../../../src/packet/index.ts";
import { plainLine, Router, type HelperRule, type NatRule } from "../../conntrack/router.ts";
import { mustRun, run } from "../command.ts";
import { setSysctl } from "../topology.ts";
import { openWire } from "../tun.ts";
import type { Arm } from "./conversation.ts";

/** What a case asks of the router. */
export interface Setting {
  readonly family: 4 | 6;
  readonly helpers: readonly HelperRule[];
  readonly rules: readonly NatRule[];
}

/** A router under test. */
export interface Lab {
  begin(setting: Setting): void;
  /** `left` is what the kernel made of it, whose random source port we then draw too. */
  take(arm: Arm, packet: Uint8Array, left?: Uint8Array): Uint8Array | undefined;
  /** As `conntrack -L expect` and `conntrack -L` have them, without timeouts, in alphabetical order. */
  expectations(): string[];
  connections(): string[];
  /** Seconds that they live on, by the lines that the two lists above have. */
  lifetimes(): ReadonlyMap<string, number>;
}

const PROTOCOLS: Readonly<Record<number, string>> = { 6: "tcp", 17: "udp" };

/** The settings as iptables-save text. */
export function rulesOf({ helpers, rules }: Setting): string {
  const raw = helpers.map(
    ({ protocol, port, helper }) => `-A PREROUTING -p ${PROTOCOLS[protocol] ?? ""} --dport ${port} -j CT --helper ${helper}\n`,
  );
  const nat = rules.map(({ chain, protocol, range }) => {
    const [low = 0] = range.addresses ?? [];
    const address = typeof low === "bigint" && range.ports ? `[${printAddress(low)}]` : printAddress(low);
    const to = range.ports === undefined ? address : `${address}:${range.ports.join("-")}`;
    const target = range.manip === "source" ? `SNAT --to-source ${to}` : `DNAT --to-destination ${to}`;
    // A packet in POSTROUTING no longer knows its interface: the mark does.
    const from = chain === "PREROUTING" ? "-i tun0" : "-m mark --mark 1";
    return `-A ${chain} ${from}${protocol === undefined ? "" : ` -p ${PROTOCOLS[protocol] ?? protocol}`} -j ${target}\n`;
  });
  return `*raw\n${raw.join("")}COMMIT\n*mangle\n-A PREROUTING -i tun0 -j MARK --set-mark 1\nCOMMIT\n*nat\n${nat.join("")}COMMIT\n`;
}

/** The real kernel; one for each process. */
export function kernelLab(): Lab {
  for (const name of ["ipv6/conf/default/accept_dad", "ipv6/conf/default/accept_ra", "ipv6/conf/default/router_solicitations"])
    setSysctl(name, "0");
  setSysctl("ipv6/conf/default/addr_gen_mode", "1");
  for (const name of ["ipv4/ip_forward", "ipv6/conf/all/forwarding"]) setSysctl(name, "1");
  for (const name of ["all", "default"])
    for (const setting of ["rp_filter", "send_redirects"]) setSysctl(`ipv4/conf/${name}/${setting}`, "0");
  const wires = { tun0: openWire("tun0", "tun"), tun1: openWire("tun1", "tun") } as const;
  const commands = [
    ["tun0", "10.0.0.1/8", "2001:db8:1::1/48"],
    ["tun1", "192.0.2.1/24", "2001:db8:2::1/48"],
  ].flatMap(([device = "", four = "", six = ""]) => [
    `link set ${device} up mtu 65000`,
    `addr add ${four} dev ${device}`,
    `addr add ${six} dev ${device} nodad`,
  ]);
  mustRun("ip", ["-batch", "-"], `link set lo up\n${commands.join("\n")}\nroute add default dev tun1\n`);
  mustRun("ip", ["-6", "route", "add", "default", "dev", "tun1"]);
  mustRun("nft", ["-f", "-"], "table inet quiet {\n chain in {\n  type filter hook input priority 2147483647; policy drop;\n }\n}\n");
  let family: 4 | 6 = 4;
  const drain = (): Uint8Array | undefined => {
    let out: Uint8Array | undefined;
    for (const wire of [wires.tun0, wires.tun1])
      for (let packet = wire.take(); packet !== undefined; packet = wire.take()) if (!isOwn(packet)) out ??= packet;
    return out;
  };
  return {
    begin(setting) {
      family = setting.family;
      const other = family === 4 ? "ip6tables" : "iptables";
      mustRun(`${other}-legacy-restore`, [], "*raw\nCOMMIT\n*nat\nCOMMIT\n");
      mustRun(family === 4 ? "iptables-legacy-restore" : "ip6tables-legacy-restore", [], rulesOf(setting));
      run("conntrack", ["-F"]);
      drain();
    },
    take(arm, packet) {
      wires[arm].put(packet);
      return drain();
    },
    expectations: () =>
      listing(["-L", "expect", "-f", `ipv${family}`])
        .map(line => line.replace(/^\d+ /, ""))
        .toSorted(),
    connections: () =>
      listing(["-L", "-f", `ipv${family}`])
        .map(line => plainConnection(line))
        .toSorted(),
    lifetimes: () => lifetimesOf(listing(["-L", "expect", "-f", `ipv${family}`]), listing(["-L", "-f", `ipv${family}`])),
  };
}

function lifetimesOf(expectations: readonly string[], connections: readonly string[]): ReadonlyMap<string, number> {
  return new Map([
    ...expectations.map(line => [line.replace(/^\d+ /, ""), Number.parseInt(line, 10)] as const),
    ...connections.map(line => [plainConnection(line), Number(/^(?:ipv[46] +\d+ +)?\S+ +\d+ +(\d+) /.exec(line)?.[1])] as const),
  ]);
}

/** The kernel's own multicast reports. */
const isOwn = (packet: Uint8Array): boolean => (packet[0] ?? 0) >> 4 === 6 && packet[6] === 0;

function listing(args: readonly string[]): string[] {
  return run("conntrack", args)
    .stdout.split("\n")
    .filter(line => line !== "");
}

/** A line of `conntrack -L` without what differs from run to run; the helper's name comes last. */
function plainConnection(line: string): string {
  const helper = / helper=\S+/.exec(line)?.[0] ?? "";
  const words = line
    .replace(/^ipv[46] +\d+ +/, "")
    .replace(/ +/g, " ")
    .split(" ");
  if (/^\d+$/.test(words[2] ?? "")) words.splice(2, 1);
  return plainLine(words.join(" ")) + helper;
}

/** The random number behind the source port that NAT chose, as far as the packet before and after it tells. */
export function drawn(packet: Uint8Array, left: Uint8Array): number {
  const at = (packet[0] ?? 0) >> 4 === 6 ? 40 : 20;
  const [before = 0, after = 0] = [packet, left].map(bytes => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
  const least = before < 512 ? 1 : before < 1024 ? 600 : 1024;
  return before === after ? 0 : after - least;
}

/** Ours. */
export function ourLab(): Lab & { readonly reason: string } {
  let router = new Router();
  let family: 4 | 6 = 4;
  let reason = "";
  return {
    get reason() {
      return reason;
    },
    begin(setting) {
      family = setting.family;
      for (const { helper, protocol } of setting.helpers)
        if (helperNamed(helper, family, protocol) === undefined) throw new Error(`no helper ${helper}`);
      router = new Router({ rules: setting.rules, helpers: setting.helpers });
    },
    take(arm, packet, left) {
      if (left !== undefined) router.random = drawn(packet, left);
      const { out, carrier, stopped } = router.take(packet, arm);
      reason = `${stopped ?? ""} ${carrier.trackingReason ?? ""}`;
      return out;
    },
    expectations: () =>
      router.tracker.expectations
        .list(router.now)
        .map(one => printExpectation(one, router.now, { timeouts: false }))
        .toSorted(),
    connections: () =>
      router.tracker
        .connections(router.now)
        .map(one => plainConnection(printConnection(one, router.now, { timeouts: false })))
        .toSorted(),
    lifetimes: () =>
      lifetimesOf(
        router.tracker.expectations.list(router.now).map(one => printExpectation(one, router.now)),
        router.tracker.connections(router.now).map(one => printConnection(one, router.now)),
      ),
  };
}
