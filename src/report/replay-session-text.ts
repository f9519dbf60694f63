import { icmpName, printAddress, PROTOCOL, protocolName, u128, u32 } from "../packet/index.ts";
import type { DroppedSession, SessionEnd } from "./replay-session.ts";
import { count } from "./replay-text.ts";

type SessionEnds = Pick<DroppedSession, "family" | "protocol" | "message" | "client" | "server">;

/** `tcp 203.0.113.9:40000 > 198.51.100.2:22`, `icmp 10.0.0.5 > 10.0.0.1 echo-request`. */
export function endsText({ family, protocol, message, client, server }: SessionEnds): string {
  const name = protocolText(protocol);
  if (message !== undefined) return `${name} ${addressText(client)} > ${addressText(server)} ${messageText(family, message)}`;
  if (!PORTED.has(protocol)) return `${name} ${addressText(client)} > ${addressText(server)}`;
  return `${name} ${endText(client)} > ${endText(server)}`;
}

/** `3 of 5`, and from whom when the server lost some. */
export function droppedText({ packets, droppedFromClient, droppedFromServer }: DroppedSession): string {
  const text = `${count(droppedFromClient + droppedFromServer)} of ${count(packets)}`;
  if (droppedFromServer === 0) return text;
  return droppedFromClient === 0 ? `${text} (answers)` : `${text} (both ways)`;
}

/** A protocol's name, or its number; -1 where IPv6 extension headers hide it. */
export const protocolText = (protocol: number): string => (protocol < 0 ? "unknown" : (protocolName(protocol) ?? `protocol ${protocol}`));

/** An end's address in text. */
export const addressText = ({ address }: SessionEnd): string => printAddress(address.length === 4 ? u32(address, 0) : u128(address, 0));

const endText = (end: SessionEnd): string =>
  end.address.length === 4 ? `${addressText(end)}:${end.port}` : `[${addressText(end)}]:${end.port}`;

const PORTED: ReadonlySet<number> = new Set([PROTOCOL.TCP, PROTOCOL.UDP, PROTOCOL.UDPLITE, PROTOCOL.SCTP, PROTOCOL.DCCP]);

function messageText(family: 4 | 6, message: number): string {
  const [type, code] = [message >> 8, message & 255];
  return icmpName(type, code, family) ?? `${type}/${code}`;
}
