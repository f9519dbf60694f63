import { isLoopback, type Interface } from "../host/index.ts";
import { PACKET_TYPES, specToBytes, type PacketSpec } from "../packet/index.ts";
import { CT_STATE } from "../predicate/index.ts";
import type { Firewall, RunOptions } from "./firewall.ts";
import type { Outcome } from "./outcome.ts";

/** Runs the packet that a spec describes: from the wire, or from a program of this machine when only `out` or an own source address says where it is from. */
export function runPacket(firewall: Firewall, spec: PacketSpec, now: number, options: RunOptions = {}): Outcome {
  const { interfaces } = firewall.host;
  const bytes = specToBytes(spec);
  const { mark, uid, gid, mac, ctState, source } = spec;
  const supposed = ctState && CT_STATE[ctState];
  const own = isLoopback(source.address) || interfaces.some(({ addresses }) => addresses.some(({ address }) => address === source.address));
  const device = spec.physin ?? spec.in;
  if (device === undefined && (spec.out !== undefined || own))
    return firewall.send({ bytes, mark, uid, gid, out: spec.out, supposed, around: spec }, now, options);
  const received = { bytes, in: device ?? firstDevice(interfaces), mark, mac, pkttype: packetTypeOf(spec), supposed, around: spec };
  return firewall.receive(received, now, options);
}

/** Number of the link-layer packet type that a spec names. Kernel: if_packet.h. */
export const packetTypeOf = ({ pkttype }: PacketSpec): number | undefined =>
  pkttype === undefined ? undefined : PACKET_TYPES.indexOf(pkttype);

const firstDevice = (interfaces: readonly Interface[]): string => interfaces.find(({ link }) => link !== "loopback")?.name ?? "lo";
