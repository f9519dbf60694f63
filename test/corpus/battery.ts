/** About two hundred crafted packets against every match-only rule of iptables' own tests: which rules match, and what becomes of the packet. */
import { createFirewall, type Firewall } from "../../src/engine/index.ts";
import { hex, unhex } from "../../src/packet/index.ts";
import type { Family } from "../../src/predicate/index.ts";
import { readSave } from "../../src/syntax/index.ts";
import { fixedRandom, gzippedJson, hostOf, macOf, masked, type Listeners, type Topology } from "./packet-case.ts";
import type { SuiteResult } from "./suite.ts";

interface Battery {
  readonly family: Family;
  readonly topology: Topology;
  readonly rules: readonly {
    readonly file: string;
    readonly table: string;
    readonly chain: string;
    readonly rule: string;
    readonly key: string;
  }[];
  readonly packets: readonly BatteryPacket[];
  readonly note: string;
}

interface BatteryPacket {
  readonly name: string;
  readonly t: number;
  /** Null for a packet that the machine sends itself. */
  readonly in_if: string | null;
  readonly srcmac?: string | null;
  readonly pkt: string;
  readonly delivered: number;
  readonly emitted: readonly (readonly [string, string])[];
  readonly hit: Readonly<Record<string, readonly [number, number]>>;
  readonly policy?: Readonly<Record<string, readonly [number, number]>>;
}

/** Extensions whose answers differ from run to run. */
const UNREPEATABLE = ["cpu", "statistic", "limit", "hashlimit"];

/** The stack's own answers are not looked at. */
const SILENT = { stack: false } as const;

export const name = "battery";

export async function run(dir: string): Promise<SuiteResult> {
  const outOfReach = new Map<string, number>();
  const disagreements: { id: string; expected: string; got: string }[] = [];
  let total = 0;
  let agreed = 0;
  for (const file of ["battery4", "battery6"]) {
    const battery = gzippedJson<Battery>(`${dir}/expected/packets/${file}.json.gz`);
    const { firewall, keys } = load(battery, outOfReach);
    for (const [index, packet] of battery.packets.entries()) {
      const before = countersOf(firewall, battery.family, keys);
      const now = clockOf(battery) + packet.t * 1_000_000;
      if (vanishesAmongStrangers(packet)) {
        outOfReach.set("packets that a rule not on record drops", (outOfReach.get("packets that a rule not on record drops") ?? 0) + 1);
        continue;
      }
      const bytes = unhex(packet.pkt);
      const outcome =
        packet.in_if === null
          ? firewall.send({ bytes, uid: 0, gid: 0 }, now, SILENT)
          : firewall.receive({ bytes, in: packet.in_if, ...(packet.srcmac && { mac: macOf(packet.srcmac) }) }, now, SILENT);
      const after = countersOf(firewall, battery.family, keys);
      const check = (what: string, expected: string, got: string): void => {
        total++;
        if (expected === got) agreed++;
        else disagreements.push({ id: `${file} #${index} ${packet.name}: ${what}`, expected, got });
      };
      check("delivered", String(packet.delivered), outcome.delivered === undefined ? "0" : "1");
      const own = (frame: readonly [string, string]): string =>
        `${frame[0]} ${frame[1].slice(12) === packet.pkt.slice(12) ? frame[1] : masked(frame[1])}`;
      // Router and neighbour discovery of the measuring machine's own is not on record.
      if (!isDiscovery(packet.pkt))
        check("frames", packet.emitted.map(own).join("\n"), outcome.emitted.map(e => own([e.interface, hex(e.bytes)])).join("\n"));
      for (const [key, now] of after) {
        const expected = key.endsWith("/policy") ? packet.policy?.[key] : packet.hit[key];
        const [packets, bytes] = before.get(key) ?? [0n, 0n];
        const rule = battery.rules.find(other => other.key === key)?.rule ?? "";
        check(`${key} ${rule}`, (expected ?? [0, 0]).join(" "), `${now[0] - packets} ${now[1] - bytes}`);
      }
    }
  }
  return { name, agreed, total, outOfReach, disagreements };
}

function clockOf({ note }: Battery): number {
  return Date.parse(note.slice(note.indexOf("started ") + 8).replace("+0000", "Z")) * 1000;
}

