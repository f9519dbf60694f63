import { parseIpv4, parseIpv6 } from "./address.ts";
import { closest } from "./guess.ts";
import { icmpNames } from "./icmp-types.ts";
import { FLAG_WORDS, guessFlags, printFlags, readFlags, readIcmp } from "./notation-flags.ts";
import { WORDS } from "./notation-words.ts";
import type { Draft, Word } from "./notation-word.ts";
import { readNumber, tokenize } from "./notation-text.ts";
import type { NotationFault, Token } from "./notation-text.ts";
import { PROTOCOL } from "./numbers.ts";
import { builtLength, hasPorts, hasTransportHeader, isIcmp } from "./packet-spec.ts";
import type { Endpoint, PacketSpec } from "./packet-spec.ts";
import { PROTOCOL_NAMES, protocolNumber } from "./protocols.ts";
import { servicePort } from "./services.ts";
import { TCP_FLAG } from "./tcp.ts";

/** The source port of a packet that names none. */
export const DEFAULT_SOURCE_PORT = 40000;

const BY_WORD: ReadonlyMap<string, Word> = new Map(WORDS.map(word => [word.word, word]));
const ENOUGH = Number.POSITIVE_INFINITY;

/** Tells a fault from a spec. */
export function isNotationFault(result: PacketSpec | NotationFault): result is NotationFault {
  return "message" in result;
}

/**
 * Reads one packet of the notation (design.md §5): `tcp 203.0.113.9:40000 > 198.51.100.2:22 syn in eth0`. Fills in what a
 * person leaves out: the source port, SYN for a TCP packet without flags, echo-request for an ICMP packet without a type.
 */
export function parseNotation(text: string): PacketSpec | NotationFault {
  const tokens = tokenize(text);
  if ("message" in tokens) return tokens;
  const end = text.trimEnd().length;
  const session = tokens[0]?.text === "session";
  const parts = splitArrow(session ? tokens.slice(1) : tokens);
  const [protocolToken, sourceToken, arrow, destinationToken, ...rest] = parts;
  if (protocolToken === undefined)
    return { message: "a packet starts with its protocol, as in tcp 10.0.0.5:40000 > 10.0.0.1:22", start: 0, end: 0 };
  if (sourceToken === undefined) return { message: "the source address is missing", start: end, end };
  if (arrow?.text !== ">") {
    const at = arrow ?? { start: end, end };
    return { message: "between source and destination belongs >", start: at.start, end: at.end, guess: ">" };
  }
  if (destinationToken === undefined) return { message: "the destination address is missing", start: end, end };
  const protocol = readProtocol(protocolToken, isV6(sourceToken.text) ? 6 : 4);
  if (typeof protocol !== "number") return protocol;
  const source = readEndpoint(sourceToken, protocol);
  if ("message" in source) return source;
  const destination = readEndpoint(destinationToken, protocol);
  if ("message" in destination) return destination;
  const family = typeof source.address === "number" ? 4 : 6;
  if (typeof destination.address !== typeof source.address) {
    return { message: "source and destination are of different families", start: destinationToken.start, end: destinationToken.end };
  }
  const draft: Draft = { session, family, protocol, source, destination };
  const said = new Map<string, Token>();
  const fault = readWords(rest, draft, said) ?? complete(draft, said, { source: sourceToken, destination: destinationToken });
  return fault ?? draft;
}

/** Lets `a>b` stand without spaces: splits the source at an arrow in it, or the word after it at one in its front. */
function splitArrow(tokens: readonly Token[]): readonly Token[] {
  for (const index of [1, 2]) {
    const token = tokens[index];
    if (token === undefined || token.bytes !== undefined || token.text === ">") return tokens;
    const at = token.text.indexOf(">");
    if (at < 0 || (index === 2 && at !== 0)) continue;
    const pieces = [piece(token, 0, at), piece(token, at, at + 1), piece(token, at + 1, token.text.length)];
    return [...tokens.slice(0, index), ...pieces.filter(each => each.text !== ""), ...tokens.slice(index + 1)];
  }
  return tokens;
}

function piece({ text, start }: Token, from: number, to: number): Token {
  return { text: text.slice(from, to), bytes: undefined, start: start + from, end: start + to };
}

