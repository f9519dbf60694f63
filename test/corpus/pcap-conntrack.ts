/** Captures played packet by packet through a router: the state that the kernel gave each packet, what it passed on, and its connection table. */
import { readdirSync, readFileSync } from "node:fs";
import { printConnection, printExpectation } from "../../src/conntrack/index.ts";
import { createFirewall, type Emitted, type Firewall } from "../../src/engine/index.ts";
import { TABLE, type Host, type Route } from "../../src/host/index.ts";
import { u128 } from "../../src/packet/index.ts";
import { decodeCapture, type CapturedPacket } from "../../src/packet/capture/index.ts";
import type { Family } from "../../src/predicate/index.ts";
import { readSave } from "../../src/syntax/index.ts";
import { addressOf, fixedRandom, gzippedJson, hostOf, without } from "./packet-case.ts";
import type { SuiteResult } from "./suite.ts";

interface CaptureCase {
  readonly pcap: string;
  readonly family: Family;
  /** Address → the side of the router it is on. */
  readonly sides: Readonly<Record<string, number>>;
  readonly ruleset: string;
  readonly packets: readonly CapturePacket[];
  /** After the last packet, with counters. */
  readonly final_conntrack: readonly string[];
  readonly final_expect: readonly string[];
}

interface CapturePacket {
  /** Number in the file, from 1. */
  readonly n: number;
  readonly t: number;
  readonly dev: string;
  /** Last words of the rules that matched. */
  readonly hit: readonly string[];
  readonly fwd: boolean;
  readonly out: readonly (readonly [string, number])[];
  /** The table after it, when it changed. */
  readonly ct?: readonly string[];
}

export const name = "pcap-conntrack";

export async function run(dir: string): Promise<SuiteResult> {
  const outOfReach = new Map<string, number>();
  const disagreements: { id: string; expected: string; got: string }[] = [];
  let total = 0;
  let agreed = 0;
  const folder = `${dir}/expected/packets/pcap-conntrack`;
  for (const file of readdirSync(folder)
    .filter(file => file.endsWith(".json.gz"))
    .toSorted()) {
    const given = gzippedJson<CaptureCase>(`${folder}/${file}`);
    const frames = [...decodeCapture(readFileSync(`${dir}/${given.pcap}`))].filter(
      (item): item is CapturedPacket => item.kind === "packet",
    );
    const { firewall, labels } = load(given);
    let connections: readonly string[] = [];
    let last = START;
    const compare = (id: string, expected: string, got: string): void => {
      total++;
      if (expected === got) agreed++;
      else disagreements.push({ id: `${file} ${given.pcap} ${id}`, expected, got });
    };
    for (const packet of given.packets) {
      const frame = frames[packet.n - 1]?.network;
      if (frame === undefined) continue;
      const now = START + packet.t * 1_000_000;
      const before = hitsOf(firewall, given.family);
      const forwardedBefore = forwardedBy(firewall, given.family);
      const outcome = firewall.receive({ bytes: frame.bytes, in: packet.dev }, now);
      const hits = hitsOf(firewall, given.family).flatMap((count, index) => (count === before[index] ? [] : [labels[index] ?? ""]));
      connections = packet.ct?.map(withoutUse) ?? connections;
      const check = (what: string, expected: string, got: string): void => compare(`#${packet.n}: ${what}`, expected, got);
      last = now;
      const expected = packet.hit.filter(label => labels.includes(label)).join(" ");
      if (expected === `INVALID ${hits.join(" ")}` && packet.fwd) {
        // The kernel redirects a sender that is itself, and the redirect comes in over loopback.
        outOfReach.set("states with the kernel's own redirect", (outOfReach.get("states with the kernel's own redirect") ?? 0) + 1);
      } else check("state", expected, hits.join(" "));
      check("forwarded", String(packet.fwd), String(forwardedBy(firewall, given.family) > forwardedBefore));
      const out = outcome.emitted
        .filter(frame => hasNeighbour(given, frame) && !isDiscovery(frame.bytes))
        .map(({ interface: device, bytes }) => `${device} ${bytes.length}`);
      if (isDiscovery(frame.bytes) && packet.out.length > 0) {
        outOfReach.set("frames that waited for a neighbour", (outOfReach.get("frames that waited for a neighbour") ?? 0) + 1);
      } else check("frames", packet.out.map(([device, length]) => `${device} ${length}`).join("\n"), out.join("\n"));
      const lines = firewall.connections(now).map(connection => withoutCounts(printConnection(connection, now, { timeouts: false })));
      check("connections", without(connections, lines), without(lines, connections));
    }
    const end = firewall.connections(last);
    const counted = end.map(connection => printConnection(connection, last, { timeouts: false }));
    const recorded = given.final_conntrack.map(withoutUse);
    compare("at the end: connections with counters", without(recorded, counted), without(counted, recorded));
    const foreseen = firewall.expectations(last).map(expectation => printExpectation(expectation, last, { timeouts: false }));
    compare("at the end: expectations", given.final_expect.map(withoutTimeout).toSorted().join("\n"), foreseen.toSorted().join("\n"));
  }
  return { name, agreed, total, outOfReach, disagreements };
}

