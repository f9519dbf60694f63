import { PROTOCOL } from "../../../packet/index.ts";
import type { Address } from "../../tuple.ts";
import { ascii, says } from "../text.ts";
import { readNumber, readSipAddress, type Part, type SipText } from "./lengths.ts";
import { findInHeader } from "./search.ts";

const COMMA = ascii(",");

/** The offset of a parameter's value behind `from`, before the next comma, and the end of the search. */
function find({ bytes, end }: SipText, from: number, name: string): { at: number; limit: number } | undefined {
  const limit = findInHeader(bytes, from, end, COMMA) ?? end;
  const at = findInHeader(bytes, from, limit, ascii(name));
  return at === undefined ? undefined : { at: at + name.length, limit };
}

/** An address in a parameter; `name` in lower case with its equals sign (ct_sip_parse_address_param). */
export function addressParameter(
  text: SipText,
  from: number,
  name: string,
  bracketed: boolean,
): (Part & { readonly address: Address }) | undefined {
  const found = find(text, from, name);
  const read = found && readSipAddress({ ...text, end: found.limit }, found.at, bracketed);
  return found && read && { at: found.at, length: read.end - found.at, address: read.address };
}

/** A number in a parameter; "bad" for one without digits (ct_sip_parse_numerical_param). */
export function numberParameter(text: SipText, from: number, name: string): (Part & { readonly value: number }) | "bad" | undefined {
  const found = find(text, from, name);
  if (found === undefined) return undefined;
  const read = readNumber(text.bytes, found.at, found.limit);
  return read === undefined ? "bad" : { at: found.at, length: read.end - found.at, value: read.value };
}

/** Is the transport that a URI asks for, if it does, the connection's own (ct_sip_parse_transport)? */
export function sameTransport(text: SipText, from: number, protocol: number): boolean {
  const found = find(text, from, "transport=");
  if (found === undefined) return true;
  if (says(text.bytes, found.at, ascii("tcp"))) return protocol === PROTOCOL.TCP;
  return says(text.bytes, found.at, ascii("udp")) && protocol === PROTOCOL.UDP;
}
