import { assumeHost, Router } from "../src/host/index.ts";
import { Packet } from "../src/engine/index.ts";
import { dissect, isFault, isNotationFault, parseNotation, specToBytes } from "../src/packet/index.ts";
import { bareStore, CT_STATE, holds, type Facts, type Family, type Field, type Moment } from "../src/predicate/index.ts";
import type { Rule } from "../src/ruleset/index.ts";
import { printSave, readRules } from "../src/syntax/index.ts";

/** One `rule;saved form;OK|FAIL` in one chain and family; `saved` is what iptables-save prints after `-A CHAIN`. */
export interface RuleRow {
  readonly line: number;
  readonly family: Family;
  readonly table: string;
  readonly chain: string;
  /** Rules that stand before it, for rules that need others. */
  readonly before: readonly string[];
  readonly rule: string;
  readonly saved: string;
  readonly outcome: "OK" | "FAIL";
}

/** One `rule;packet;match|no|hotdrop`. */
export interface PacketRow {
  readonly line: number;
  readonly family: Family;
  readonly table: string;
  readonly chain: string;
  readonly before: readonly string[];
  readonly rule: string;
  readonly packet: string;
  readonly outcome: "match" | "no" | "hotdrop";
}

export interface RowFile {
  readonly rules: readonly RuleRow[];
  readonly packets: readonly PacketRow[];
}

/** Reads a `.t` file; every rule row counts once for each of the chains and families it stands under. Throws on a row it cannot read. */
export function chainRows(text: string): RowFile {
  const rules: RuleRow[] = [];
  const packets: PacketRow[] = [];
  let table = "filter";
  let chains: readonly string[] = ["INPUT"];
  let families: readonly Family[] = [4];
  const before: string[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("*")) table = line.slice(1);
    else if (line.startsWith(":")) chains = line.slice(1).split(",");
    else if (line.startsWith("+")) before.push(line.slice(1));
    else if (line.startsWith("@family ")) families = Array.from(line.slice("@family ".length), digit => Number(digit) as Family);
    else {
      const parts = line.split(";");
      const outcome = parts.pop() ?? "";
      const second = parts.pop() ?? "";
      const rule = parts.join(";");
      for (const family of families)
        for (const chain of chains) {
          const place = { line: index + 1, family, table, chain, before: [...before], rule };
          if (outcome === "OK" || outcome === "FAIL") rules.push({ ...place, saved: second === "=" ? rule : second, outcome });
          else if (outcome === "match" || outcome === "no" || outcome === "hotdrop") packets.push({ ...place, packet: second, outcome });
          else throw new Error(`line ${index + 1}: "${outcome}" is none of OK, FAIL, match, no, hotdrop`);
        }
    }
  }
  return { rules, packets };
}

/** What loading the rule gives, alone but for those it needs: its saved form, or the faults. */
export function savedRule({ family, table, chain, before, rule }: Pick<RuleRow, "family" | "table" | "chain" | "before" | "rule">): {
  readonly saved: string;
  readonly faults: readonly string[];
} {
  const { ruleset, faults } = readRules(tableText(table, chain, [...before, rule]), "row", { family });
  const saved = ruleset
    ? printSave(ruleset)
        .split("\n")
        .filter(line => line.startsWith("-A "))
        .slice(before.length)
    : [];
  return { saved: saved.join("\n"), faults: faults.map(({ message }) => message) };
}

const tableText = (table: string, chain: string, rules: readonly string[]): string =>
  `*${table}\n${rules.map(rule => `-A ${chain} ${rule}\n`).join("")}COMMIT\n`;

const moment: Moment = { now: 1e15, random: () => 0 };

/** What the rule's conditions say of the packet, asked in the kernel's order. */
export function packetOutcome({ family, table, chain, before, rule, packet: text }: PacketRow): PacketRow["outcome"] {
  return judge(loadedRule({ family, table, chain, before, rule }), factsOf(text, family));
}

/** The row's rule as it is loaded. */
export function loadedRule({ family, table, chain, before, rule }: Pick<RuleRow, "family" | "table" | "chain" | "before" | "rule">): Rule {
  const { ruleset, faults } = readRules(tableText(table, chain, [...before, rule]), "row", { family });
  const loaded = ruleset?.tables.values().next().value?.chains.get(chain)?.rules[before.length];
  if (!loaded) throw new Error(faults.map(({ message }) => message).join("\n"));
  return loaded;
}

/** The packet of a row as conditions see it. */
export function factsOf(text: string, family: Family): Facts {
  const spec = parseNotation(text);
  if (isNotationFault(spec)) throw new Error(`${text}: ${spec.message}`);
  if (spec.family !== family) throw new Error(`${text}: the row is for IPv${family}`);
  const bytes = specToBytes(spec);
  const layout = dissect(bytes);
  if (isFault(layout)) throw new Error(`${text}: ${layout.fault}`);
  const host = assumeHost([], [{ family, source: spec.source.address, destination: spec.destination.address, in: spec.in, out: spec.out }]);
  const router = new Router(host);
  const device = (name: string | undefined): ReturnType<typeof router.interfaces.get> =>
    name === undefined ? undefined : router.interfaces.get(name);
  const packet = new Packet(bytes, layout, router, moment.now, {
    in: device(spec.in),
    physin: spec.physin,
    physout: spec.physout,
    mark: spec.mark,
    mac: spec.mac,
    pkttype: spec.pkttype === undefined ? undefined : ["host", "broadcast", "multicast", "otherhost"].indexOf(spec.pkttype),
    uid: spec.uid,
    gid: spec.gid,
    socket: spec.uid !== undefined || spec.cgroup !== undefined || spec.cgroupPath !== undefined,
    around: spec,
  });
  packet.out = device(spec.out);
  const state = spec.ctState;
  if (state !== undefined) {
    const read = packet.value;
    Object.assign(packet, { value: (field: Field) => (field === "ctstate" ? CT_STATE[state] : read(field)) });
  }
  return packet;
}

function judge(rule: Rule, facts: Facts): PacketRow["outcome"] {
  const store = bareStore(moment);
  for (const { predicate, hotdrop } of rule.conditions) {
    if (hotdrop && holds(hotdrop, facts, moment, store)) return "hotdrop";
    if (!holds(predicate, facts, moment, store)) return "no";
  }
  return "match";
}
