import { CT_INFO, directionOf, STATUS, zoneId } from "../conntrack/index.ts";
import { CT_STATE, CT_STATUS, type Value } from "../predicate/index.ts";
import type { PacketState } from "./packet-state.ts";

/** Fields that come from the packet's connection. */
export type ConnectionField =
  | "ctstate"
  | "ctstatus"
  | "ctdir"
  | "ctproto"
  | "ctorigsrc"
  | "ctorigdst"
  | "ctreplsrc"
  | "ctrepldst"
  | "ctorigsrcport"
  | "ctorigdstport"
  | "ctreplsrcport"
  | "ctrepldstport"
  | "ctexpire"
  | "ctmark"
  | "ctzone";

/** Reads a connection field; undefined without a connection, but for the state, which is then INVALID or UNTRACKED. Kernel: xt_conntrack.c, conntrack_mt. */
export function readConnection(packet: PacketState, field: ConnectionField): Value {
  if (field === "ctstate") return stateOf(packet);
  const { connection } = packet;
  if (connection === undefined) return hasTemplate(packet) ? readTemplate(packet, field) : field === "ctzone" ? 0 : undefined;
  const [original, reply] = connection.tuples;
  switch (field) {
    case "ctstatus":
      return connection.status;
    case "ctdir":
      return directionOf(packet.info);
    case "ctproto":
      return original.protocol;
    case "ctorigsrc":
      return original.source;
    case "ctorigdst":
      return original.destination;
    case "ctreplsrc":
      return reply.source;
    case "ctrepldst":
      return reply.destination;
    case "ctorigsrcport":
      return original.sourcePort;
    case "ctorigdstport":
      return original.destinationPort;
    case "ctreplsrcport":
      return reply.sourcePort;
    case "ctrepldstport":
      return reply.destinationPort;
    case "ctexpire":
      // A connection that is not in the table yet has no time to expire at, which counts as 0.
      if ((connection.status & CT_STATUS.CONFIRMED) === 0) return 0;
      return Math.max(0, Math.floor((connection.deadline - packet.now) / 1_000_000));
    case "ctmark":
      return connection.mark;
    case "ctzone":
      return zoneId(connection.zone, directionOf(packet.info));
  }
}

/** Between CT in raw and tracking a packet has the rule's template for a connection. Kernel: xt_CT.c, xt_ct_tg_check and xt_ct_target. */
function hasTemplate(packet: PacketState): boolean {
  return packet.template !== undefined && !packet.template.notrack;
}

/** A template is confirmed, and nothing else is known of it. */
function readTemplate({ family, template }: PacketState, field: ConnectionField): Value {
  switch (field) {
    case "ctstatus":
      return STATUS.TEMPLATE | STATUS.CONFIRMED;
    case "ctorigsrc":
    case "ctorigdst":
    case "ctreplsrc":
    case "ctrepldst":
      return family === 4 ? 0 : 0n;
    case "ctzone":
      return typeof template?.zone?.id === "number" && template.zone.direction !== "reply" ? template.zone.id : 0;
    default:
      return 0;
  }
}

/** The value of `ctstate`. */
export function stateOf(packet: PacketState): number {
  if (packet.supposed !== undefined) return packet.supposed;
  if (packet.connection === undefined && hasTemplate(packet)) return CT_STATE.NEW;
  if (packet.connection === undefined) return packet.info === CT_INFO.UNTRACKED ? CT_STATE.UNTRACKED : CT_STATE.INVALID;
  switch (packet.info) {
    case CT_INFO.NEW:
      return CT_STATE.NEW;
    case CT_INFO.ESTABLISHED:
    case CT_INFO.ESTABLISHED_REPLY:
      return CT_STATE.ESTABLISHED;
    case CT_INFO.RELATED:
    case CT_INFO.RELATED_REPLY:
      return CT_STATE.RELATED;
    case CT_INFO.UNTRACKED:
      return CT_STATE.UNTRACKED;
  }
}
