import {
  DCCP_TYPE,
  IPV4_HEADER,
  IPV6_HEADER,
  isIcmp,
  PROTOCOL,
  SCTP_CHUNK,
  TCP_FLAG,
  TCP_HEADER,
  type PacketSpec,
} from "../packet/index.ts";

/** Who sends a packet of a session. */
export type Side = "client" | "server";

/** What a step says of its packet beyond addresses and ports; `id` is the ICMP id that both sides have. */
export type Words = Omit<Partial<PacketSpec>, "session" | "family" | "protocol" | "source" | "destination">;

/** One packet of a script. */
export interface Step {
  readonly name: string;
  readonly from: Side;
  /** How much longer than usual it waits, in µs. */
  readonly pause?: number;
  words(opener: PacketSpec): Words;
}

const { SYN, ACK, PSH, FIN, RST } = TCP_FLAG;
const SERVER_ISN = 5000;
const REQUEST = text("GET / HTTP/1.0\r\n\r\n");
const RESPONSE = text("HTTP/1.0 200 OK\r\n\r\n");

/** Why a packet opens no session that could be played; undefined where it does. */
export function sessionFault(opener: PacketSpec): string | undefined {
  const { family, protocol, icmp, tcpFlags = 0, fragment, raw, ctState, chunks, dccpType } = opener;
  if (fragment !== undefined || (raw && script(opener) !== GENERIC))
    return "a session begins with a whole packet that has its transport header";
  if (ctState !== undefined && ctState !== "NEW") return "the packet that opens a session is NEW";
  if (isIcmp(family, protocol) && (icmp === undefined || !ANSWERS[family].has(icmp.type)))
    return "an ICMP session begins with a request: of echo, for a time stamp, an address mask …";
  if (protocol === PROTOCOL.TCP && (tcpFlags & (SYN | ACK | FIN | RST)) !== SYN) return "a TCP session begins with a SYN";
  if (protocol === PROTOCOL.SCTP && chunks !== undefined && (chunks.length !== 1 || chunks[0] !== SCTP_CHUNK.INIT))
    return "an SCTP association begins with INIT";
  if (protocol === PROTOCOL.DCCP && (dccpType ?? DCCP_TYPE.REQUEST) !== DCCP_TYPE.REQUEST) return "a DCCP connection begins with a REQUEST";
  return undefined;
}

/** Lengths in bytes, IP header included, of packets behind the opener: the answer's, and those of later packets of each side that carry something. */
export interface Lengths {
  readonly answer?: number | undefined;
  readonly client?: number | undefined;
  readonly server?: number | undefined;
}

/**
 * The packets of a well-behaved session, in order; the first is the opener itself. `again` asks a second time, and answers, where the protocol
 * has a question and an answer only. `lengths` are kept to where headers leave room for payload of any length.
 */
export function scriptFor(opener: PacketSpec, again: boolean, lengths: Lengths = {}): readonly Step[] {
  const steps = script(opener);
  const repeated = again ? AGAIN.get(steps) : undefined;
  const whole = repeated === undefined ? steps : [...steps, ...repeated];
  if (lengths.answer === undefined && lengths.client === undefined && lengths.server === undefined) return whole;
  return steps === TCP_SCRIPT ? tcpOfLengths(opener, lengths) : whole.map((each, index) => ofLength(each, index, opener, lengths));
}

/** Segments count what they carry, so that a script with other payloads is another script. */
function tcpOfLengths({ family }: PacketSpec, { answer, client, server }: Lengths): readonly Step[] {
  const headers = ipHeader(family) + TCP_HEADER;
  const least = (payload: Uint8Array, length: number | undefined): Uint8Array =>
    length === undefined ? payload : sized(payload, Math.max(1, length - headers));
  return tcpScript(least(REQUEST, client), least(RESPONSE, server)).map((each, index) =>
    index === 1 && answer !== undefined
      ? { ...each, words: opener => ({ ...each.words(opener), length: Math.max(answer, headers + MSS_OPTION) }) }
      : each,
  );
}

