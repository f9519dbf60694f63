import { packetTuple, STATUS, TCP_STATE, type Tuple } from "../conntrack/index.ts";
import type { ConnectionLookup, FlowTuple } from "../predicate/index.ts";
import type { PacketState } from "./packet-state.ts";

/** The connection table as conditions on a packet ask it. Kernel: xt_connlimit.c, connlimit_mt; nf_conncount.c, find_or_evict. */
export function lookupFor(packet: PacketState): ConnectionLookup {
  return {
    flow: () => packet.connection?.tuples[0] ?? ownTuple(packet),
    find(flow, zone) {
      const found = packet.tracker?.find(flow, packet.now, zone) ?? ownUnconfirmed(packet, flow);
      if (found === undefined) return undefined;
      const { tcp, status } = found.connection;
      const closed = tcp !== undefined && (tcp.state === TCP_STATE.TIME_WAIT || tcp.state === TCP_STATE.CLOSE);
      return { closed, confirmed: (status & STATUS.CONFIRMED) !== 0 };
    },
  };
}

function ownTuple({ bytes, family, layout }: PacketState): Tuple | undefined {
  const { protocol, fragmentOffset, l4, totalLength } = layout;
  return protocol < 0 || fragmentOffset !== 0 ? undefined : packetTuple(bytes, family, 0, protocol, l4, totalLength);
}

/** The packet's own connection, which is in no table before it is confirmed. */
function ownUnconfirmed(
  { connection }: PacketState,
  flow: FlowTuple,
): { readonly connection: NonNullable<PacketState["connection"]> } | undefined {
  if (connection === undefined || (connection.status & STATUS.CONFIRMED) !== 0) return undefined;
  const [own] = connection.tuples;
  const same =
    own.protocol === flow.protocol &&
    own.source === flow.source &&
    own.destination === flow.destination &&
    own.sourcePort === flow.sourcePort &&
    own.destinationPort === flow.destinationPort;
  return same ? { connection } : undefined;
}

/** Sets one of the 128 labels of the packet's connection; false without a connection that has labels. Kernel: nf_conntrack_labels.c, nf_connlabel_set. */
export function setLabel({ connection }: PacketState, bit: number): boolean {
  if (connection?.labels === undefined) return false;
  connection.labels |= 1n << BigInt(bit);
  return true;
}
