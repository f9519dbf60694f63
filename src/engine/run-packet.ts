import { isLoopback, type Host, type Interface } from "../host/index.ts";
import { PACKET_TYPES, specToBytes, type PacketSpec } from "../packet/index.ts";
import { CT_STATE } from "../predicate/index.ts";
import type { Firewall, RunOptions } from "./firewall.ts";
import type { Outcome } from "./outcome.ts";

/** Runs the packet that a spec describes: from the wire, or from a program of this machine when only `out` or an own source address says where it is from. */
export function runPacket(firewall: Firewall, spec: PacketSpec, now: number, options: RunOptions = {}): Outcome {
  const bytes = specToBytes(spec);
  const { mark, uid, gid, mac, ctState } = spec;
  const supposed = ctState && CT_STATE[ctState];
  const device = entryOf(firewall.host, spec);
  if (device === undefined) return firewall.send({ bytes, mark, uid, gid, out: spec.out, supposed, around: spec }, now, options);
  return firewall.receive({ bytes, in: device, mark, mac, pkttype: packetTypeOf(spec), supposed, around: spec }, now, options);
}

/** The interface that a packet comes in on: the one it names, else the first, unless it names one to leave by or comes from this machine. */
export function entryOf({ interfaces }: Host, { physin, in: input, out, source: { address: source } }: PacketSpec): string | undefined {
  const named = physin ?? input;
  if (named !== undefined) return named;
  const own = isLoopback(source) || interfaces.some(({ addresses }) => addresses.some(({ address }) => address === source));
  return out !== undefined || own ? undefined : firstDevice(interfaces);
}

/** Number of the link-layer packet type that a spec names. Kernel: if_packet.h. */
export const packetTypeOf = ({ pkttype }: Pick<PacketSpec, "pkttype">): number | undefined =>
  pkttype === undefined ? undefined : PACKET_TYPES.indexOf(pkttype);

const firstDevice = (interfaces: readonly Interface[]): string => interfaces.find(({ link }) => link !== "loopback")?.name ?? "lo";