function ofLength(each: Step, index: number, { family, protocol }: PacketSpec, lengths: Lengths): Step {
  const length = index === 0 ? undefined : index === 1 ? lengths.answer : lengths[each.from];
  const header = isIcmp(family, protocol) ? ICMP_HEADER : PAYLOAD_AFTER.get(protocol);
  if (length === undefined || (header === undefined && SCRIPTS.has(protocol))) return each;
  const room = Math.max(0, length - ipHeader(family) - (header ?? 0));
  return {
    ...each,
    words(opener) {
      const words = each.words(opener);
      return { ...words, data: sized(words.data ?? new Uint8Array(0), room) };
    },
  };
}

/** A payload cut, or filled up with zeros. */
function sized(payload: Uint8Array, length: number): Uint8Array {
  const result = new Uint8Array(length);
  result.set(payload.subarray(0, length));
  return result;
}

const ipHeader = (family: 4 | 6): number => (family === 4 ? IPV4_HEADER : IPV6_HEADER);
const MSS_OPTION = 4;
const ICMP_HEADER = 8;
/** Protocols whose packets are a header of so many bytes, and a payload. */
const PAYLOAD_AFTER: ReadonlyMap<number, number> = new Map([
  [PROTOCOL.UDP, 8],
  [PROTOCOL.UDPLITE, 8],
]);

function script({ family, protocol }: PacketSpec): readonly Step[] {
  if (isIcmp(family, protocol)) return ICMP_SCRIPT;
  return SCRIPTS.get(protocol) ?? GENERIC;
}

function text(words: string): Uint8Array {
  return Uint8Array.from(words, char => char.charCodeAt(0));
}

/** A segment; sequence numbers count from the sides' own first ones. */
function segment(name: string, from: Side, flags: number, sent: number, acknowledged: number, data?: Uint8Array): Step {
  return {
    name,
    from,
    words(opener) {
      const client = opener.seq ?? 1;
      const [own, other] = from === "client" ? [client, SERVER_ISN] : [SERVER_ISN, client];
      return {
        tcpFlags: flags,
        seq: (own + sent) >>> 0,
        ...(flags & ACK && { ack: (other + acknowledged) >>> 0 }),
        ...(data && { data }),
        ...(flags & SYN && { mss: ordinaryMss(opener.family) }),
      };
    },
  };
}

const ordinaryMss = (family: 4 | 6): number => (family === 4 ? 1460 : 1440);

function tcpScript(question: Uint8Array, reply: Uint8Array): readonly Step[] {
  const request = 1 + question.length;
  const response = 1 + reply.length;
  return [
    segment("SYN", "client", SYN, 0, 0),
    segment("SYN+ACK", "server", SYN | ACK, 0, 1),
    segment("ACK", "client", ACK, 1, 1),
    segment("request", "client", PSH | ACK, 1, 1, question),
    segment("response", "server", PSH | ACK, 1, request, reply),
    segment("FIN from the server", "server", FIN | ACK, response, request),
    segment("FIN from the client", "client", FIN | ACK, request, response + 1),
    segment("last ACK", "server", ACK, response + 1, request + 1),
  ];
}

const TCP_SCRIPT = tcpScript(REQUEST, RESPONSE);

function step(name: string, from: Side, words: Words): Step {
  return { name, from, words: () => words };
}

const QUERY = { data: text("query") };
const ANSWER = { data: text("answer") };
const ANSWER_AGAIN = step("answer again", "server", ANSWER);

const UDP_SCRIPT: readonly Step[] = [
  step("query", "client", QUERY),
  step("answer", "server", ANSWER),
  step("query again", "client", QUERY),
];

/** The answer to each request. Kernel: nf_conntrack_proto_icmp.c and nf_conntrack_proto_icmpv6.c, invmap. */
const ANSWERS: Readonly<Record<4 | 6, ReadonlyMap<number, number>>> = {
  4: new Map([
    [8, 0],
    [13, 14],
    [15, 16],
    [17, 18],
  ]),
  6: new Map([
    [128, 129],
    [139, 140],
  ]),
};

