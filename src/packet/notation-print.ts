import { printAddress } from "./address.ts";
import { printFlags, printIcmp } from "./notation-flags.ts";
import { WORDS } from "./notation-words.ts";
import { PROTOCOL } from "./numbers.ts";
import { hasTransportHeader, isIcmp } from "./packet-spec.ts";
import type { Endpoint, PacketSpec } from "./packet-spec.ts";
import { protocolName } from "./protocols.ts";

/** The packet in the notation; `parseNotation` reads it back to the same spec. Only printable ASCII, whatever names and data hold. */
export function printNotation(spec: PacketSpec): string {
  const words: string[] = spec.session ? ["session"] : [];
  words.push(printProtocol(spec), printEndpoint(spec.source), ">", printEndpoint(spec.destination));
  if (hasTransportHeader(spec)) {
    if (spec.protocol === PROTOCOL.TCP) words.push(printFlags(spec.tcpFlags ?? 0));
    if (spec.icmp !== undefined) words.push(printIcmp(spec.icmp, spec.family));
  }
  for (const { word, print } of WORDS) {
    const argument = print(spec);
    if (argument !== undefined) words.push(argument === "" ? word : `${word} ${argument}`);
  }
  return words.join(" ");
}

function printProtocol({ family, protocol }: PacketSpec): string {
  if (isIcmp(family, protocol)) return family === 4 ? "icmp" : "icmpv6";
  // Over IPv6 "icmp" means ICMPv6, so its own number stands for itself.
  if (protocol === PROTOCOL.ICMP) return "1";
  return protocolName(protocol) ?? protocol.toString();
}

function printEndpoint({ address, port }: Endpoint): string {
  const text = printAddress(address);
  if (port === undefined) return text;
  return typeof address === "number" ? `${text}:${port}` : `[${text}]:${port}`;
}
