import { printIpv4, PROTOCOL, setU16, UDP_HEADER } from "../../../packet/index.ts";
import { refuse } from "../../helper.ts";
import { mangleTcp, mangleUdp, tcpPayload } from "../../mangle.ts";
import type { Address } from "../../tuple.ts";
import { ascii, says } from "../text.ts";
import { compressedIpv6 } from "./address6.ts";
import { getRequestUri, getUri, type Uri, type Walk } from "./headers.ts";
import type { Part } from "./lengths.ts";
import { textOf, type SipMessage } from "./message.ts";
import { addressParameter, numberParameter } from "./parameters.ts";

/** Replaces part of a message; false when the packet would become too long (nf_nat_sip.c, mangle_packet). */
export function rewrite(message: SipMessage, { at, length }: Part, text: string): boolean {
  const { sight } = message;
  const { carrier, connection, l4 } = sight;
  const bytes = ascii(text);
  const done =
    connection.tuples[0].protocol === PROTOCOL.TCP
      ? mangleTcp(sight, at - tcpPayload(carrier.bytes, l4), length, bytes, false)
      : mangleUdp(sight, at - l4 - UDP_HEADER, length, bytes);
  if (done) message.end += bytes.length - length;
  return done;
}

/** An address as a message writes it; in IPv6 with brackets if asked (sip_sprintf_addr). */
export function writeAddress(address: Address, bracketed: boolean): string {
  if (typeof address === "number") return printIpv4(address);
  return bracketed ? `[${compressedIpv6(address)}]` : compressedIpv6(address);
}

/** An address with its port (sip_sprintf_addr_port). */
export const writeEndpoint = (address: Address, port: number): string => `${writeAddress(address, true)}:${port}`;

/** Translates the addresses of one end of the connection wherever a message's headers name it (nf_nat_sip). */
export function translateMessage(message: SipMessage): "accept" | "drop" {
  const { sight } = message;
  const { bytes, start } = textOf(message);
  const isRequest = !says(bytes, start, VERSION);
  if (isRequest) {
    const uri = getRequestUri(textOf(message));
    if (uri !== undefined && !mapUri(message, uri)) return refuse(sight, "the request line cannot be rewritten");
  }
  if (!translateVia(message, isRequest)) return refuse(sight, "Via cannot be rewritten");
  const way: Walk = { at: start, inside: false };
  for (let uri = getUri(textOf(message), "contact", way); typeof uri === "object"; uri = getUri(textOf(message), "contact", way))
    if (!mapUri(message, uri)) return refuse(sight, "Contact cannot be rewritten");
  for (const name of ["from", "to"] as const) {
    const uri = getUri(textOf(message), name);
    if (typeof uri === "object" && !mapUri(message, uri)) return refuse(sight, "From or To cannot be rewritten");
  }
  const { forcedPort } = message.call;
  if (sight.direction === 1 && forcedPort !== 0) {
    setU16(sight.carrier.bytes, sight.l4 + 2, forcedPort);
    if (!mangleUdp(sight, 0, 0, new Uint8Array(0))) return refuse(sight, "the port cannot be rewritten");
  }
  return "accept";
}

const VERSION = ascii("sip/2.0");

/** Writes the other name of an end of the connection; anybody else's address stays (map_addr). */
function mapUri(message: SipMessage, { address, port, ...part }: Uri): boolean {
  const { connection, direction } = message.sight;
  const own = connection.tuples[direction];
  const back = connection.tuples[direction === 0 ? 1 : 0];
  let to: { address: Address; port: number };
  if (address === own.source && port === own.sourcePort) to = { address: back.destination, port: back.destinationPort };
  else if (address === own.destination && port === own.destinationPort)
    to = { address: back.source, port: message.call.forcedPort || back.sourcePort };
  else return true;
  if (to.address === address && to.port === port) return true;
  return rewrite(message, part, writeEndpoint(to.address, to.port));
}

const LEAST_PORT = 1024;

/** The topmost Via if it names this connection's client, and its parameters. */
function translateVia(message: SipMessage, isRequest: boolean): boolean {
  const { connection, direction } = message.sight;
  const own = connection.tuples[direction];
  const back = connection.tuples[direction === 0 ? 1 : 0];
  const via = getUri(textOf(message), own.protocol === PROTOCOL.TCP ? "viaTcp" : "viaUdp");
  if (typeof via !== "object") return true;
  const named = isRequest
    ? via.address === own.source && via.port === own.sourcePort
    : via.address === own.destination && via.port === own.destinationPort;
  if (!named) return true;
  const before = message.end;
  if (!mapUri(message, via)) return false;
  const behind = via.at + via.length + message.end - before;
  const maddr = addressParameter(textOf(message), behind, "maddr=", true);
  if (maddr?.address === own.source && maddr.address !== back.destination) {
    if (!rewrite(message, maddr, writeAddress(back.destination, true))) return false;
  }
  const received = addressParameter(textOf(message), behind, "received=", false);
  if (received?.address === own.destination && received.address !== back.source) {
    if (!rewrite(message, received, writeAddress(back.source, false))) return false;
  }
  const rport = numberParameter(textOf(message), behind, "rport=");
  if (typeof rport !== "object") return true;
  const port = rport.value;
  return port < LEAST_PORT || port !== own.destinationPort || port === back.sourcePort || rewrite(message, rport, `${back.sourcePort}`);
}
