import type { Listener } from "../host/index.ts";
import { PROTOCOL } from "../packet/index.ts";
import type { Action, Scalar } from "../predicate/index.ts";
import { listenerAt } from "./local-socket.ts";
import type { Packet } from "./packet.ts";

type Proxy = Extract<Action, { do: "tproxy" }>;

/** Why a packet cannot be given to a proxy; undefined when it was. */
export type ProxyRefusal = string | undefined;

/**
 * Gives the packet to a transparent socket on this machine and marks it; its route, by that mark, must then lead here. Where the host
 * lists no listeners, one is taken for granted. Kernel: xt_TPROXY.c, tproxy_tg4 and tproxy_tg6_v1; nf_tproxy_ipv4.c.
 */
export function proxy(packet: Packet, action: Proxy): ProxyRefusal {
  const { dport, layout } = packet;
  if (dport < 0 || layout.l4 + 8 > layout.totalLength) return "its ports cannot be read";
  const port = action.port === 0 ? dport : action.port;
  const address = proxyAddress(packet, action.address);
  const protocol = packet.protocol === PROTOCOL.TCP ? "tcp" : "udp";
  const { listeners } = packet.router.host;
  const found: Listener | undefined =
    listeners === undefined ? { protocol, port, transparent: true, silent: true } : listenerAt(listeners, protocol, port, address);
  if (found?.transparent !== true) return `no transparent socket listens on port ${port}`;
  packet.mark = ((packet.mark & ~action.mask) ^ action.mark) >>> 0;
  packet.assigned = found;
  return undefined;
}

/** The address that the socket must be bound to, if it is to one: the rule's, or the interface's own. Kernel: nf_tproxy_laddr4 and nf_tproxy_laddr6. */
function proxyAddress(packet: Packet, wanted: Scalar): Scalar {
  if (wanted !== 0 && wanted !== 0n) return wanted;
  const own = packet.in?.addresses.find(({ family, secondary, scope }) =>
    family === packet.family && family === 4 ? secondary !== true : family === packet.family && scope !== "link",
  );
  return own?.address ?? packet.destination;
}