/** A question or an answer, of the opener's kind. */
function echo(name: string, from: Side, seq: number): Step {
  return {
    name,
    from,
    words({ family, icmp }) {
      const asked = icmp?.type ?? (family === 4 ? 8 : 128);
      const type = from === "client" ? asked : (ANSWERS[family].get(asked) ?? asked);
      return { icmp: { type, code: 0 }, seq, data: text("ping") };
    },
  };
}

const ICMP_SCRIPT: readonly Step[] = [echo("echo request", "client", 1), echo("echo reply", "server", 1)];

const { INIT, INIT_ACK, COOKIE_ECHO, COOKIE_ACK, DATA, SACK } = SCTP_CHUNK;

/** An SCTP packet of one chunk; both sides chose the tag 1. */
const chunk = (name: string, from: Side, type: number): Step => step(name, from, { chunks: [type], vtag: type === INIT ? 0 : 1 });

const SCTP_SCRIPT: readonly Step[] = [
  chunk("INIT", "client", INIT),
  chunk("INIT ACK", "server", INIT_ACK),
  chunk("COOKIE ECHO", "client", COOKIE_ECHO),
  chunk("COOKIE ACK", "server", COOKIE_ACK),
  chunk("data", "client", DATA),
  chunk("SACK", "server", SACK),
];

const DCCP_SCRIPT: readonly Step[] = [
  step("REQUEST", "client", { dccpType: DCCP_TYPE.REQUEST }),
  step("RESPONSE", "server", { dccpType: DCCP_TYPE.RESPONSE }),
  step("ACK", "client", { dccpType: DCCP_TYPE.ACK }),
  step("data", "server", { dccpType: DCCP_TYPE.DATAACK }),
];

/** Sixteen bytes are enough for the header of whatever it is. */
const PAYLOAD = { data: new Uint8Array(16) };

const GENERIC: readonly Step[] = [step("packet", "client", PAYLOAD), step("answer", "server", PAYLOAD)];

const SCRIPTS: ReadonlyMap<number, readonly Step[]> = new Map([
  [PROTOCOL.TCP, TCP_SCRIPT],
  [PROTOCOL.UDP, UDP_SCRIPT],
  [PROTOCOL.UDPLITE, UDP_SCRIPT],
  [PROTOCOL.SCTP, SCTP_SCRIPT],
  [PROTOCOL.DCCP, DCCP_SCRIPT],
]);

const AGAIN: ReadonlyMap<readonly Step[], readonly Step[]> = new Map([
  // A conversation of more than two seconds is a stream, and assured. Kernel: nf_conntrack_proto_udp.c, nf_conntrack_udp_packet.
  [UDP_SCRIPT, [ANSWER_AGAIN, { ...step("query later", "client", QUERY), pause: 3_000_000 }, step("answer later", "server", ANSWER)]],
  [ICMP_SCRIPT, [echo("echo request again", "client", 2), echo("echo reply again", "server", 2)]],
  [GENERIC, [step("packet again", "client", PAYLOAD), step("answer again", "server", PAYLOAD)]],
]);

/** The opener as an ordinary program sends it: what nobody said is filled in, such as a first sequence number, the MSS, a payload. */
export function ordinaryOpener(spec: PacketSpec): PacketSpec {
  const { family, protocol, seq, mss, tcpOptions, id, rest, data, length } = spec;
  const whole = family === 4 ? { df: true as const } : {};
  // A packet of which the length is said is filled up to it.
  const filled = (usual: Uint8Array): Pick<PacketSpec, "data"> => (data === undefined && length === undefined ? { data: usual } : {});
  if (protocol === PROTOCOL.TCP)
    return { ...spec, ...whole, seq: seq ?? 1000, ...(mss === undefined && tcpOptions === undefined && { mss: ordinaryMss(family) }) };
  if (isIcmp(family, protocol))
    return { ...spec, ...whole, ...(id === undefined && rest === undefined && { id: 40000 }), ...filled(text("ping")) };
  const { data: usual } = script(spec)[0]?.words(spec) ?? {};
  return usual === undefined ? { ...spec, ...whole } : { ...spec, ...whole, ...filled(usual) };
}
