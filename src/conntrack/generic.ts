import { STATUS } from "./connection.ts";
import type { ProtocolTracker } from "./protocol.ts";

/** Every protocol without a tracker of its own: addresses alone name the connection (nf_conntrack_proto_generic.c). */
export const generic: ProtocolTracker = {
  packet(_connection, _carrier, { timeouts, refresh }) {
    refresh(timeouts.generic_timeout);
    return "accept";
  },
};

/** GRE: a flow with answers is a stream (nf_conntrack_proto_gre.c, nf_conntrack_gre_packet). */
export const gre: ProtocolTracker = {
  packet(connection, _carrier, { timeouts, refresh }) {
    const answered = (connection.status & STATUS.SEEN_REPLY) !== 0;
    refresh(answered ? timeouts.gre_timeout_stream : timeouts.gre_timeout);
    if (answered) connection.status |= STATUS.ASSURED;
    return "accept";
  },
};
