import { CT_STATE, type Field, type Value } from "../../predicate/index.ts";
import { NO, YES, type Diagram } from "../../symbolic/index.ts";
import { possibleOn } from "../model.ts";
import { numberRanges } from "../names/index.ts";
import type { StrayRow } from "../policy-report.ts";
import { witnessOf } from "../witness-of.ts";
import type { Prover } from "./prover.ts";
import type { SessionSets } from "./session-sets.ts";

/** A packet that belongs to no session, and what it is called when it passes. */
interface Probe {
  readonly kind: StrayRow["kind"];
  readonly about: string;
  readonly shape: readonly (readonly [Field, Value])[];
  /** What tracking says of it, where the rules track. */
  readonly state: number;
  readonly ports: boolean;
}

const NO_ICMP: Probe["shape"] = [
  ["icmptype", undefined],
  ["icmpcode", undefined],
];
const tcp = (flags: number): Probe["shape"] => [["protocol", 6], ["tcpflags", flags], ...NO_ICMP];
const icmp = (protocol: number, type: number): Probe["shape"] => [
  ["protocol", protocol],
  ["icmptype", type],
  ["icmpcode", 0],
  ["tcpflags", undefined],
  ["sport", undefined],
  ["dport", undefined],
];

/** Flags: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32. Kernel: nf_conntrack_proto_tcp.c, tcp_conntracks and tcp_valid_flags. */
const TCP_PROBES: readonly Probe[] = [
  { kind: "mid-stream", about: "TCP segments with ACK alone", shape: tcp(16), state: CT_STATE.NEW, ports: true },
  { kind: "stateless-reply", about: "SYN+ACK that nobody asked for", shape: tcp(18), state: CT_STATE.INVALID, ports: true },
  { kind: "invalid", about: "TCP segments without any flag (NULL scan)", shape: tcp(0), state: CT_STATE.INVALID, ports: true },
  { kind: "invalid", about: "TCP segments with FIN, PSH and URG (XMAS scan)", shape: tcp(41), state: CT_STATE.INVALID, ports: true },
  { kind: "invalid", about: "RST of no connection", shape: tcp(4), state: CT_STATE.INVALID, ports: true },
];

const PROBES: Readonly<Record<4 | 6, readonly Probe[]>> = {
  4: [
    ...TCP_PROBES,
    { kind: "stateless-reply", about: "ping replies that nobody asked for", shape: icmp(1, 0), state: CT_STATE.INVALID, ports: false },
  ],
  6: [
    ...TCP_PROBES,
    { kind: "stateless-reply", about: "ping replies that nobody asked for", shape: icmp(58, 129), state: CT_STATE.INVALID, ports: false },
  ],
};

/** Packets that pass on the path outside any session, kind by kind; only those that the engine shows. */
export function straysOf(sets: SessionSets, tracked: boolean, prover: Prover): StrayRow[] {
  return PROBES[sets.space.family].flatMap(probe => strayOf(probe, sets, tracked, prover) ?? []);
}

function strayOf({ kind, about, shape, state, ports }: Probe, sets: SessionSets, tracked: boolean, prover: Prover): StrayRow | undefined {
  const { path, space, sessions } = sets;
  const { diagrams } = space;
  const known = new Map<number, number>();
  sessions.assume(known, "ctstate", tracked ? state : CT_STATE.INVALID);
  sessions.assume(known, "ctstatus", tracked && state === CT_STATE.NEW ? 0 : undefined);
  for (const [field, value] of shape) sessions.assume(known, field, value);
  const packets = diagrams.assume(sessions.packets(path), known);
  let untracked = false;
  const accepted = diagrams.mapLeaves(packets, leaf => (sessions.results.of(leaf).ending === "accept" ? YES : NO));
  const set = diagrams.and(accepted, possibleOn(sets.model, path));
  if (set === NO) return undefined;
  for (const leaf of diagrams.leavesOf(packets)) untracked ||= isUntracked(sets, leaf);
  const witness = witnessOf(space, set, { path, about: "packet", claim: "accepted", shape });
  const proof = witness && prover.prove(witness);
  if (witness === undefined || proof?.confirmed !== true) return undefined;
  const sure = sets.surely(set);
  const depends = sure === NO ? conditionTexts(sets, set) : [];
  return {
    path,
    kind: untracked && tracked ? "untracked" : kind,
    about: ports ? `${about}, to ${portsText(sets, sets.possibly(set))}` : about,
    certainty: sure === NO ? { sure: false, depends } : { sure: true },
    witness,
    decidedBy: proof.decidedBy ? [proof.decidedBy] : [],
  };
}

function isUntracked({ sessions, space }: SessionSets, leaf: Diagram): boolean {
  const { ending, transform } = sessions.results.of(leaf);
  return ending === "accept" && transform.assignments.get(space.fieldLevel("ctstate"))?.rank === space.domainOf("ctstate").rankOf(CT_STATE.UNTRACKED);
}

/** Destination ports of a set. */
function portsText({ space, boxes }: SessionSets, set: Diagram): string {
  const { diagrams } = space;
  const level = space.fieldLevel("dport");
  const ports = diagrams.quantify(set, other => other !== level, true);
  const domain = space.domainOf("dport");
  if (ports < 0) return "any port";
  const ranks = boxes.branches(ports).get(YES) ?? [];
  const values = ranks.flatMap(([low, high]): [number, number][] => {
    const first = domain.isAbsent(low) ? low + 1 : low;
    return first > high ? [] : [[Number(domain.rangeOf(first)[0]), Number(domain.rangeOf(high)[1])]];
  });
  return `port ${numberRanges(values, 6)}`;
}

function conditionTexts(sets: SessionSets, set: Diagram): string[] {
  const { levels, diagrams } = sets.space;
  return [...diagrams.levelsOf(set)].flatMap(number => {
    const level = levels[number];
    return level === undefined || sets.isDimension(number) ? [] : [sets.conditionText(level)];
  });
}
