import { CT_INFO, natHook, type NatRange } from "../conntrack/index.ts";
import type { Hook, TableName } from "../xtables/index.ts";
import { dropped } from "./ending.ts";
import { keyOf } from "./first-fragments.ts";
import type { Journey } from "./journey.ts";
import type { Base, FamilyRules, Machine } from "./machine.ts";
import { resolveRange } from "./nat-addresses.ts";
import type { Packet } from "./packet.ts";
import { reroute } from "./reroute.ts";
import type { TraceEvent } from "./trace-events.ts";
import { confirm, track } from "./tracking-steps.ts";
import { traverse } from "./traverse.ts";
import { VERDICT, type Verdict } from "./verdict.ts";

type Step = "defragment" | "track" | "confirm" | TableName;

/** What runs at each hook, by the kernel's priorities. Kernel: netfilter_ipv4.h, enum nf_ip_hook_priorities. */
const STEPS: Readonly<Record<Hook, readonly Step[]>> = {
  PREROUTING: ["defragment", "raw", "track", "mangle", "nat"],
  INPUT: ["mangle", "filter", "security", "nat", "confirm"],
  FORWARD: ["mangle", "filter", "security"],
  OUTPUT: ["defragment", "raw", "track", "mangle", "nat", "filter", "security"],
  POSTROUTING: ["mangle", "nat", "confirm"],
};

/** Everything that is hung up at one hook, in order, until something says otherwise than accept. Kernel: core.c, nf_hook_slow. */
export function runHook(machine: Machine, hook: Hook, packet: Packet, journey: Journey): Verdict {
  packet.hook = hook;
  journey.events?.push({ event: "hook", hook, in: packet.in?.name ?? "", out: packet.out?.name ?? "" });
  const rules = machine.rules[packet.family];
  if (rules === undefined) return VERDICT.ACCEPT;
  for (const step of STEPS[hook]) {
    const verdict = runStep(machine, rules, hook, step, packet, journey);
    if (verdict !== VERDICT.ACCEPT) return verdict;
  }
  return VERDICT.ACCEPT;
}

function runStep(machine: Machine, rules: FamilyRules, hook: Hook, step: Step, packet: Packet, journey: Journey): Verdict {
  switch (step) {
    case "defragment":
      return rules.defragments ? defragment(machine, hook, packet, journey) : VERDICT.ACCEPT;
    case "track":
      return rules.tracks ? track(machine, hook, packet, journey) : VERDICT.ACCEPT;
    case "confirm":
      return rules.tracks ? confirm(machine, packet, journey) : VERDICT.ACCEPT;
    default: {
      const base = rules.bases[hook][step];
      if (base === undefined) return VERDICT.ACCEPT;
      if (step === "nat") return rules.tracks ? translate(machine, hook, base, packet, journey) : VERDICT.ACCEPT;
      journey.events?.push({ event: "table", hook, table: step });
      if (step === "mangle" && hook === "OUTPUT") return mangleOutput(machine, base, packet, journey);
      return traverse(base.table, base.chain, packet, journey, machine.execute);
    }
  }
}

/** Kernel: nf_defrag_ipv4.c, ipv4_conntrack_defrag; nf_defrag_ipv6_hooks.c, ipv6_defrag. */
function defragment(machine: Machine, hook: Hook, packet: Packet, journey: Journey): Verdict {
  // Pieces that come back over loopback are put together again; only IPv6 looks whether it knows them.
  if (packet.info === CT_INFO.UNTRACKED || (packet.family === 6 && packet.connection !== undefined)) return VERDICT.ACCEPT;
  const { layout } = packet;
  if (packet.family === 4 ? layout.fragmentOffset === 0 && !layout.moreFragments : layout.fragmentHeader === undefined)
    return VERDICT.ACCEPT;
  return gather(machine, hook === "OUTPUT" ? "OUTPUT" : "PREROUTING", packet, journey);
}

