import { PROTOCOL, u16, UDP_HEADER } from "../packet/index.ts";
import type { Carrier } from "./carrier.ts";
import { sumHolds, udpliteSumHolds } from "./checksum.ts";
import { STATUS, type Connection } from "./connection.ts";
import type { ProtocolTracker, Scene, Step } from "./protocol.ts";

/** UDP (nf_conntrack_proto_udp.c, nf_conntrack_udp_packet). */
export const udp: ProtocolTracker = {
  packet(connection, carrier, scene) {
    const fault = udpFault(carrier, scene);
    return fault === undefined ? flow(connection, scene, scene.now > connection.streamAt) : { invalid: fault };
  },
};

/** UDPLite: a flow with answers is a stream at once (nf_conntrack_udplite_packet). */
export const udplite: ProtocolTracker = {
  packet(connection, carrier, scene) {
    const fault = udpliteFault(carrier, scene);
    return fault === undefined ? flow(connection, scene, true) : { invalid: fault };
  },
};

/** µs after which a flow with answers counts as a stream. */
const STREAM_AFTER = 2e6;

function flow(connection: Connection, { now, timeouts, refresh }: Scene, isStream: boolean): Step {
  if (!(connection.status & STATUS.CONFIRMED)) connection.streamAt = now + STREAM_AFTER;
  if (!(connection.status & STATUS.SEEN_REPLY)) {
    refresh(timeouts.udp_timeout);
    return "accept";
  }
  refresh(isStream ? timeouts.udp_timeout_stream : timeouts.udp_timeout);
  if (isStream && !(connection.status & STATUS.NAT_CLASH)) connection.status |= STATUS.ASSURED;
  return "accept";
}

/** Kernel: udp_error. A zero checksum means none, in IPv6 as well. */
function udpFault({ family, bytes, layout }: Carrier, { verify }: Scene): string | undefined {
  const room = layout.totalLength - layout.l4;
  if (room < UDP_HEADER) return "UDP header cut short";
  const length = u16(bytes, layout.l4 + 4);
  if (length > room || length < UDP_HEADER) return "UDP length is wrong";
  if (u16(bytes, layout.l4 + 6) === 0 || !verify) return undefined;
  return sumHolds({ family, bytes, layout }, PROTOCOL.UDP) ? undefined : "bad UDP checksum";
}

/** Kernel: udplite_error. A checksum is mandatory, over the coverage that the header names. */
function udpliteFault({ family, bytes, layout }: Carrier, { verify }: Scene): string | undefined {
  const room = layout.totalLength - layout.l4;
  if (room < UDP_HEADER) return "UDPLite header cut short";
  const coverage = u16(bytes, layout.l4 + 4) || room;
  if (coverage < UDP_HEADER || coverage > room) return "UDPLite coverage is wrong";
  if (u16(bytes, layout.l4 + 6) === 0) return "UDPLite without a checksum";
  return verify && !udpliteSumHolds({ family, bytes, layout }, coverage) ? "bad UDPLite checksum" : undefined;
}
