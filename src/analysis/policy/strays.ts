import { CT_STATE, type Field, type Value } from "../../predicate/index.ts";
import { assignmentOf, NO, type Diagram, type Ending } from "../../symbolic/index.ts";
import { conditionsOf, possibleOn } from "../model.ts";
import type { StrayRow } from "../policy-report.ts";
import { thinned } from "./drafts.ts";
import { witnessBetween } from "./witness-between.ts";
import type { Prover } from "./prover.ts";
import type { Ranks } from "./ranks.ts";
import type { SectionNames } from "./section-names.ts";
import { serviceClasses } from "./service-classes.ts";
import { GROWTH, PORT, SOURCE_PORT, type SessionSets } from "./session-sets.ts";

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
export function straysOf(sets: SessionSets, names: SectionNames, tracked: boolean, prover: Prover): StrayRow[] {
  const said = new Map<string, string>();
  // Rules that do not look at flags let several kinds pass at the same places.
  const where: Where = (ports, set, pointless) => {
    const key = `${ports} ${set} ${pointless}`;
    let text = said.get(key);
    if (text === undefined) said.set(key, (text = whereText(ports, sets, names, set, pointless)));
    return text;
  };
  return PROBES[sets.space.family].flatMap(probe => strayOf(probe, sets, where, tracked, prover) ?? []);
}

/** Tells where the packets of a set pass, whether they have ports or not; those of the other set count or not, as it is shorter to say. */
type Where = (ports: boolean, set: Diagram, pointless: Diagram) => string;

function strayOf(probe: Probe, sets: SessionSets, where: Where, tracked: boolean, prover: Prover): StrayRow | undefined {
  const { path, space, sessions } = sets;
  const { diagrams } = space;
  const { shape, state } = probe;
  const known = new Map<number, number>();
  sessions.assume(known, "ctstate", tracked ? state : CT_STATE.INVALID);
  sessions.assume(known, "ctstatus", tracked && state === CT_STATE.NEW ? 0 : undefined);
  for (const [field, value] of shape) sessions.assume(known, field, value);
  const packets = diagrams.assume(sessions.packets(path), known);
  const leaves = diagrams.leavesOf(packets);
  const ending = (word: Ending): Diagram =>
    diagrams.endingIn(
      packets,
      leaves.filter(leaf => sessions.results.of(leaf).ending === word),
    );
  const possible = possibleOn(sets.model, path);
  const set = diagrams.and(ending("accept"), possible);
  if (set === NO) return undefined;
  const witness = witnessBetween(space, set, { path, about: "packet", claim: "accepted", shape });
  const proof = witness && prover.prove(witness);
  if (witness === undefined || proof?.confirmed !== true) return undefined;
  const sure = sets.surely(set) !== NO;
  const pointless = diagrams.or(ending("elsewhere"), diagrams.not(possible));
  return {
    path,
    kind: tracked && leaves.some(leaf => isUntracked(sets, leaf)) ? "untracked" : probe.kind,
    about: probe.about,
    where: where(probe.ports, sure ? sets.surely(set) : sets.possibly(set), sets.possibly(pointless)),
    certainty: sure ? { sure } : { sure, depends: conditionsOf(sets.model, set) },
    witness,
    decidedBy: proof.decidedBy ? [proof.decidedBy] : [],
  };
}

function isUntracked({ sessions, space }: SessionSets, leaf: Diagram): boolean {
  const { ending, transform } = sessions.results.of(leaf);
  return (
    ending === "accept" &&
    assignmentOf(transform, space.fieldLevel("ctstate"))?.rank === space.domainOf("ctstate").rankOf(CT_STATE.UNTRACKED)
  );
}

/** Places that one text names. */
const PLACES_MAX = 3;

/** Ports and addresses of packets: `http (tcp 80) from anywhere; all tcp from 192.168.1.0/24`. */
function whereText(ports: boolean, sets: SessionSets, names: SectionNames, set: Diagram, pointless: Diagram): string {
  const { diagrams } = sets.boxes;
  const { boxes, rest } = sets.boxes.cover(set, diagrams.or(set, pointless), GROWTH, PLACES_MAX + 1);
  const scale = { family: sets.space.family, kinds: sets.kinds, ports: sets.space.domainOf("dport") };
  const said = thinned(sets, boxes, set).map(box => {
    const { from, to, through } = names.of(box);
    const [service] = ports
      ? serviceClasses({ kinds: tcpRanks(sets), ports: box[PORT] as Ranks, sourcePorts: box[SOURCE_PORT] as Ranks, special: true }, scale)
      : [];
    const words = service === undefined ? [] : [`to ${service.name}`];
    if (from !== "self") words.push(`from ${from}`);
    if (sets.path !== "in" && to !== "anywhere" && to !== "self") words.push(`to ${to}`);
    if (through !== "") words.push(through);
    return words.join(" ");
  });
  return rest === NO && said.length <= PLACES_MAX ? said.join("; ") : `${said.slice(0, PLACES_MAX).join("; ")}; and more`;
}

/** The kind that TCP is. */
function tcpRanks({ kinds }: SessionSets): Ranks {
  const index = kinds.findIndex(({ protocol, ports }) => protocol === 6 && ports);
  return [[index, index]];
}
