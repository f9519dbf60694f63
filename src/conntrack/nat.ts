import { u128, u32 } from "../packet/index.ts";
import type { Carrier } from "./carrier.ts";
import { CT_INFO, directionOf } from "./direction.ts";
import { STATUS, type Connection } from "./connection.ts";
import { manipulate, type Manip } from "./manip.ts";
import { icmpHeader, translateError } from "./nat-icmp.ts";
import { netmapAddress, type NatRange } from "./nat-range.ts";
import { isSetUp, nullBinding, setUp } from "./nat-setup.ts";
import { manipOf } from "./nat-tuple.ts";
import type { Tracking } from "./tracking.ts";
import { invertTuple, type Address } from "./tuple.ts";

export type { NatRange };

/** Where a packet meets NAT. `out` is the interface it leaves by ("" before routing). */
export interface NatPlace {
  readonly hook: "PREROUTING" | "INPUT" | "OUTPUT" | "POSTROUTING";
  readonly out: string;
}

/**
 * The nat table, asked for a connection that has no mapping of this kind yet: a range to map to, "accept" (no rule maps it) or
 * "drop" (a rule or the policy drops it, or MASQUERADE finds no address).
 */
export type NatConsult = () => NatRange | "accept" | "drop";

/** What NAT did. `reroute`: in OUTPUT the destination address differs from the connection's, in PREROUTING it was rewritten. */
export interface NatOutcome {
  readonly verdict: "accept" | "drop";
  readonly rewritten: boolean;
  readonly reroute: boolean;
}

const UNTOUCHED: NatOutcome = { verdict: "accept", rewritten: false, reroute: false };
const DROPPED: NatOutcome = { verdict: "drop", rewritten: false, reroute: false };

/**
 * NAT of one packet at one hook: nf_nat_inet_fn and the family's wrappers (nf_nat_core.c, nf_nat_proto.c). A connection's
 * first packet asks `consult`; every packet is then translated by the connection's mapping, ICMP errors inside too. The
 * reason of a drop stands in `carrier.trackingReason`.
 */
export function natHook(tracker: Tracking, carrier: Carrier, place: NatPlace, consult: NatConsult): NatOutcome {
  const { connection } = carrier;
  if (connection === undefined) return UNTOUCHED;
  carrier.trackingReason = undefined;
  const before = destinationOf(carrier);
  const step = translate(tracker, carrier, connection, place, consult);
  if (step === "drop") return DROPPED;
  if (step === "rewritten") carrier.rewritten();
  return { verdict: "accept", rewritten: step === "rewritten", reroute: mustReroute(carrier, connection, place, before) };
}

type Step = "unchanged" | "rewritten" | "drop";

function translate(tracker: Tracking, carrier: Carrier, connection: Connection, place: NatPlace, consult: NatConsult): Step {
  const manip = manipOf(place.hook);
  const { info } = carrier;
  const related = info === CT_INFO.RELATED || info === CT_INFO.RELATED_REPLY;
  const l4 = related ? icmpHeader(carrier) : undefined;
  if (l4 !== undefined) {
    const result = translateError(carrier, connection, manip, l4);
    return typeof result === "string" ? result : drop(carrier, result.drop);
  }
  if ((related || info === CT_INFO.NEW) && !isSetUp(connection, manip)) {
    const range = consult();
    if (range === "drop") return "drop";
    if (range !== "accept") setUp(tracker, connection, resolveNetmap(carrier, range), tracker.now);
    if (typeof range === "object" && range.masqueradeInterface !== undefined) connection.masqueradeInterface = range.masqueradeInterface;
    if (!isSetUp(connection, manip)) setUp(tracker, connection, nullBinding(connection, manip), tracker.now);
  } else if (leavesElsewhere(carrier, connection, place)) {
    tracker.remove(connection);
    return drop(carrier, `the interface that it was masqueraded for, ${connection.masqueradeInterface}, is no longer its way out`);
  }
  return rewrite(carrier, connection, manip);
}

/** Kernel: nf_nat_core.c, nf_nat_packet; nf_nat_proto.c, nf_nat_manip_pkt. */
function rewrite(carrier: Carrier, connection: Connection, manip: Manip): Step {
  const direction = directionOf(carrier.info);
  const bit = (manip === "source") === (direction === 0) ? STATUS.SRC_NAT : STATUS.DST_NAT;
  if (!(connection.status & bit)) return "unchanged";
  const target = invertTuple(connection.tuples[direction === 0 ? 1 : 0]);
  if (target !== undefined && manipulate(carrier.bytes, 0, carrier.layout.totalLength, target, manip)) return "rewritten";
  return drop(carrier, "a header too short to translate");
}

/** A masqueraded connection whose packets now leave by another interface is over (nf_nat_oif_changed). */
function leavesElsewhere({ info }: Carrier, { masqueradeInterface }: Connection, { hook, out }: NatPlace): boolean {
  return hook === "POSTROUTING" && masqueradeInterface !== undefined && directionOf(info) === 0 && masqueradeInterface !== out;
}

function resolveNetmap({ bytes, family }: Carrier, range: NatRange): NatRange {
  if (range.netmap !== true || range.addresses === undefined) return range;
  const address = netmapAddress(bytes, family, range.manip, range.addresses);
  return { ...range, addresses: [address, address], netmap: undefined };
}

/** Kernel: nf_nat_proto.c, nf_nat_ipv4_pre_routing and nf_nat_ipv4_local_fn, and their like for IPv6. */
function mustReroute(carrier: Carrier, connection: Connection, { hook }: NatPlace, before: Address): boolean {
  if (hook === "PREROUTING") return destinationOf(carrier) !== before;
  if (hook !== "OUTPUT") return false;
  const direction = directionOf(carrier.info);
  return connection.tuples[direction].destination !== connection.tuples[direction === 0 ? 1 : 0].source;
}

const destinationOf = ({ bytes, family }: Carrier): Address => (family === 4 ? u32(bytes, 16) : u128(bytes, 24));

function drop(carrier: Carrier, reason: string): "drop" {
  carrier.trackingReason = reason;
  return "drop";
}
