import { CT_STATE, type Field } from "../predicate/index.ts";
import { NO, YES, type Diagram } from "./diagrams.ts";
import type { SessionKind } from "./kinds.ts";
import type { Results } from "./outcome.ts";
import { assignmentOf, type Transform } from "./transform.ts";
import { MAPPED, unchanged } from "./unchanged.ts";

/** What tracking says of a packet: its state, and the status bits of its connection where it has one. */
export interface Tracked {
  readonly state: number;
  readonly status: number | undefined;
}

const INVALID: Tracked = { state: CT_STATE.INVALID, status: undefined };
/** CONFIRMED. */
const NEW: Tracked = { state: CT_STATE.NEW, status: 8 };

/** Is the packet of a leaf kept from tracking? */
export function isUntracked({ space }: Results, change: Transform): boolean {
  return assignmentOf(change, space.fieldLevel("ctstate"))?.rank === space.domainOf("ctstate").rankOf(CT_STATE.UNTRACKED);
}

/**
 * What tracking says of packets whose opener it has not seen. TCP is taken up in the middle, but not by a SYN+ACK; a reply of ICMP belongs to
 * nothing. Kernel: nf_conntrack_proto_tcp.c, tcp_new; nf_conntrack_proto_icmp.c, icmp_pkt_to_tuple and nf_conntrack_icmp_packet.
 */
export function withoutOpener({ protocol, icmpType }: SessionKind, role: "answer" | "rest", ofServer: boolean): Tracked {
  if (icmpType !== undefined) return ofServer ? INVALID : NEW;
  return protocol === TCP && role === "answer" ? INVALID : NEW;
}

/** What tracking says of a client's later packets when it has seen the opener, and no answer: TCP has none but a SYN again in that state. */
export const withoutAnswer = ({ protocol }: SessionKind): Tracked => (protocol === TCP ? INVALID : NEW);

/** Sessions whose packets go on untracked, by how they end. */
export function untrackedOnes(results: Results, part: Diagram): Diagram {
  const { diagrams } = results.space;
  return diagrams.mapLeaves(part, leaf => {
    const { ending, transform } = results.of(leaf);
    return ending === "accept" && isUntracked(results, transform) ? YES : NO;
  });
}

/**
 * Packets of a session that NAT has changed, of which those that are not tracked meet no NAT: they come with other addresses than the other side
 * waits for, or to another machine. Kernel: nf_nat_core.c, nf_nat_inet_fn. `own` is the field in which the machine's own address stands.
 */
export function untranslated(results: Results, part: Diagram, change: Transform, own: Field | undefined): Diagram {
  const leaves = results.space.diagrams.leavesOf(part).filter(leaf => goesOn(results, leaf, true));
  return leaves.length === 0
    ? part
    : lostWhere(results, part, results.space.diagrams.not(unchanged(results.space, change, BOTH_ENDS, own)), true);
}

/**
 * Answers that tracking takes for a connection of their own, because it has not seen the opener: those get lost that NAT then changes. `nat` is
 * what it does to them.
 */
export function translated(results: Results, part: Diagram, nat: Diagram, own: Field | undefined): Diagram {
  const { diagrams } = results.space;
  let moved: Diagram = NO;
  for (const leaf of diagrams.leavesOf(nat)) {
    const here = diagrams.endingIn(nat, [leaf]);
    moved = diagrams.or(moved, diagrams.minus(here, unchanged(results.space, results.of(leaf).transform, BOTH_ENDS, own)));
  }
  return lostWhere(results, part, moved, false);
}

/** Does a leaf let its packet go on, untracked or tracked? */
function goesOn(results: Results, leaf: Diagram, untracked: boolean): boolean {
  const { ending, transform } = results.of(leaf);
  return ending === "accept" && isUntracked(results, transform) === untracked;
}

function lostWhere(results: Results, part: Diagram, set: Diagram, untracked: boolean): Diagram {
  const { diagrams } = results.space;
  if (set === NO) return part;
  const lost = results.leaf("drop", undefined, "untranslated");
  const without = diagrams.mapLeaves(part, leaf => (goesOn(results, leaf, untracked) ? lost : leaf));
  return diagrams.choose(set, without, part);
}

const TCP = 6;
const BOTH_ENDS: readonly Field[] = [...MAPPED.source, ...MAPPED.destination];
