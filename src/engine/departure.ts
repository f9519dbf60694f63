import { dissect, isFault, type Circumstances } from "../packet/index.ts";
import { dropped } from "./ending.ts";
import type { Journey } from "./journey.ts";
import type { Machine } from "./machine.ts";
import { sendOut } from "./output.ts";
import { Packet } from "./packet.ts";

/** A packet from a program of this machine. */
export interface Sent {
  readonly bytes: Uint8Array;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  readonly mark?: number | undefined;
  readonly priority?: number | undefined;
  /** Bound to an interface (SO_BINDTODEVICE). */
  readonly out?: string | undefined;
  /** False for a packet that no socket owns; true unless said. */
  readonly socket?: boolean | undefined;
  /** A value of CT_STATE to suppose instead of asking connection tracking. */
  readonly supposed?: number | undefined;
  /** What is around it: its processor, its control group, IPsec … */
  readonly around?: Circumstances | undefined;
}

/** Routes a program's packet and sends it out. Kernel: raw.c, raw_sendmsg; raw.c (IPv6), rawv6_sendmsg. */
export function depart(machine: Machine, given: Sent, journey: Journey): void {
  journey.events?.push({ event: "packet", from: "socket", in: "", bytes: given.bytes.slice() });
  const layout = dissect(given.bytes);
  if (isFault(layout)) {
    journey.end = { end: "dropped", reason: layout.fault, decidedBy: undefined };
    journey.errno = "EINVAL";
    return;
  }
  journey.protocol = layout.protocol;
  const packet = new Packet(given.bytes.slice(0, layout.totalLength), layout, machine.router, journey.moment.now, {
    mark: given.mark,
    priority: given.priority,
    uid: given.uid,
    gid: given.gid ?? given.uid,
    socket: given.socket ?? true,
    supposed: given.supposed,
    around: given.around,
    tracker: machine.tracker,
  });
  const { router } = machine;
  const { family, source, destination, mark } = packet;
  const own = router.isLocal(family, source) ? source : undefined;
  const tos = Number(packet.value("tos") ?? 0);
  const route = router.output({ family, source: own, destination, mark, tos, oif: given.out });
  if (route.to === "error") {
    journey.errno = route.error;
    dropped(`no route (${route.error})`, packet, journey);
    return;
  }
  sendOut(machine, packet, route, journey);
}