/** 2026-11-21, in µs. */
const START = 1_795_219_200_000_000;

/** Reference counts differ from run to run. */
function withoutUse(line: string): string {
  const at = line.indexOf(" use=");
  return at < 0 ? line : line.slice(0, at);
}

function withoutCounts(line: string): string {
  return line
    .split(" ")
    .filter(word => !word.startsWith("packets=") && !word.startsWith("bytes="))
    .join(" ");
}

/** The seconds until an expectation expires come first. */
const withoutTimeout = (line: string): string => line.slice(line.indexOf(" ") + 1);

function load(given: CaptureCase): { readonly firewall: Firewall; readonly labels: readonly string[] } {
  const labels: string[] = [];
  for (const line of given.ruleset.split("\n"))
    if (line.startsWith("-A PREROUTING -m ")) labels.push(line.slice(line.lastIndexOf(" ") + 1));
  const { ruleset, faults } = readSave(given.ruleset, given.pcap, { family: given.family });
  if (ruleset === undefined) throw new Error(faults.map(fault => fault.message).join("\n"));
  const firewall = createFirewall({
    [given.family === 4 ? "v4" : "v6"]: ruleset,
    host: routerBetween(given),
    random: fixedRandom().next,
    start: START,
  });
  return { firewall, labels };
}

function routerBetween({ family, sides }: CaptureCase): Host {
  const interfaces =
    family === 4 ? { eth0: ["10.99.0.1"], eth1: ["10.99.1.1"] } : { eth0: ["fd99::1", "fe80::1"], eth1: ["fd99:0:0:1::1"] };
  const host = hostOf({ interfaces, routes: {} }, family, { tcp: [], udp: [] }, []);
  const routes = Object.entries(sides).map(([address, side]): Route => ({
    family,
    table: TABLE.MAIN,
    type: "unicast",
    destination: addressOf(address, family),
    prefixLength: family === 4 ? 32 : 128,
    device: `eth${side}`,
    metric: 0,
  }));
  // Every interface has a link-local network; what goes there finds no neighbour.
  const local = ["eth0", "eth1"].map((device): Route => ({
    family: 6,
    table: TABLE.MAIN,
    type: "unicast",
    destination: addressOf("fe80::", 6),
    prefixLength: 64,
    device,
    metric: 256,
  }));
  // Captures have frames larger than Ethernet's; the measuring machine passed them on as they were.
  return {
    ...host,
    sysctls: new Map([...host.sysctls, ["net.netfilter.nf_conntrack_acct", 1]]),
    interfaces: host.interfaces.map(one => ({ ...one, mtu: 65535 })),
    routes: family === 6 ? [...routes, ...local] : routes,
  };
}

/** ICMPv6 133 to 137: not on record, because the measuring machine's own could not be told apart. */
function isDiscovery(bytes: Uint8Array): boolean {
  const type = bytes[40] ?? 0;
  return (bytes[0] ?? 0) >> 4 === 6 && bytes[6] === 58 && type >= 133 && type <= 137;
}

/** On the measuring machine link-local neighbours could be reached on the first side only; on the other their frames waited for an answer. */
function hasNeighbour({ sides }: CaptureCase, frame: Emitted): boolean {
  const { bytes } = frame;
  if ((bytes[0] ?? 0) >> 4 !== 6 || bytes[24] !== 0xfe || ((bytes[25] ?? 0) & 0xc0) !== 0x80) return true;
  return Object.entries(sides).some(
    ([address, side]) => addressOf(address, 6) === u128(bytes, 24) && side === 0 && frame.interface === "eth0",
  );
}

function hitsOf(firewall: Firewall, family: Family): readonly bigint[] {
  return (
    firewall
      .counters(family)
      .get("mangle")
      ?.get("PREROUTING")
      ?.rules.map(rule => rule.packets) ?? []
  );
}

function forwardedBy(firewall: Firewall, family: Family): bigint {
  return firewall.counters(family).get("filter")?.get("FORWARD")?.rules[0]?.packets ?? 0n;
}