function readProtocol(token: Token, family: 4 | 6): number | NotationFault {
  const { start, end } = token;
  const name = token.text.toLowerCase();
  if (name === "icmp" || name === "icmp6") return family === 4 && name === "icmp" ? PROTOCOL.ICMP : PROTOCOL.ICMPV6;
  const number = readNumber(name, 255) ?? protocolNumber(name);
  if (number !== undefined && number <= 255 && name !== "all") return number;
  const guess = closest(
    name,
    PROTOCOL_NAMES.filter(each => each !== "all"),
  );
  return { message: `unknown protocol ${quoted(token.text)}`, start, end, ...(guess === undefined ? {} : { guess }) };
}

/** Two colons, and that it is IPv6, are seen before the address is read. */
function isV6(text: string): boolean {
  return text.indexOf(":") !== text.lastIndexOf(":");
}

function readEndpoint(token: Token, protocol: number): Endpoint | NotationFault {
  const { text, start, end } = token;
  const bracket = /^\[([^\]]*)\](?::(.*))?$/s.exec(text);
  const colons = isV6(text);
  const colon = bracket || colons ? -1 : text.indexOf(":");
  const host = bracket ? (bracket[1] as string) : colon < 0 ? text : text.slice(0, colon);
  const portText = bracket ? bracket[2] : colon < 0 ? undefined : text.slice(colon + 1);
  const address = bracket || colons ? parseIpv6(host) : parseIpv4(host);
  if (address === undefined) return { message: `${quoted(host)} is no address`, start, end };
  if (portText === undefined) return { address };
  const portStart = end - portText.length;
  if (!hasPorts(protocol)) return { message: "this protocol has no ports", start: portStart - 1, end };
  const port = readNumber(portText, 65535) ?? servicePort(portText, PORT_DATABASES.get(protocol) ?? "tcp");
  if (port === undefined) return { message: `${quoted(portText)} is no port`, start: portStart, end };
  return { address, port };
}

/** The service database that a protocol's port names are looked up in. */
const PORT_DATABASES: ReadonlyMap<number, string> = new Map([
  [PROTOCOL.UDP, "udp"],
  [PROTOCOL.UDPLITE, "udp"],
  [PROTOCOL.SCTP, "sctp"],
]);

function readWords(tokens: readonly Token[], draft: Draft, said: Map<string, Token>): NotationFault | undefined {
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    const { start, end } = token;
    const next = tokens[i + 1];
    const word = isAckFlag(token, next) ? undefined : BY_WORD.get(token.text);
    if (word === undefined) {
      const fault = readBare(token, draft, said);
      if (fault !== undefined) return fault;
      continue;
    }
    if (said.has(word.word)) return { message: `${word.word} is said twice`, start, end };
    if (word.protocols?.includes(draft.protocol) === false) return { message: `${word.word} does not go with this protocol`, start, end };
    if (word.family !== undefined && word.family !== draft.family)
      return { message: `${word.word} is for IPv${word.family} only`, start, end };
    said.set(word.word, token);
    if (word.takes === "") word.read(draft, undefined);
    else {
      if (next === undefined) return { message: `${word.word} needs ${word.takes}`, start, end };
      if (!word.read(draft, next)) return badArgument(word, next);
      i++;
    }
  }
  return undefined;
}

/** `ack` is a flag unless a number follows it. */
function isAckFlag(token: Token, next: Token | undefined): boolean {
  return token.text === "ack" && readNumber(next?.text ?? "", ENOUGH) === undefined;
}

function badArgument(word: Word, { text, bytes, start, end }: Token): NotationFault {
  const guess = word.word === "data" && bytes === undefined ? quoted(text) : closest(text, word.takes.split(", "));
  return { message: `${word.word} needs ${word.takes}`, start, end, ...(guess === undefined ? {} : { guess }) };
}

/** A word without a name of its own: TCP flags or an ICMP type. */
function readBare(token: Token, draft: Draft, said: Map<string, Token>): NotationFault | undefined {
  const { text, start, end } = token;
  const flags = draft.protocol === PROTOCOL.TCP && token.bytes === undefined ? readFlags(text.toLowerCase()) : undefined;
  if (flags !== undefined) {
    const guess = printFlags((draft.tcpFlags ?? 0) | flags);
    if (said.has("flags")) return { message: "TCP flags are said twice", start, end, guess };
    draft.tcpFlags = flags;
    said.set("flags", token);
    return undefined;
  }
  const icmp = isIcmp(draft.family, draft.protocol) && token.bytes === undefined ? readIcmp(text, draft.family) : undefined;
  if (icmp !== undefined) {
    if (said.has("icmp")) return { message: "the ICMP type is said twice", start, end };
    draft.icmp = icmp;
    said.set("icmp", token);
    return undefined;
  }
  const guess = guessWord(text, draft);
  const message = readFlags(text) === undefined ? `unknown word ${quoted(text)}` : "TCP flags do not go with this protocol";
  return { message, start, end, ...(guess === undefined ? {} : { guess }) };
}

