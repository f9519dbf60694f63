import { CT_INFO, directionOf } from "../conntrack/index.ts";
import { dissect, isFault } from "../packet/index.ts";
import type { Scalar } from "../predicate/index.ts";
import { sendToPort } from "./bridge-port.ts";
import { aside, type Journey } from "./journey.ts";
import type { Machine } from "./machine.ts";
import { Packet } from "./packet.ts";

/** How deep answers to answers may go; the kernel's own rules end them at two. */
const MAXIMUM_DEPTH = 8;

/** An answer's properties besides its bytes. */
export interface AnswerOptions {
  /** For traces: `icmp-port-unreachable`, `tcp-reset`. */
  readonly kind: string;
  readonly mark?: number;
  /** A kernel socket sends it. */
  readonly socket: boolean;
  /** The packet whose connection it belongs to, the other way round. */
  readonly about?: Packet | undefined;
  /** The kernel's ICMP socket sends it, and can send no second one while the first is on its way. */
  readonly icmp?: boolean;
  /** It goes straight back to the bridge port that this packet came from. */
  readonly bridged?: Packet | undefined;
}

/** The source address and the size limit for an answer to `destination`, undefined when there is no route. */
export function answerRoute(
  machine: Machine,
  family: 4 | 6,
  source: Scalar | undefined,
  destination: Scalar,
  mark: number,
  tos = 0,
  oif?: string,
): Extract<ReturnType<Machine["router"]["output"]>, { to: "device" }> | undefined {
  const route = machine.router.output({ family, source, destination, mark, tos, oif });
  return route.to === "device" ? route : undefined;
}

/** Sends an answer that the kernel made to a packet of this journey; it passes OUTPUT and POSTROUTING like any other. */
export function sendAnswer(
  machine: Machine,
  bytes: Uint8Array,
  route: NonNullable<ReturnType<typeof answerRoute>>,
  options: AnswerOptions,
  journey: Journey,
): void {
  const layout = dissect(bytes);
  if (isFault(layout) || journey.depth >= MAXIMUM_DEPTH) return;
  journey.events?.push({ event: "answer", kind: options.kind, bytes: bytes.slice() });
  const packet = new Packet(bytes, layout, machine.router, journey.moment.now, {
    mark: options.mark,
    socket: options.socket,
    tracker: machine.tracker,
  });
  packet.answer = true;
  packet.checksum = "made-here";
  if (options.about !== undefined) attach(packet, options.about);
  journey.depth++;
  if (options.icmp) journey.icmpBusy = true;
  aside(journey, () => {
    if (options.bridged === undefined || !sendToPort(machine, options.bridged, packet, journey))
      machine.sendOut(machine, packet, route, journey);
  });
  if (options.icmp) journey.icmpBusy = false;
  journey.depth--;
}

/** Ties an answer to the connection of what it answers, as related to it. Kernel: nf_conntrack_core.c, nf_conntrack_attach. */
function attach(answer: Packet, about: Packet): void {
  if (about.connection === undefined) {
    // It is tied to nothing: a rule that would not have it tracked passes it over, and tracking takes it up (xt_CT.c, xt_ct_target).
    answer.tiedToNothing = about.info === CT_INFO.UNTRACKED;
    return;
  }
  answer.connection = about.connection;
  answer.info = directionOf(about.info) === 0 ? CT_INFO.RELATED_REPLY : CT_INFO.RELATED;
}

/** Says in the trace why no answer is sent. */
export function noAnswer(kind: string, reason: string, journey: Journey): void {
  journey.events?.push({ event: "no-answer", kind, reason });
}