function isDiscovery(packet: string): boolean {
  return packet.startsWith("6") && packet.slice(12, 14) === "3a" && ["85", "86", "87", "88", "8f"].includes(packet.slice(80, 82));
}

/**
 * The rules on record are a sample. Among the others some ask for a DCCP option, and drop a packet whose options they cannot read: such a packet
 * vanishes in filter FORWARD, where no rule on record drops it.
 */
function vanishesAmongStrangers({ policy = {}, pkt }: BatteryPacket): boolean {
  const isDccp = (pkt.startsWith("6") ? pkt.slice(12, 14) : pkt.slice(18, 20)) === "21";
  return isDccp && policy["mangle/FORWARD/policy"] !== undefined && policy["filter/FORWARD/policy"] === undefined;
}

/** Programs on the measuring machine, as `-m socket` saw them. They never answered. */
const LISTENERS: Listeners = { tcp: [1, 53, 80, 1024, 65535], udp: [1, 53, 65535] };

/** The rules that are within reach, in their places; `keys` says where each has gone. */
function load(
  battery: Battery,
  outOfReach: Map<string, number>,
): { readonly firewall: Firewall; readonly keys: ReadonlyMap<string, readonly [string, string, number]> } {
  const keys = new Map<string, readonly [string, string, number]>();
  const tables = new Map<string, Map<string, string[]>>();
  for (const { table, chain, rule, key } of battery.rules.toSorted((a, b) => numberOf(a.key) - numberOf(b.key))) {
    const strange = stranger(battery.family, table, chain, rule);
    if (strange !== undefined) {
      outOfReach.set(strange, (outOfReach.get(strange) ?? 0) + 1);
      continue;
    }
    const chains = tables.get(table) ?? new Map<string, string[]>();
    tables.set(table, chains);
    const rules = chains.get(chain) ?? [];
    chains.set(chain, rules);
    rules.push(`-A ${chain} ${rule}`);
    keys.set(key, [table, chain, rules.length]);
  }
  for (const key of new Set(battery.packets.flatMap(packet => Object.keys(packet.policy ?? {})))) {
    const [table = "", chain = ""] = key.split("/");
    if (!tables.has(table)) tables.set(table, new Map());
    keys.set(key, [table, chain, 0]);
  }
  const text = [...tables].map(([table, chains]) => `*${table}\n${[...chains.values()].flat().join("\n")}\nCOMMIT\n`).join("");
  const { ruleset, faults } = readSave(text, "battery", { family: battery.family });
  if (ruleset === undefined) throw new Error(faults.map(fault => fault.message).join("\n"));
  const networks = Object.entries(battery.topology.routes).map(([device, network]) => [network, device] as const);
  const host = hostOf(battery.topology, battery.family, LISTENERS, networks);
  const firewall = createFirewall({
    [battery.family === 4 ? "v4" : "v6"]: ruleset,
    host,
    random: fixedRandom().next,
    start: clockOf(battery),
  });
  return { firewall, keys };
}

const numberOf = (key: string): number => Number(key.slice(key.lastIndexOf("/") + 1));

/** Why a rule is out of reach: the extension that is not there, or one that is not repeatable. */
function stranger(family: Family, table: string, chain: string, rule: string): string | undefined {
  const words = rule.split(" ");
  const match = words.find((word, at) => words[at - 1] === "-m" && UNREPEATABLE.includes(word));
  if (match !== undefined) return `${match} (not repeatable)`;
  const { ruleset, faults } = readSave(`*${table}\n-A ${chain} ${rule}\nCOMMIT\n`, "rule", { family });
  return ruleset === undefined ? (faults[0]?.message ?? "refused") : undefined;
}

function countersOf(
  firewall: Firewall,
  family: Family,
  keys: ReadonlyMap<string, readonly [string, string, number]>,
): Map<string, readonly [bigint, bigint]> {
  const tables = firewall.counters(family);
  const counters = new Map<string, readonly [bigint, bigint]>();
  for (const [key, [table, chain, number]] of keys) {
    const found = [...tables].find(([name]) => name === table)?.[1].get(chain);
    const counter = number === 0 ? found?.policy : found?.rules[number - 1];
    counters.set(key, [counter?.packets ?? 0n, counter?.bytes ?? 0n]);
  }
  return counters;
}