function guessWord(text: string, { protocol, family }: Draft): string | undefined {
  const flags = protocol === PROTOCOL.TCP ? guessFlags(text) : undefined;
  if (flags !== undefined) return flags;
  const fitting = WORDS.filter(word => word.protocols?.includes(protocol) !== false).map(word => word.word);
  const bare =
    protocol === PROTOCOL.TCP
      ? FLAG_WORDS.map(([name]) => name)
      : isIcmp(family, protocol)
        ? icmpNames(family).map(({ name }) => name)
        : [];
  return closest(text, [...fitting, ...bare]);
}

/** Fills in defaults and finds contradictions between words. */
function complete(
  draft: Draft,
  said: ReadonlyMap<string, Token>,
  ends: { readonly source: Token; readonly destination: Token },
): NotationFault | undefined {
  if (!hasTransportHeader(draft)) return headless(draft, said, ends);
  if (hasPorts(draft.protocol)) {
    const { start, end } = ends.destination;
    if (draft.destination.port === undefined)
      return { message: "the destination port is missing (`raw` means that there is no transport header)", start, end };
    if (draft.source.port === undefined) draft.source = { ...draft.source, port: DEFAULT_SOURCE_PORT };
  }
  if (draft.protocol === PROTOCOL.TCP) draft.tcpFlags ??= said.has("ack") ? TCP_FLAG.ACK : TCP_FLAG.SYN;
  if (isIcmp(draft.family, draft.protocol)) draft.icmp ??= { type: draft.family === 4 ? 8 : 128, code: 0 };
  return (
    clash(said, "tcpoptions", ["mss", "wscale", "sackok"]) ?? clash(said, "rest", ["id", "seq"]) ?? unfit(draft, said, ends.destination)
  );
}

function headless(
  draft: Draft,
  said: ReadonlyMap<string, Token>,
  ends: { readonly source: Token; readonly destination: Token },
): NotationFault | undefined {
  const why = draft.raw ? "a raw packet" : draft.fragment?.offset ? "a later fragment" : "a packet of this protocol";
  const message = `${why} has no header of which to say this`;
  for (const [word, { start, end }] of said) {
    if (word === "flags" || word === "icmp" || word === "badsum" || BY_WORD.get(word)?.protocols !== undefined)
      return { message, start, end };
  }
  for (const side of ["source", "destination"] as const) {
    if (draft[side].port !== undefined) return { message, start: ends[side].start, end: ends[side].end };
  }
  return unfit(draft, said, ends.destination);
}

function clash(said: ReadonlyMap<string, Token>, word: string, others: readonly string[]): NotationFault | undefined {
  const token = said.get(word);
  const other = others.find(each => said.has(each));
  return token === undefined || other === undefined
    ? undefined
    : { message: `${word} and ${other} contradict each other`, start: token.start, end: token.end };
}

function unfit(draft: Draft, said: ReadonlyMap<string, Token>, fallback: Token): NotationFault | undefined {
  const length = builtLength(draft);
  const most = draft.family === 4 ? 65535 : 65575;
  const { start, end } = said.get("len") ?? said.get("data") ?? fallback;
  if (length > most || (draft.length ?? 0) > most) return { message: `a packet has at most ${most} bytes`, start, end };
  if (draft.length !== undefined && draft.length < length)
    return { message: `with its headers and data this packet has ${length} bytes`, start, end, guess: `${length}` };
  const ipid = said.get("ipid");
  if (ipid !== undefined && draft.family === 4 && (draft.ipid ?? 0) > 65535)
    return { message: "ipid needs 0-65535", start: ipid.start, end: ipid.end };
  if (ipid !== undefined && draft.family === 6 && draft.fragment === undefined) {
    return { message: "in IPv6 only a fragment has an ipid", start: ipid.start, end: ipid.end };
  }
  return undefined;
}

/** A user's word in a message: cut at 40 characters, and with nothing in it that a terminal might obey. */
function quoted(text: string): string {
  const shown = text.length > 40 ? `${text.slice(0, 40)}...` : text;
  return JSON.stringify(shown).replace(/[^\x20-\x7e]/g, each => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
