import { CT_STATE, type Field } from "../predicate/index.ts";
import { NO, YES, type Diagram } from "./diagrams.ts";
import type { SessionKind } from "./kinds.ts";
import type { Results } from "./outcome.ts";
import type { Space } from "./space.ts";
import type { Transform } from "./transform.ts";

/** What tracking says of a packet: its state, and the status bits of its connection where it has one. */
export interface Tracked {
  readonly state: number;
  readonly status: number | undefined;
}

const INVALID: Tracked = { state: CT_STATE.INVALID, status: undefined };
/** CONFIRMED. */
const NEW: Tracked = { state: CT_STATE.NEW, status: 8 };

/** Is the packet of a leaf kept from tracking? */
export function isUntracked({ space }: Results, { assignments }: Transform): boolean {
  return assignments.get(space.fieldLevel("ctstate"))?.rank === space.domainOf("ctstate").rankOf(CT_STATE.UNTRACKED);
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
 * waits for, or to another machine. Kernel: nf_nat_core.c, nf_nat_inet_fn.
 */
export function untranslated(results: Results, part: Diagram, change: Transform): Diagram {
  const { space } = results;
  const { diagrams } = space;
  const untracked = diagrams
    .leavesOf(part)
    .filter(leaf => results.of(leaf).ending === "accept" && isUntracked(results, results.of(leaf).transform));
  if (untracked.length === 0) return part;
  const same = unchanged(space, change);
  if (same === YES) return part;
  const lost = results.leaf("drop", undefined, "untranslated");
  const without = diagrams.mapLeaves(part, leaf => (untracked.includes(leaf) ? lost : leaf));
  return diagrams.choose(same, part, without);
}

/** Sessions whose addresses and ports a mapping leaves as they are. */
function unchanged(space: Space, { assignments }: Transform): Diagram {
  const { diagrams } = space;
  let same: Diagram = YES;
  for (const field of MAPPED) {
    const level = space.fieldLevel(field);
    const to = assignments.get(level);
    if (to === undefined) continue;
    const domain = space.domainOf(field);
    if (to.rank === undefined) return NO;
    const [low, high] = domain.rangeOf(to.rank);
    if (low !== high) return NO;
    same = diagrams.and(same, diagrams.interval(level, to.rank, to.rank, domain.size - 1, YES, NO));
  }
  return same;
}

const TCP = 6;
const MAPPED: readonly Field[] = ["saddr", "daddr", "sport", "dport"];
