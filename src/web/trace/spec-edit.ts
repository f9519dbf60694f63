import {
  hasPorts,
  icmpName,
  icmpNames,
  isIcmp,
  isNotationFault,
  parseNotation,
  PROTOCOL,
  TCP_FLAG,
  type PacketSpec,
} from "../../packet/index.ts";

type Draft = { -readonly [Key in keyof PacketSpec]: PacketSpec[Key] };

/** Words that a packet of any protocol and family keeps when those change. */
const KEPT = [
  "in",
  "out",
  "physin",
  "mark",
  "ttl",
  "tos",
  "mac",
  "pkttype",
  "ctState",
  "uid",
  "gid",
] as const satisfies readonly (keyof PacketSpec)[];

/** What each end is where the other family took its place. */
const ENDS = {
  4: { source: "203.0.113.9", destination: "198.51.100.2" },
  6: { source: "2001:db8:113::9", destination: "2001:db8::2" },
} as const;

/** The ports of a packet that had none. */
const PORTS = { source: 40000, destination: 80 } as const;

/** The packet with some words said anew; `undefined` leaves a word out. */
export function withWords(spec: PacketSpec, words: { readonly [Key in keyof PacketSpec]?: PacketSpec[Key] | undefined }): PacketSpec {
  const entries = Object.entries({ ...spec, ...words }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as unknown as PacketSpec;
}

/** A packet or session of another protocol between the same two ends. What only the old protocol has is gone. */
export function withProtocol(spec: PacketSpec, protocol: number): PacketSpec {
  const { session, family, source, destination } = spec;
  const ported = hasPorts(protocol);
  const draft: Draft = {
    session,
    family,
    protocol,
    source: { address: source.address, ...(ported && { port: source.port ?? PORTS.source }) },
    destination: { address: destination.address, ...(ported && { port: destination.port ?? PORTS.destination }) },
    ...(protocol === PROTOCOL.TCP && { tcpFlags: TCP_FLAG.SYN }),
    ...(isIcmp(family, protocol) && { icmp: { type: family === 4 ? 8 : 128, code: 0 } }),
  };
  for (const key of KEPT) if (spec[key] !== undefined) Object.assign(draft, { [key]: spec[key] });
  return draft;
}

/** The packet in the other family, between ends that stand for the old ones. */
export function withFamily(spec: PacketSpec, family: 4 | 6): PacketSpec {
  if (family === spec.family) return spec;
  const protocol = isIcmp(spec.family, spec.protocol) ? (family === 4 ? PROTOCOL.ICMP : PROTOCOL.ICMPV6) : spec.protocol;
  const ends = parseNotation(`255 ${ENDS[family].source} > ${ENDS[family].destination}`);
  if (isNotationFault(ends)) return spec;
  const moved = {
    ...spec,
    family,
    source: { ...spec.source, address: ends.source.address },
    destination: { ...spec.destination, address: ends.destination.address },
  };
  return withProtocol(moved, protocol);
}

/** The whole session that the packet opens, or one packet alone. A session is opened by what opens one. */
export function withSession(spec: PacketSpec, session: boolean): PacketSpec {
  if (!session) return { ...spec, session };
  const { tcpFlags, icmp, fragment, raw, ctState, ...rest } = spec;
  void [tcpFlags, icmp, fragment, raw, ctState];
  const opener: Draft = { ...rest, session };
  if (spec.protocol === PROTOCOL.TCP) opener.tcpFlags = TCP_FLAG.SYN;
  if (isIcmp(spec.family, spec.protocol))
    opener.icmp = icmp && asks(spec.family, icmp.type) ? icmp : { type: spec.family === 4 ? 8 : 128, code: 0 };
  return opener;
}

const asks = (family: 4 | 6, type: number): boolean => (family === 4 ? [8, 13, 15, 17].includes(type) : type === 128 || type === 139);

/** TCP flags with one turned over. */
export const withFlag = (spec: PacketSpec, bit: number): PacketSpec => ({ ...spec, tcpFlags: (spec.tcpFlags ?? 0) ^ bit });

/** The packet with another address at one end; undefined where the text is no address of its family. */
export function withAddress(spec: PacketSpec, end: "source" | "destination", text: string): PacketSpec | undefined {
  const address = addressOf(text.trim(), spec.family);
  return address === undefined ? undefined : { ...spec, [end]: { ...spec[end], address } };
}

/** The packet with another port at one end, by number or name; undefined where the text is none. */
export function withPort(spec: PacketSpec, end: "source" | "destination", text: string): PacketSpec | undefined {
  if (text.trim() === "" || /[\s:\][]/.test(text.trim())) return undefined;
  const protocol = spec.protocol === PROTOCOL.UDP ? "udp" : "tcp";
  const read = parseNotation(`${protocol} 0.0.0.0 > 0.0.0.0:${text.trim()}`);
  return isNotationFault(read) || read.destination.port === undefined
    ? undefined
    : { ...spec, [end]: { ...spec[end], port: read.destination.port } };
}

function addressOf(text: string, family: 4 | 6): number | bigint | undefined {
  if (text === "" || /[\s>]/.test(text)) return undefined;
  const read = parseNotation(`255 ${text} > ${text}`);
  return isNotationFault(read) || read.family !== family || read.source.port !== undefined ? undefined : read.source.address;
}

/** Names of ICMP types to choose from, each type and code once. */
export function icmpChoices(family: 4 | 6): readonly string[] {
  return [
    ...new Set(
      icmpNames(family).flatMap(({ name, type, codes: [low] }) => (name === "any" ? [] : [icmpWord({ type, code: low }, family)])),
    ),
  ];
}

/** An ICMP type as the notation says it: by name, or `type/code`. */
export const icmpWord = ({ type, code }: { readonly type: number; readonly code: number }, family: 4 | 6): string =>
  icmpName(type, code, family) ?? `${type}/${code}`;

/** The packet with another ICMP type, by name or number; undefined where the text is none. */
export function withIcmp(spec: PacketSpec, text: string): PacketSpec | undefined {
  const read = parseNotation(`${spec.family === 4 ? "icmp 0.0.0.0 > 0.0.0.0" : "icmpv6 :: > ::"} ${text}`);
  if (isNotationFault(read) || read.icmp === undefined || /\s/.test(text.trim())) return undefined;
  const { id, seq, rest, ...others } = spec;
  void [id, seq, rest];
  return { ...others, icmp: read.icmp };
}

/** The text with one of its lines replaced. */
export function withLine(text: string, line: number, words: string): string {
  const lines = text.split("\n");
  while (lines.length <= line) lines.push("");
  lines[line] = words;
  return lines.join("\n");
}

/** The packet of a line of the question; undefined where the line cannot be read. */
export function specOfLine(text: string, line: number): PacketSpec | undefined {
  const spec = parseNotation(text.split("\n")[line] ?? "");
  return isNotationFault(spec) ? undefined : spec;
}