/** Gives a fragment to reassembly; ACCEPT goes on with the whole packet, or with what was no fragment after all. */
export function gather(machine: Machine, at: "PREROUTING" | "OUTPUT" | "delivery", packet: Packet, journey: Journey): Verdict {
  const { now } = journey.moment;
  const key = keyOf(packet, at);
  machine.firstFragments.note(packet, at, now);
  const result = machine.defragmenter.push(packet.bytes, packet.layout, { at, in: packet.in?.name }, now);
  switch (result.do) {
    case "pass":
      return VERDICT.ACCEPT;
    case "held":
      journey.events?.push({ event: "defragment", done: false, length: packet.bytes.length });
      journey.reason = "a fragment, held until the rest of its packet comes";
      return VERDICT.STOLEN;
    case "dropped":
      if (packet.family === 4) {
        // The hook says that it keeps the fragment, so that its sender hears of no fault.
        dropped(result.reason, packet, journey);
        return VERDICT.STOLEN;
      }
      journey.reason = result.reason;
      return VERDICT.DROP;
    case "whole":
      if (at !== "delivery") packet.reassembledAt = packet.layout.fragmentHeader;
      packet.bytes = result.bytes;
      packet.layout = result.layout;
      packet.refresh();
      packet.fragMaxSize = result.maximum;
      packet.fragDontFragment = result.dontFragment;
      packet.pieces = result.parts;
      Object.assign(packet, marksOf(machine.firstFragments.take(key)));
      packet.checksum = "unknown";
      journey.events?.push({ event: "defragment", done: true, length: packet.bytes.length });
      return VERDICT.ACCEPT;
  }
}

/** The marks of a first fragment, without its time limit. */
function marksOf(first: ReturnType<Machine["firstFragments"]["take"]>): Partial<Packet> {
  if (first === undefined) return {};
  const { mark, priority, pkttype, mac, linkHeader, frameDestination } = first;
  return { mark, priority, pkttype, mac, linkHeader, frameDestination };
}

/** Kernel: iptable_mangle.c, ipt_mangle_out; ip6table_mangle.c, ip6t_mangle_out: what routing asks for may change here, and is then asked again. */
function mangleOutput(machine: Machine, base: Base, packet: Packet, journey: Journey): Verdict {
  const before = routingKey(packet);
  const verdict = traverse(base.table, base.chain, packet, journey, machine.execute);
  if (verdict === VERDICT.DROP || verdict === VERDICT.STOLEN || routingKey(packet) === before) return verdict;
  return reroute(machine, packet, journey) ? verdict : VERDICT.DROP;
}

function routingKey(packet: Packet): string {
  const { bytes, mark } = packet;
  const head = packet.family === 4 ? `${bytes[1]}` : `${bytes[0]},${bytes[1]},${bytes[2]},${bytes[3]},${bytes[7]}`;
  return `${packet.source}>${packet.destination} ${mark} ${head}`;
}

function translate(machine: Machine, hook: Hook, base: Base, packet: Packet, journey: Journey): Verdict {
  if (hook === "FORWARD") return VERDICT.ACCEPT;
  const before = journey.events === undefined ? undefined : endpoints(packet);
  let asked: Verdict = VERDICT.ACCEPT;
  const consult = (): NatRange | "accept" | "drop" => {
    journey.events?.push({ event: "table", hook, table: "nat" });
    journey.mapping = undefined;
    asked = traverse(base.table, base.chain, packet, journey, machine.execute);
    if (asked !== VERDICT.ACCEPT) return "drop";
    const { mapping } = journey;
    if (mapping === undefined) return "accept";
    const range = resolveRange(machine, mapping, hook, packet);
    if (range === "drop") journey.reason = "the interface has no address to translate to";
    return range;
  };
  const outcome = natHook(machine.tracker, packet, { hook, out: packet.out?.name ?? "" }, consult);
  if (outcome.verdict === "drop") {
    journey.reason ??= packet.trackingReason;
    return asked === VERDICT.ACCEPT ? VERDICT.DROP : asked;
  }
  if (outcome.rewritten && before !== undefined) for (const event of rewrites(before, endpoints(packet))) journey.events?.push(event);
  if (outcome.reroute) {
    if (hook === "PREROUTING") packet.looped = false;
    else if (hook === "OUTPUT" && !reroute(machine, packet, journey)) return VERDICT.DROP;
  }
  return VERDICT.ACCEPT;
}

const ENDPOINT_FIELDS = ["saddr", "sport", "daddr", "dport"] as const;

function endpoints(packet: Packet): readonly ReturnType<Packet["value"]>[] {
  return ENDPOINT_FIELDS.map(field => packet.value(field));
}

function* rewrites(before: ReturnType<typeof endpoints>, after: ReturnType<typeof endpoints>): Generator<TraceEvent> {
  for (const [index, field] of ENDPOINT_FIELDS.entries()) {
    if (before[index] !== after[index]) yield { event: "rewrite", by: "NAT", field, from: before[index], to: after[index] };
  }
}
