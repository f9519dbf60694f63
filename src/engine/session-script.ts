import { buildPacket, mssOption, TCP_FLAG, type TransportRepr } from "../packet/index.ts";
import type { Scalar } from "../predicate/index.ts";

/** Addresses and ports of one packet. */
export interface Part {
  readonly family: 4 | 6;
  readonly source: Scalar;
  readonly sourcePort: number;
  readonly destination: Scalar;
  readonly destinationPort: number;
}

/** One packet of a script. */
export interface Step {
  readonly name: string;
  readonly from: "client" | "server";
  build(part: Part): Uint8Array;
}

const { SYN, ACK, PSH, FIN } = TCP_FLAG;
const CLIENT_ISN = 1000;
const SERVER_ISN = 5000;
const REQUEST = text("GET / HTTP/1.0\r\n\r\n");
const RESPONSE = text("HTTP/1.0 200 OK\r\n\r\n");

/** The packets of a well-behaved session, in order. */
export function scriptFor(protocol: "tcp" | "udp" | "icmp"): readonly Step[] {
  switch (protocol) {
    case "tcp":
      return TCP_SCRIPT;
    case "udp":
      return UDP_SCRIPT;
    case "icmp":
      return ICMP_SCRIPT;
  }
}

function text(words: string): Uint8Array {
  return Uint8Array.from(words, char => char.charCodeAt(0));
}

function packet(part: Part, transport: TransportRepr): Uint8Array {
  const { family, source, destination } = part;
  if (family === 4) return buildPacket({ family: 4, source: Number(source), destination: Number(destination), df: true, transport });
  return buildPacket({ family: 6, source: BigInt(source), destination: BigInt(destination), transport });
}

/** A segment; sequence numbers count from the sides' own first ones. */
function segment(
  name: string,
  from: Step["from"],
  flags: number,
  sent: number,
  acknowledged: number,
  payload: Uint8Array = new Uint8Array(),
): Step {
  const [own, other] = from === "client" ? [CLIENT_ISN, SERVER_ISN] : [SERVER_ISN, CLIENT_ISN];
  return {
    name,
    from,
    build: part =>
      packet(part, {
        kind: "tcp",
        sourcePort: part.sourcePort,
        destinationPort: part.destinationPort,
        sequence: own + sent,
        acknowledgment: flags & ACK ? other + acknowledged : 0,
        flags,
        window: 64240,
        payload,
        ...(flags & SYN && { options: mssOption(part.family === 4 ? 1460 : 1440) }),
      }),
  };
}

const request = 1 + REQUEST.length;
const response = 1 + RESPONSE.length;

const TCP_SCRIPT: readonly Step[] = [
  segment("SYN", "client", SYN, 0, 0),
  segment("SYN+ACK", "server", SYN | ACK, 0, 1),
  segment("ACK", "client", ACK, 1, 1),
  segment("request", "client", PSH | ACK, 1, 1, REQUEST),
  segment("response", "server", PSH | ACK, 1, request, RESPONSE),
  segment("FIN from the server", "server", FIN | ACK, response, request),
  segment("FIN from the client", "client", FIN | ACK, request, response + 1),
  segment("last ACK", "server", ACK, response + 1, request + 1),
];

function datagram(name: string, from: Step["from"], payload: string): Step {
  return {
    name,
    from,
    build: part =>
      packet(part, { kind: "udp", sourcePort: part.sourcePort, destinationPort: part.destinationPort, payload: text(payload) }),
  };
}

const UDP_SCRIPT: readonly Step[] = [
  datagram("query", "client", "query"),
  datagram("answer", "server", "answer"),
  datagram("query again", "client", "query"),
];

/** The id is the client's port, which NAT may have changed on the way. */
function echo(name: string, from: Step["from"]): Step {
  return {
    name,
    from,
    build(part) {
      const id = from === "client" ? part.sourcePort : part.destinationPort;
      const [request, reply] = part.family === 4 ? [8, 0] : [128, 129];
      const transport = {
        kind: part.family === 4 ? "icmp" : "icmpv6",
        type: from === "client" ? request : reply,
        code: 0,
        id,
        sequence: 1,
        payload: text("ping"),
      } as const;
      return packet(part, transport);
    },
  };
}

const ICMP_SCRIPT: readonly Step[] = [echo("echo request", "client"), echo("echo reply", "server")];
